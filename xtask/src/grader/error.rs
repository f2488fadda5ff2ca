//! What can keep the grader from giving a score, and who has to act on it. It judges no
//! submission: what the student got wrong is a verdict, never an error.

use std::{io, path::PathBuf};

use arena::Level;

use super::{manifest::ManifestError, repository::RepositoryError, submission::SubmissionError};

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blame {
    /// Wrong usage, or a manifest that says something impossible.
    User,
    /// The grader itself, or the machine that it runs on.
    Grader,
    /// Somebody pressed Ctrl-C.
    Interrupted,
}

/// A request that cannot be met as it was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Mistake {
    #[error("lab {lab} has no check `{name}`. It has {}", all.join(", "))]
    UnknownCheck {
        lab: String,
        name: String,
        all: Vec<String>,
    },
    #[error(
        "no answer's name holds `{only}`: they are called starter, reference, wrong/... and right/..."
    )]
    NoSuchAnswer { only: String },
    #[error("no attack's name holds `{only}`: docs/threats.md lists them all")]
    NoSuchAttack { only: String },
    #[error("there is no {path} here: only a whole checkout of the course holds the hostile suite")]
    NoHostileSuite { path: String },
    #[error("--replay {program}@... is an execution of the check {check}: leave --check out")]
    ReplayOfOther { program: String, check: String },
    #[error(
        "lab {lab} has no program `{name}` for the model. It has {}",
        listed(all)
    )]
    UnknownProgram {
        lab: String,
        name: String,
        all: Vec<String>,
    },
    #[error("lab {lab} has no questions on paper: its checks name none")]
    NoDrill { lab: String },
    #[error("lab {lab} is not judged by the model: there is nothing to schedule in it")]
    NoModel { lab: String },
    #[error("--replay makes one run of one check again: name it with --check")]
    ReplayOfMany,
    #[error(
        "only one --format can go to standard output: give the others a file, \
         such as --format json=result.json"
    )]
    TwoOnStandardOutput,
    #[error("{path} cannot be written")]
    Unwritable { path: String, source: io::Error },
    #[error("{manifest} says that it is lab {says}, but its folder is {folder}")]
    OtherFolder {
        manifest: String,
        says: String,
        folder: String,
    },
    #[error(
        "git does not give the starter back: {reason}. It is kept in git's history, so `reset` \
         needs a clone of the course, not a mere copy of its files"
    )]
    NoStarter { reason: String },
    #[error(
        "this machine has no isolation `{}`: {reason}. `cargo xtask doctor` says what is missing",
        level.name()
    )]
    NoSuchIsolation { level: Level, reason: String },
    #[error(
        "this machine cannot keep a stranger's code from its files and processes ({reason}). \
         `cargo xtask doctor` says what is missing; if you trust this code, add --isolation none"
    )]
    NotContained { reason: String },
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    }
}

/// Why there is no score.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Submission(#[from] SubmissionError),
    #[error(transparent)]
    Mistake(#[from] Mistake),
    /// Cargo cannot read the manifest of the lab's package.
    #[error(
        "{path} cannot be read by cargo:\n{reason}\n\
         It belongs to the grader: get it back with `git checkout -- {path}`"
    )]
    BrokenPackage { path: String, reason: String },
    /// Cargo failed for a reason that is not in the submission.
    #[error("cargo failed ({reason}); its own words are in {}", log.display())]
    Cargo { reason: String, log: PathBuf },
    #[error("{what}")]
    Io { what: String, source: io::Error },
    #[error("the arena failed")]
    Arena(#[from] arena::Error),
    /// Something that the grader relies on did not hold.
    #[error("{0}")]
    Broken(String),
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// For `map_err`: an input or output error, with what was being done to which path.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    pub(crate) fn blame(&self) -> Blame {
        match self {
            Self::Repository(_)
            | Self::Manifest(_)
            | Self::Submission(_)
            | Self::Mistake(_)
            | Self::BrokenPackage { .. } => Blame::User,
            Self::Cargo { .. } | Self::Io { .. } | Self::Arena(_) | Self::Broken(_) => {
                Blame::Grader
            }
            Self::Interrupted => Blame::Interrupted,
        }
    }

    /// The file to look at, if one was kept.
    pub(crate) fn log(&self) -> Option<&PathBuf> {
        match self {
            Self::Cargo { log, .. } => Some(log),
            _ => None,
        }
    }
}

/// An error with all that caused it, in one line.
pub(crate) fn story(error: &dyn std::error::Error) -> String {
    let mut story = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        story = format!("{story}: {error}");
        cause = error.source();
    }
    story
}
