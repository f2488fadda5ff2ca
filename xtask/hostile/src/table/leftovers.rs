//! What outlives its process.

use super::{
    Attack,
    Expected::{self, Passes, Stopped},
};
use crate::Sign::NothingLeft;

const STAYS: Expected = Passes("stays on the machine");

const fn leaving(
    name: &'static str,
    does: &'static str,
    by: &'static str,
    landlock: &'static str,
) -> Attack {
    Attack {
        name,
        does,
        sign: NothingLeft,
        namespaces: Stopped(by),
        landlock: Stopped(landlock),
        none: STAYS,
    }
}

pub(super) const ATTACKS: &[Attack] = &[
    leaving(
        "leave-posix-shm",
        "leaves shared memory of `shm_open`",
        "a private `/dev/shm`",
        "Landlock: `/dev/shm` is not open to it",
    ),
    leaving(
        "leave-semaphore",
        "leaves a named semaphore",
        "a private `/dev/shm`",
        "Landlock: `/dev/shm` is not open to it",
    ),
    leaving(
        "leave-mqueue",
        "leaves a POSIX message queue",
        "an IPC namespace",
        "the filter refuses message queues",
    ),
    leaving(
        "leave-sysv",
        "leaves a segment, a set of semaphores and a queue of System V",
        "an IPC namespace",
        "the filter refuses System V calls",
    ),
    leaving(
        "leave-fifo",
        "leaves FIFOs in its working folder and in `/tmp`",
        "private folders",
        "Landlock; its working folder is removed",
    ),
    leaving(
        "leave-files",
        "leaves files in every folder for temporary ones, and one that is locked",
        "private folders",
        "Landlock; its working folder is removed",
    ),
    Attack {
        none: Stopped("its working folder is removed from the top, one folder at a time"),
        ..leaving(
            "leave-burrow",
            "leaves 3000 folders, each in the one before, in its working folder",
            "private folders",
            "its working folder is removed from the top, one folder at a time",
        )
    },
    Attack {
        none: Stopped("the helper adopts and kills whoever holds it"),
        ..leaving(
            "leave-abstract",
            "leaves a process that holds an abstract socket",
            "the end of pid 1",
            "the helper adopts and kills whoever holds it",
        )
    },
    Attack {
        none: Stopped("the helper adopts and kills"),
        ..leaving(
            "leave-stopped",
            "leaves a process that has stopped itself",
            "the end of pid 1",
            "the helper adopts and kills",
        )
    },
];
