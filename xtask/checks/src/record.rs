//! What a check says when it has ended: the *completion record*. The check's process writes exactly
//! one, as its last act; the grader reads it. Nothing here judges or formats.

use std::collections::BTreeMap;

use probe::View;
use serde::{Deserialize, Serialize};
use story::Story;

use crate::Text;

/// The closed set of verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The submission did all that the check asks.
    Passed,
    /// The submission answered, and the answer is wrong (or it is not written yet).
    Failed,
    /// The submission was still running when the deadline came.
    TimedOut,
    /// Every task sleeps in a call that nobody is left to end.
    Deadlocked,
    /// A signal ended the submission (SIGSEGV, SIGBUS, SIGABRT…).
    Crashed,
    /// The submission ended before it had answered, by an exit of its own.
    ExitedEarly,
    /// The answers are right, but something was left behind.
    Leaked,
    /// Could not be judged here; never a pass and never a fail.
    NotGraded,
    /// The grader itself failed; never the student's fault.
    GraderError,
}

/// A line of the student's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The path as the lab's manifest lists it (`src/counter.rs`).
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A completion record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The verdict.
    pub verdict: Verdict,
    /// The one-line reason of whatever is not a pass: "an update is lost".
    pub headline: Option<Text>,
    /// What happened, in full sentences, a paragraph each.
    pub detail: Vec<Text>,
    /// The steps of two processes that show it.
    pub interleaving: Option<Interleaving>,
    /// The execution of threads under the model that shows it.
    #[serde(default)]
    pub story: Option<Story>,
    /// Whether the verdict rests on the word of a process that holds the student's code: the model's.
    #[serde(default)]
    pub in_process: bool,
    /// The system calls that show it, the one at fault marked.
    pub timeline: Option<View>,
    /// The student's line to look at: the call at fault, or the wait that never ends.
    pub place: Option<Place>,
    /// The `todo!()` that was reached, if that is the reason.
    pub not_written: Option<Place>,
    /// The last of what the student's processes printed, control characters made visible.
    pub printed: Option<String>,
    /// What the check did, worth saying of a pass as well: "compared 400 random ranges".
    pub work: Vec<Text>,
    /// Figures of the check: steps, rounds, microseconds.
    pub measured: BTreeMap<String, u64>,
}

/// The steps of several processes, in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interleaving {
    /// The column heads: "process A", "process B".
    pub tasks: Vec<Text>,
    /// The head of the last column: what is watched ("in the file").
    pub watched: Text,
    /// The rows, from first to last.
    pub rows: Vec<Row>,
    /// What follows from them.
    pub conclusion: Text,
    /// What `--replay` takes to make exactly this run again.
    pub replay: String,
}

/// A row of an [`Interleaving`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// One process did something that others can notice.
    Step(Step),
    /// A remark across all columns: "A is stopped here, B runs a whole add(1)".
    Note(Text),
}

/// One thing that one process did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The column: 0 is A.
    pub task: usize,
    /// The student's line, if the instruction could be traced to one.
    pub place: Option<Place>,
    /// That line, trimmed.
    pub source: Option<String>,
    /// The machine's instruction: `lock xadd [rcx],rax`.
    #[serde(default)]
    pub instruction: Option<String>,
    /// What it did there: "reads 0", "writes 1", "sleeps in futex".
    pub action: Text,
    /// What the watched place holds afterwards.
    pub value: Option<String>,
    /// The row to look at.
    pub marked: bool,
}

impl Record {
    /// A record without any detail yet.
    pub fn new(verdict: Verdict) -> Self {
        Self {
            verdict,
            headline: None,
            detail: Vec::new(),
            interleaving: None,
            story: None,
            in_process: false,
            timeline: None,
            place: None,
            not_written: None,
            printed: None,
            work: Vec::new(),
            measured: BTreeMap::new(),
        }
    }
}
