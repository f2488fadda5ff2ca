//! One execution, moment by moment.

use serde::{Deserialize, Serialize};

use crate::Text;

/// An execution of a program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// The program, by the name that the lab gave it: `exclusion`.
    pub program: String,
    /// What is wrong, as one word of the model's: `race`, `deadlock`, `spins_for_ever`, `panic`,
    /// `use_after_free`, `no_end`; `None` while nothing is.
    pub kind: Option<String>,
    /// What is wrong, in a sentence or two, a line each.
    pub title: Option<Text>,
    /// The message of the panic, if that is what is wrong.
    #[serde(default)]
    pub message: Option<String>,
    /// The whole story as a page of text, at most 100 columns wide.
    pub page: Option<Text>,
    /// Names the execution: `2:17.1,40.2.1`.
    pub replay: String,
    /// The threads, T0 first.
    pub threads: Vec<Thread>,
    /// What they share: atomics, locks, payloads.
    pub things: Vec<Thing>,
    /// What happened, in order.
    pub moments: Vec<Moment>,
    /// The moments that the title speaks of: two accesses that race, the last steps of those who
    /// wait.
    pub guilty: Vec<usize>,
}

/// A thread of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// `T1`, or the name that it was given.
    pub name: String,
    /// What it waits for at the end; `None` if it has finished.
    pub ending: Option<Text>,
}

/// Something that threads share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Its name in the source: `state`.
    pub name: String,
    /// Its first value; `None` if it is no atomic, and so has no history.
    pub initial: Option<String>,
}

/// A line of the code under test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The path as the compiler was given it, below the lab: `src/spinlock.rs`.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// One thing that one thread did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Who: an index into [`Story::threads`].
    pub thread: usize,
    /// Where.
    pub place: Option<Place>,
    /// That line, trimmed.
    pub source: Option<String>,
    /// What, in a few words: `state.swap(Acquire): 0 -> 1`.
    pub words: Text,
    /// What it did it to: an index into [`Story::things`].
    pub thing: Option<usize>,
    /// The value that it wrote: one more message in the history of the thing.
    pub writes: Option<String>,
    /// Which message of the thing's history it read: 0 is the initial value.
    pub reads: Option<usize>,
    /// Whether what it read was not the newest.
    pub old: bool,
    /// How this departs from what a quiet machine would do: preempted, an old value, woken for no
    /// reason.
    pub deviation: Option<Text>,
    /// Threads that it wakes.
    pub wakes: Vec<usize>,
    /// What the thread knows afterwards: for each thing that has a history, the index of the newest
    /// message that it may not go back behind. Shorter than [`Story::things`] where the rest is 0.
    pub view: Vec<usize>,
}
