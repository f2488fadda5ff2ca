//! What is wrong with the code under test, as the engine knows it.

use std::panic::Location as Place;

use crate::model::kind::Kind;
use crate::race::Access;

/// What is wrong with the code under test.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) thread: usize,
    pub(crate) about: About,
    /// What a race is about.
    pub(crate) subject: Option<Subject>,
}

/// What two threads race for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Data(usize),
    /// An atomic variable: one of them is its making.
    Location(usize),
}

/// What a failure's sentence is made of.
#[derive(Clone, Debug)]
pub(crate) enum About {
    /// The message of a panic, and where it began.
    Panic {
        message: String,
        place: Option<(String, u32)>,
        /// So long was the trace when it began.
        trace_length: usize,
    },
    /// The later access and the earlier one.
    Race {
        now: Access,
        before: Access,
    },
    /// A place.
    Place(Option<&'static Place<'static>>),
    Steps(u32),
}
