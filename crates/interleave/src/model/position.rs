//! An execution that stops at a choice, for whoever wants to make it: the search as a game.
//!
//! A position is named by what was chosen so far. To go on is to choose once more and carry the
//! execution out from its beginning; to undo is a shorter script.

use super::story::{Place, Story, Words};

/// Which execution is to be carried out, and where it stops.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What was chosen so far where it was not the first option, in order.
    pub picks: Vec<Pick>,
    /// The last choice that was decided, by its place. The next one behind it that is asked for is where
    /// the execution stops. `None`: it stops at the first one.
    pub after: Option<(u32, u8)>,
    /// Whether all questions are asked. If not, only who goes next, and whom a notification wakes; all
    /// else is as on a quiet machine.
    pub everything: bool,
}

/// A choice that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The operation, counted from the beginning.
    pub step: u32,
    /// Which of the questions at that operation.
    pub ordinal: u8,
    /// Which of its options.
    pub pick: u8,
}

/// Where an execution stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// What happened so far. Its `kind` says if that is wrong; its `replay` names the execution up to
    /// here, and beyond as a quiet machine would go on.
    pub story: Story,
    /// Where each thread stands.
    pub threads: Vec<Standing>,
    /// What is to be chosen; `None` if the execution is over.
    pub choice: Option<Choice>,
}

/// Where a thread stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it can go on.
    pub ready: bool,
    /// What it does: could go on, spins, waits for something, has finished.
    pub state: Words,
    /// The operation that it is in front of, or in which it waits.
    pub place: Option<Place>,
    /// That line, trimmed, if its file could be read.
    pub source: Option<String>,
}

/// A choice, and what can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its place: what [`Script::after`] becomes once it is decided.
    pub at: (u32, u8),
    /// What is asked.
    pub question: Words,
    /// The options; the first is what a quiet machine would do.
    pub options: Vec<Choosable>,
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    /// What it is.
    pub words: Words,
    /// The thread that it is about.
    pub thread: Option<usize>,
}

impl Script {
    /// The script after one more choice.
    pub fn and(&self, choice: &Choice, pick: u8) -> Self {
        let (step, ordinal) = choice.at;
        let mut picks = self.picks.clone();
        if pick > 0 {
            picks.push(Pick {
                step,
                ordinal,
                pick,
            });
        }
        Script {
            picks,
            after: Some(choice.at),
            everything: self.everything,
        }
    }
}
