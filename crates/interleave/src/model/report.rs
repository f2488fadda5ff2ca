//! What a check says.

use std::fmt;

use super::counterexample::Counterexample;
use super::story::Story;
use crate::threads::Counts;

/// The result of a check.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// What was found.
    pub verdict: Verdict,
    /// How many executions that took.
    pub executions: u64,
    /// How many of them were abandoned because what would have followed was known.
    pub pruned: u64,
    /// How many operations they had, all together.
    pub steps: u64,
    /// How many different states the last phase of the search met.
    pub states: usize,
    /// The largest budget that was searched to its end.
    pub completed: Option<u8>,
    /// Whether even a larger budget would find nothing more: every execution was looked at.
    pub exhaustive: bool,
    /// What came of the last phase, in which it is free to choose who runs on when a thread blocks.
    pub free_choice: FreeChoice,
    /// The most threads in one execution.
    pub threads: usize,
    /// The most that all threads did together in one execution.
    pub most: Counts,
    /// The most that a waiting thread did in a thousand turns in which nothing changed, if there was
    /// one that would have turned as long.
    pub waiting: Option<Counts>,
}

/// What came of the phase in which choosing is free at a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeChoice {
    /// It was not necessary, or not asked for.
    NotTried,
    /// More than three threads: their orders are too many.
    TooManyThreads,
    /// It ended, and found nothing.
    Complete,
    /// It was cut.
    Cut,
}

/// What a check found.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// No execution with at most so many deviations fails.
    Complete {
        /// So many.
        budget: u8,
    },
    /// None has failed so far, and the search is not at its end.
    Cut {
        /// So many were tried.
        executions: u64,
    },
    /// The code under test is wrong: this shows it.
    Failed(Box<Counterexample>),
    /// The execution that was to be [replayed](super::Model::replay) came to its end, and nothing is
    /// wrong in it. Of others, nothing is said.
    Replayed(Box<Story>),
    /// The same choices led to different executions: nothing can be said.
    NotDeterministic(String),
    /// The program is too large for the model, or the machine lacks something: nothing can be said.
    NotJudged(String),
}

impl Report {
    /// Whether the search came to its end, and found nothing.
    pub fn passed(&self) -> bool {
        matches!(self.verdict, Verdict::Complete { .. })
    }

    /// What is wrong, if that was found.
    pub fn counterexample(&self) -> Option<&Counterexample> {
        match &self.verdict {
            Verdict::Failed(counterexample) => Some(counterexample),
            _ => None,
        }
    }

    /// Ends a test: nothing happens if the check passed.
    ///
    /// # Panics
    ///
    /// If it did not; the message shows why.
    #[track_caller]
    pub fn unwrap(self) {
        assert!(self.passed(), "{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let executions = self.executions;
        match &self.verdict {
            Verdict::Complete { .. } if self.exhaustive => {
                write!(f, "complete: all executions, {executions} tried")
            }
            Verdict::Complete { budget } => {
                write!(f, "complete to budget {budget}, {executions} executions")?;
                match self.free_choice {
                    FreeChoice::Cut => write!(f, "; free choice at blocks was cut"),
                    FreeChoice::Complete => write!(f, "; with free choice at blocks"),
                    FreeChoice::NotTried | FreeChoice::TooManyThreads => Ok(()),
                }
            }
            Verdict::Cut { executions } => match self.completed {
                Some(budget) => {
                    write!(
                        f,
                        "cut after {executions} executions, complete to budget {budget}"
                    )
                }
                None => write!(f, "cut after {executions} executions"),
            },
            Verdict::Failed(counterexample) => {
                write!(f, "{counterexample}")
            }
            Verdict::Replayed(story) => {
                write!(
                    f,
                    "nothing is wrong in this execution:\n\n{}",
                    story.page.english
                )
            }
            Verdict::NotDeterministic(why) => write!(f, "not graded, not deterministic: {why}"),
            Verdict::NotJudged(why) => write!(f, "not graded: {why}"),
        }
    }
}
