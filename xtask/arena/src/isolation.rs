//! How far a submission is kept from the machine: levels, and what this machine can do of them.

use std::{path::PathBuf, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::protocol::Limits;

/// How far a submission is kept from the machine, from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Limits and a deadline only.
    None,
    /// Landlock, system call filters and limits: the machine's own files and names, most of them out
    /// of reach.
    Landlock,
    /// A machine of its own to look at: user, process, mount, IPC, network and host name
    /// namespaces, system call filters and limits.
    Namespaces,
}

impl Level {
    /// All of them, the strongest first.
    pub const ALL: [Self; 3] = [Self::Namespaces, Self::Landlock, Self::None];

    /// `namespaces`, `landlock`, `none`: as in results and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Landlock => "landlock",
            Self::Namespaces => "namespaces",
        }
    }
}

/// There is no level of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of namespaces, landlock, none")]
pub struct NoSuchLevel;

impl FromStr for Level {
    type Err = NoSuchLevel;

    fn from_str(name: &str) -> Result<Self, NoSuchLevel> {
        let named = Self::ALL.into_iter().find(|level| level.name() == name);
        named.ok_or(NoSuchLevel)
    }
}

/// What bounds the memory of all processes of a box together. (`RLIMIT_AS` bounds each of them.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemoryBound {
    /// Nothing does.
    None,
    /// They are looked at every few milliseconds: what is taken in between is taken.
    Watch,
    /// A control group: exact.
    Cgroup,
}

/// What a box is, once it has been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    /// The level.
    pub level: Level,
    /// What bounds the memory of the whole box.
    pub memory: MemoryBound,
}

/// What a box is to be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The level; `None`: the strongest that this machine has.
    pub level: Option<Level>,
    /// What bounds its processes.
    pub limits: Limits,
    /// Files and folders that can be read and executed there, at the same paths as here. The
    /// system's own programs and libraries always can.
    pub sees: Vec<PathBuf>,
    /// Folders that can be changed there, and stay changed.
    pub writes: Vec<PathBuf>,
    /// Whether there is a /proc, of the box's own processes.
    pub proc: bool,
    /// Whether its programs are not the student's, but work on what is the student's: a compiler.
    /// They may walk through folders that are closed to others, to what the box shows them.
    pub trusted: bool,
    /// Whether its memory is bounded by a watch even where a control group could do it, as on a
    /// machine that gives us none.
    pub watched: bool,
}

impl Settings {
    /// The strongest level, and nothing to be seen but the system's programs.
    pub fn new(limits: Limits) -> Self {
        Self {
            level: None,
            limits,
            sees: Vec::new(),
            writes: Vec::new(),
            proc: false,
            trusted: false,
            watched: false,
        }
    }

    /// At this level and no other; `None`: at the strongest.
    #[must_use]
    pub fn at(mut self, level: impl Into<Option<Level>>) -> Self {
        self.level = level.into();
        self
    }

    /// One more file or folder to be seen.
    #[must_use]
    pub fn seeing(mut self, path: impl Into<PathBuf>) -> Self {
        self.sees.push(path.into());
        self
    }

    /// One more folder to be changed.
    #[must_use]
    pub fn writing(mut self, path: impl Into<PathBuf>) -> Self {
        self.writes.push(path.into());
        self
    }

    /// With a /proc.
    #[must_use]
    pub fn with_proc(mut self) -> Self {
        self.proc = true;
        self
    }

    /// Without a control group.
    #[must_use]
    pub fn watched(mut self) -> Self {
        self.watched = true;
        self
    }

    /// For the course's own programs.
    #[must_use]
    pub fn trusted(mut self) -> Self {
        self.trusted = true;
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}
