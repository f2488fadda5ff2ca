//! One execution as plain data: who did what, what that read and wrote, and what everybody knew. The
//! page of a counterexample is written from it; others may draw it as they like.

use super::Kind;
use super::words::Language;

/// An execution, moment by moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// What is wrong; `None` while nothing is.
    pub kind: Option<Kind>,
    /// What is wrong, in a sentence or two, a line each.
    pub title: Option<Words>,
    /// The message of the panic, if that is what is wrong.
    pub message: Option<String>,
    /// The whole story as a page of text, at most 100 columns wide.
    pub page: Words,
    /// Names the execution: see [`Model::replay`](super::Model::replay).
    pub replay: String,
    /// The threads, T0 first.
    pub threads: Vec<Thread>,
    /// What they share: atomics, locks, payloads.
    pub things: Vec<Thing>,
    /// What happened, in order: at most the first 600 moments.
    pub moments: Vec<Moment>,
    /// The moments that the title speaks of: two accesses that race, the last steps of those who wait.
    pub guilty: Vec<usize>,
}

/// The same in two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub english: String,
    /// 简体中文。
    pub chinese: String,
}

impl Words {
    /// The one or the other.
    pub fn pick(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

/// A thread of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// `T1`, or the name that it was given.
    pub name: String,
    /// What it waits for at the end; `None` if it has finished.
    pub ending: Option<Words>,
}

/// Something that threads share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// Its name in the source: `state`.
    pub name: String,
    /// Its first value; `None` if it is no atomic, and so has no history.
    pub initial: Option<String>,
}

/// A line of the program or of the code under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path as the compiler was given it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// One thing that one thread did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Who: an index into [`Story::threads`].
    pub thread: usize,
    /// Where.
    pub place: Option<Place>,
    /// That line, trimmed, if its file could be read.
    pub source: Option<String>,
    /// What, in a few words: `state.swap(Acquire): 0 -> 1`.
    pub words: Words,
    /// What it did it to: an index into [`Story::things`].
    pub thing: Option<usize>,
    /// The value that it wrote: one more in the history of the thing.
    pub writes: Option<String>,
    /// Which value of the thing's history it read: 0 is the initial one.
    pub reads: Option<usize>,
    /// Whether what it read was not the newest.
    pub old: bool,
    /// How this departs from what a quiet machine would do.
    pub deviation: Option<Words>,
    /// Threads that go on because of it.
    pub wakes: Vec<usize>,
    /// What the thread knows afterwards: for each thing the oldest value of its history that it may
    /// still read. Shorter than [`Story::things`] where the rest is 0.
    pub view: Vec<usize>,
}
