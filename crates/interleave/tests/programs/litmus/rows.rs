//! The table of litmus tests.

use super::axioms::Need;

/// One litmus test and its two sets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The family, as the literature calls it.
    pub family: &'static str,
    /// Which orderings.
    pub name: &'static str,
    /// The program.
    pub text: &'static str,
    /// Every result that C11 allows.
    pub allowed: &'static str,
    /// Those of them that the checker does not produce.
    pub missed: &'static [Missed],
}

/// An allowed result that the checker does not produce.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Missed(pub &'static str, pub Why);

/// Why a result is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// A load would read from a store that has not been executed yet.
    LoadBuffering,
    /// A store would come, in its location's order, before one that was executed earlier.
    WriteOrder,
    /// `SeqCst` operations publish more here than the axioms demand.
    StrongSeqCst,
}

impl Why {
    /// The reason that fits what the axioms say the result needs.
    pub(crate) fn of(need: Need) -> Why {
        match need {
            Need::LoadBuffering => Why::LoadBuffering,
            Need::WriteOrder => Why::WriteOrder,
            Need::Nothing => Why::StrongSeqCst,
        }
    }
}

macro_rules! rows {
    ($family:literal; $($name:literal, $text:literal, [$allowed:literal], [$($why:ident $missed:literal),*];)*) => {
        /// The rows of this family.
        pub(crate) const ROWS: &[$crate::programs::litmus::rows::Row] = &[$($crate::programs::litmus::rows::Row {
            family: $family,
            name: $name,
            text: $text,
            allowed: $allowed,
            missed: &[$($crate::programs::litmus::rows::Missed($missed, $crate::programs::litmus::rows::Why::$why)),*],
        }),*];
    };
}

mod coherence;
mod iriw;
mod isa2;
mod lb;
mod mixed;
mod mp;
mod r;
mod release_sequence;
mod rmw;
mod s;
mod sb;
mod two_plus_two_w;
mod wrc;

/// Every row.
pub(crate) fn all() -> impl Iterator<Item = &'static Row> {
    [
        sb::ROWS,
        mp::ROWS,
        lb::ROWS,
        iriw::ROWS,
        coherence::ROWS,
        wrc::ROWS,
        isa2::ROWS,
        two_plus_two_w::ROWS,
        r::ROWS,
        s::ROWS,
        release_sequence::ROWS,
        rmw::ROWS,
        mixed::ROWS,
    ]
    .into_iter()
    .flatten()
}
