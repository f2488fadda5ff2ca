//! Reports: folds over the grader's [events](crate::grader::events::Event). A report shows what was
//! found out and runs nothing; whatever it says of a submission, an event has said before.

pub(crate) mod board;
mod interleaving;
pub(crate) mod json;
mod lang;
pub(crate) mod page;
pub(crate) mod paper;
mod progress;
mod run;
mod steps;
pub(crate) mod story;
pub(crate) mod terminal;
pub(crate) mod trace;
mod visible;
pub(crate) mod width;
pub(crate) mod words;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod snapshot_tests;
#[cfg(test)]
pub(crate) mod stories;

pub(crate) use lang::Lang;
pub(crate) use steps::{broken, list};

use crate::grader::events::Event;

/// Something that listens to a grading and shows it.
pub(crate) trait Report {
    /// Takes in the next event.
    fn event(&mut self, event: &Event) -> std::io::Result<()>;

    /// Writes what is still to be written. Called once, after the last event, however the grading
    /// ended: a report of an interrupted one says so, and one of which no event came says nothing.
    fn finish(&mut self) -> std::io::Result<()>;
}
