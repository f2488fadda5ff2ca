//! How far a submission is kept from the machine: levels, and what this machine can do of them.

use serde::{Deserialize, Serialize};

/// How far a submission is kept from the machine, from nothing to everything.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Limits and a deadline only.
    None,
    /// Landlock, system call filters, limits, and a sweep for what is left behind.
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
