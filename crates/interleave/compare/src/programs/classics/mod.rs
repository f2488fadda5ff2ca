//! The classics that take part.

use super::program::Program;

#[path = "../../../../tests/programs/classics/anderson.rs"]
mod anderson;
#[path = "../../../../tests/programs/classics/bakery.rs"]
mod bakery;
#[path = "../../../../tests/programs/classics/barriers.rs"]
mod barriers;
#[path = "../../../../tests/programs/classics/clh.rs"]
mod clh;
#[path = "../../../../tests/programs/classics/dekker.rs"]
mod dekker;
#[path = "../../../../tests/programs/classics/filter.rs"]
mod filter;
#[path = "../../../../tests/programs/classics/mcs.rs"]
mod mcs;
#[path = "../../../../tests/programs/classics/ms_queue.rs"]
mod ms_queue;
#[path = "../../../../tests/programs/classics/peterson.rs"]
mod peterson;
#[path = "../../../../tests/programs/classics/pointer_swap.rs"]
mod pointer_swap;
#[path = "../../../../tests/programs/classics/seqlock.rs"]
mod seqlock;
#[path = "../../../../tests/programs/classics/spsc.rs"]
mod spsc;
#[path = "../../../../tests/programs/classics/tas.rs"]
mod tas;
#[path = "../../../../tests/programs/classics/ticket.rs"]
mod ticket;
#[path = "../../../../tests/programs/classics/treiber.rs"]
mod treiber;
#[path = "../../../../tests/programs/classics/ttas.rs"]
mod ttas;

/// Every program, with its family's name.
pub(crate) fn all() -> Vec<Program> {
    let families = [
        ("tas", tas::programs()),
        ("ttas", ttas::programs()),
        ("ticket", ticket::programs()),
        ("mcs", mcs::programs()),
        ("clh", clh::programs()),
        ("anderson", anderson::programs()),
        ("peterson", peterson::programs()),
        ("dekker", dekker::programs()),
        ("filter", filter::programs()),
        ("bakery", bakery::programs()),
        ("seqlock", seqlock::programs()),
        ("spsc", spsc::programs()),
        ("treiber", treiber::programs()),
        ("ms_queue", ms_queue::programs()),
        ("pointer_swap", pointer_swap::programs()),
        ("sense_barrier", barriers::sense_reversing()),
        ("tree_barrier", barriers::trees()),
        ("dissemination_barrier", barriers::disseminations()),
    ];
    let named = |(family, programs): (&'static str, Vec<Program>)| {
        programs
            .into_iter()
            .map(move |program| Program { family, ..program })
    };
    families.into_iter().flat_map(named).collect()
}
