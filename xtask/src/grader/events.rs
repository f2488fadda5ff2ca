//! The wall between grader and reports: everything that the grader finds out leaves it as an
//! [`Event`], in the order of the list below. Reports are folds over these events and run nothing;
//! the grader prints nothing.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use arena::Isolation;
use checks::{Place, Record, Text, Verdict};
use probe::Timeline;
use serde::Serialize;

/// Where the graded files come from. Paths are as a user of the checkout would write them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Origin {
    /// The student's own files, in the lab's folder.
    WorkingCopy { folder: String },
    /// The solution that comes with the course.
    Reference { folder: String },
    /// A folder with all files of the lab.
    Folder { path: String },
    /// The reference, changed by a patch.
    Patch { path: String },
    /// One file; the others are those of the working copy.
    SingleFile { path: String, others: String },
}

impl Origin {
    /// What was named, or stands for it: a folder or a file.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::WorkingCopy { folder } | Self::Reference { folder } => folder,
            Self::Folder { path } | Self::Patch { path } | Self::SingleFile { path, .. } => path,
        }
    }
}

/// What a report must know of a lab before anything has been run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LabSummary {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) title: Text,
    pub(crate) hours: u32,
    /// The lab's version: that of its package.
    pub(crate) version: String,
    /// SHA-256, in hexadecimal, of the manifest and of everything that its checks are built from.
    pub(crate) checks_hash: String,
    /// Relative to the repository: `labs/12-mmap/README.md`.
    pub(crate) handout: String,
    pub(crate) checks: Vec<CheckSummary>,
}

/// What a report must know of a check before it has been run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct CheckSummary {
    pub(crate) name: String,
    pub(crate) title: Text,
    pub(crate) kind: String,
    pub(crate) points: u32,
    pub(crate) requires: Vec<String>,
    /// How many hints there are.
    pub(crate) hints: usize,
}

/// A construct that no submission of this lab may contain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) place: Place,
    /// What stands there: "`asm!`".
    pub(crate) what: String,
    /// Why not, and what to do instead.
    pub(crate) reason: Text,
}

/// How the build of the submission ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Built {
    /// It compiles.
    Ok {
        /// The build of the student's driver.
        seconds: f64,
        /// True if the checks had to be built too, or once more.
        checks_built: bool,
    },
    /// It does not compile: the compiler's own words, paths as the student knows them, colours
    /// removed.
    DoesNotCompile {
        /// The diagnostics, one rendered message each.
        messages: Vec<String>,
        /// How many errors there are.
        errors: usize,
        /// What is to be said beside the compiler's own words.
        note: Option<Text>,
    },
    /// The compiler ran into a limit with it: nobody knows whether it compiles.
    CompilerStopped { reason: Text },
}

/// How the demo on the submitted code ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Demo {
    /// What it printed (at most 64 KiB), control characters made visible.
    pub(crate) printed: String,
    /// How it ended.
    pub(crate) verdict: Verdict,
    /// Why it did not end well, if it did not.
    pub(crate) headline: Option<Text>,
    /// The `todo!()` that stopped it.
    pub(crate) not_written: Option<Place>,
}

/// The system calls of the demo.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Traced {
    Seen { timeline: Timeline },
    Cannot { why: Text },
}

/// A function that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Todo {
    /// `Map::range`, or the place if the function could not be told.
    pub(crate) function: String,
    pub(crate) place: Place,
    /// The checks that stopped there.
    pub(crate) checks: Vec<String>,
    /// Their points together.
    pub(crate) points: u32,
}

/// What becomes of a score if some checks could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ungraded {
    /// It is of the gradable points, and says so: for somebody's own work.
    Tell,
    /// There is none.
    Refuse,
    /// What was earned is scaled up to the possible points.
    Scale,
    /// The points that could not be graded stay open, and the score is provisional.
    Withhold,
}

/// What the points come to under the policy for what could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Grade {
    /// `earned` of `gradable`; mostly, that is all there is.
    OfGradable,
    /// So many of `possible`.
    Scaled { points: u32 },
    /// `earned` for now, of `possible`.
    Provisional,
    /// No score at all.
    Refused,
}

/// What the checks earned.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Score {
    pub(crate) earned: u32,
    /// The points of all checks that could be judged here.
    pub(crate) gradable: u32,
    /// The points of all checks that were asked for.
    pub(crate) possible: u32,
    /// Checks that passed by themselves but earn nothing, since a check that they require did not.
    pub(crate) withheld: Vec<String>,
    /// Checks whose points could not be graded here.
    pub(crate) open: Vec<String>,
    pub(crate) ungraded: Ungraded,
    pub(crate) grade: Grade,
    pub(crate) todos: Vec<Todo>,
    /// How long all checks took together; nothing if none was run.
    pub(crate) wall: Duration,
    /// The best score so far, this one included; only for the student's own working copy.
    pub(crate) best: Option<u32>,
}

impl Score {
    /// The points that could not be graded.
    pub(crate) fn open(&self) -> u32 {
        self.possible - self.gradable
    }
}

/// One thing that the grader found out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// Grading begins.
    Started {
        lab: Box<LabSummary>,
        origin: Origin,
        seed: u64,
        isolation: Isolation,
    },
    /// Files that hold something forbidden: nothing is built.
    Refused { findings: Vec<Finding> },
    /// The compiler is at work.
    Building,
    /// The compiler has ended.
    Built(Built),
    /// The demo is running.
    Demoing,
    /// The demo has ended.
    Demo(Demo),
    /// The demo has been run once more, and its system calls noted. `sources` are the submitted files,
    /// by their paths, so that lines can be quoted.
    Traced {
        traced: Traced,
        sources: BTreeMap<String, String>,
    },
    /// A check has been started.
    CheckStarted { name: String },
    /// A check has ended.
    CheckFinished {
        name: String,
        record: Box<Record>,
        wall: Duration,
    },
    /// The end.
    Scored(Score),
    /// The grader itself could not go on: the student is not to blame.
    GraderFailed { what: String, log: Option<PathBuf> },
}
