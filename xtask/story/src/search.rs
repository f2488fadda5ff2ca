//! What is asked of a search, and what it found.

use serde::{Deserialize, Serialize};

use crate::Story;

/// A search through the executions of one program. What is not said is as the model has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Up to so many deviations in one execution.
    pub budget: Option<u8>,
    /// At most so many executions; then the search is cut.
    pub executions: Option<u64>,
    /// At most so many operations in one execution.
    pub steps: Option<u32>,
    /// Whether there is a last phase in which it is free to choose who runs on at a block.
    pub free_choice: Option<bool>,
    /// Not a search, but this one execution.
    pub replay: Option<String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The verdict.
    pub outcome: Outcome,
    /// How many executions that took.
    pub executions: u64,
    /// How many operations they had, all together.
    pub steps: u64,
    /// The largest budget that was searched to its end.
    pub completed: Option<u8>,
    /// Whether every execution was looked at, and a larger budget would find nothing more.
    pub exhaustive: bool,
    /// The most threads in one execution.
    pub threads: usize,
    /// The most that all threads did together in one execution.
    pub most: Counts,
    /// The most that a waiting thread did in a thousand turns in which nothing changed, if there was
    /// one that would have turned as long.
    pub waiting: Option<Counts>,
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing fails, as far as was asked.
    Complete,
    /// Nothing has failed so far, and the search is not at its end.
    Cut,
    /// This execution fails.
    Failed(Box<Story>),
    /// The execution that was asked for by name came to its end, and nothing was wrong in it.
    Passed(Box<Story>),
    /// Nothing can be said, and why: the program makes different choices when it is repeated, or is
    /// too large, or the machine lacks something.
    NotJudged(String),
}

/// How often something was done that costs something on a real machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Atomic read-modify-writes.
    pub updates: u64,
    /// Calls of `std::hint::spin_loop`.
    pub spin_hints: u64,
    /// Calls of `std::thread::yield_now`.
    pub yields: u64,
    /// Calls of the futex.
    pub futex_calls: u64,
}
