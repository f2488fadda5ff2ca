//! Machines made up by hand, for the tests of everything that looks at one.

use arena::{Isolation, Level, MemoryBound};

use super::{Landlock, Machine, cgroup::Cgroup, namespaces::Namespaces, queues::Queues};

/// A level that can be had.
fn had(level: Level, memory: MemoryBound) -> (Level, Result<Isolation, String>) {
    (level, Ok(Isolation { level, memory }))
}

/// Nothing is missing.
pub(crate) fn fine() -> Machine {
    Machine {
        kernel: "6.18.4-generic".to_owned(),
        processor: "x86_64",
        cores: 4,
        page: 4096,
        root: false,
        container: None,
        filtered: false,
        stepping: Ok(()),
        ptrace_scope: Some(1),
        landlock: Landlock::Abi(7),
        namespaces: Namespaces {
            most: Some(96_365),
            ..Namespaces::default()
        },
        queues: Queues {
            most: Some(256),
            messages: Some(10),
            message_size: Some(8192),
            bytes: Some(819_200),
        },
        cgroup: Some(Cgroup {
            version: 2,
            ours: true,
        }),
        systemd: true,
        prospects: vec![
            had(Level::Namespaces, MemoryBound::Cgroup),
            had(Level::Landlock, MemoryBound::Cgroup),
            had(Level::None, MemoryBound::None),
        ],
    }
}

/// Ubuntu 24.04 as it is installed.
pub(crate) fn ubuntu() -> Machine {
    let why = "write /proc/self/uid_map: Operation not permitted (os error 1)";
    Machine {
        namespaces: Namespaces {
            apparmor: true,
            most: Some(96_365),
            ..Namespaces::default()
        },
        cgroup: Some(Cgroup {
            version: 2,
            ours: false,
        }),
        prospects: vec![
            (Level::Namespaces, Err(why.to_owned())),
            had(Level::Landlock, MemoryBound::Watch),
            had(Level::None, MemoryBound::None),
        ],
        ..fine()
    }
}

/// Docker with its own filter, on a kernel without Landlock.
pub(crate) fn docker() -> Machine {
    let no_namespaces = "clone: Operation not permitted (os error 1)";
    let no_landlock = "landlock_create_ruleset: Function not implemented (os error 38)";
    let no_stepping = "personality(ADDR_NO_RANDOMIZE) is refused: \
                       Operation not permitted (os error 1); see docs/setup.md";
    Machine {
        root: true,
        container: Some("Docker"),
        filtered: true,
        stepping: Err(no_stepping.to_owned()),
        ptrace_scope: None,
        landlock: Landlock::Missing,
        queues: Queues {
            bytes: Some(4096),
            ..fine().queues
        },
        cgroup: None,
        systemd: false,
        prospects: vec![
            (Level::Namespaces, Err(no_namespaces.to_owned())),
            (Level::Landlock, Err(no_landlock.to_owned())),
            had(Level::None, MemoryBound::None),
        ],
        ..fine()
    }
}
