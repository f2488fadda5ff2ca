//! An execution that has come to a choice: what whoever plays the scheduler sees.

use serde::{Deserialize, Serialize};

use crate::{Place, Story, Text};

/// Which execution is to be carried out, and where it stops.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// What was chosen so far where it was not the first option, in order.
    pub picks: Vec<Pick>,
    /// The last choice that was decided, by its place; the next one behind it that is asked for is
    /// where the execution stops. `None`: it stops at the first one.
    pub after: Option<(u32, u8)>,
    /// What the player wants to be asked; all else is as on a quiet machine.
    pub ask: Ask,
}

/// A choice that was made: the operation, counted from the beginning, the question at that
/// operation, and which of its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// The operation.
    pub step: u32,
    /// The question.
    pub ordinal: u8,
    /// The option.
    pub pick: u8,
}

/// Which questions a player wants to be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Who runs on, and whom a notification wakes.
    #[default]
    Threads,
    /// Those, and which value a load reads, wake-ups for no reason, timers, deaths.
    Everything,
}

/// The board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// What happened so far; its [`Story::kind`] says if that is wrong, and its [`Story::replay`]
    /// names the execution up to here.
    pub story: Story,
    /// Where each thread stands.
    pub threads: Vec<Standing>,
    /// What is to be chosen; `None` if the execution is over.
    pub choice: Option<Choice>,
    /// Why there is no story: the code is not deterministic, too large, or a pick does not fit.
    pub trouble: Option<String>,
}

/// Where a thread stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether it could go on.
    pub ready: bool,
    /// What it does: goes on, spins, waits for something, has finished.
    pub state: Text,
    /// The operation that it is in front of.
    pub place: Option<Place>,
    /// That line, trimmed.
    pub source: Option<String>,
}

/// A choice, and what can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its place in the execution: what [`Script::after`] becomes once it is decided.
    pub at: (u32, u8),
    /// What is asked.
    pub question: Text,
    /// The options; the first is what a quiet machine would do.
    pub options: Vec<Choosable>,
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choosable {
    /// What it is: T1 goes on.
    pub words: Text,
    /// The thread that would move, if it is about one.
    pub thread: Option<usize>,
}
