//! An execution that stops because somebody else is to choose.
//!
//! From then on nothing takes effect: whatever asked must not go on as if there were an answer.

use super::{End, Engine};
use crate::search::path::Question;

/// What is to be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    /// Whose operation it is about.
    pub(crate) thread: usize,
    pub(crate) options: usize,
    pub(crate) offers: Offers,
}

/// What the options are.
#[derive(Clone, Debug, Default)]
pub(crate) enum Offers {
    /// No, or yes.
    #[default]
    Whether,
    /// These threads.
    Threads(Vec<usize>),
    /// No timer, or that of one of these threads.
    Timers(Vec<usize>),
    /// These values of a location, the newest first.
    Values { location: usize, values: Vec<u64> },
}

impl Engine {
    pub(super) fn ask(&mut self, question: Question, options: usize) {
        self.asked = Some(Asked {
            question,
            thread: self.current,
            options,
            offers: Offers::default(),
        });
        self.finish(End::Asked);
    }

    /// Whether the execution has stopped for somebody to choose.
    pub(super) fn is_asked(&self) -> bool {
        matches!(self.end, Some(End::Asked))
    }

    /// Says what the options of the question are that has just been asked, if it was.
    #[cold]
    pub(super) fn offer(&mut self, offers: Offers) {
        if let Some(asked) = &mut self.asked {
            asked.offers = offers;
        }
    }
}
