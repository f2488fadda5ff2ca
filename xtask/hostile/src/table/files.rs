//! Filling folders, and writing where nothing may be written.

use super::{
    Attack,
    Expected::{Depends, Passes, Stopped},
};
use crate::Sign::{self, All, Any, Is, Killed, Refused};

/// Refused before it came to its own bound, or ended for it.
const SHORT_OF_ITS_BOUND: Sign = Any(&[Refused(&["errno"]), Killed]);

const SIZE: &str = "the size of its own tmpfs";
const INODES: &str = "the number of inodes of its own tmpfs";
const ONE_FILE: &str = "`RLIMIT_FSIZE` bounds each file, not their sum";
const ONLY_ITS_FOLDER: &str = "Landlock allows only the working folder";
const NO_COUNT: &str = "no limit counts files";

const fn filling(
    name: &'static str,
    does: &'static str,
    by: &'static str,
    not: &'static str,
) -> Attack {
    Attack {
        name,
        does,
        sign: SHORT_OF_ITS_BOUND,
        namespaces: Stopped(by),
        landlock: Passes(not),
        none: Passes(not),
    }
}

pub(super) const ATTACKS: &[Attack] = &[
    filling(
        "disk-fill-folder",
        "writes up to 512 MiB in its working folder",
        SIZE,
        ONE_FILE,
    ),
    Attack {
        landlock: Stopped(ONLY_ITS_FOLDER),
        ..filling(
            "disk-fill-tmp",
            "writes up to 512 MiB in `/tmp`",
            SIZE,
            ONE_FILE,
        )
    },
    Attack {
        landlock: Stopped(ONLY_ITS_FOLDER),
        ..filling(
            "disk-fill-dev-shm",
            "writes up to 512 MiB in `/dev/shm`",
            SIZE,
            ONE_FILE,
        )
    },
    filling(
        "inode-fill-folder",
        "makes up to 50 000 files in its working folder",
        INODES,
        NO_COUNT,
    ),
    Attack {
        landlock: Stopped(ONLY_ITS_FOLDER),
        ..filling(
            "inode-fill-tmp",
            "makes up to 50 000 files in `/tmp`",
            INODES,
            NO_COUNT,
        )
    },
    Attack {
        landlock: Stopped(ONLY_ITS_FOLDER),
        ..filling(
            "inode-fill-dev-shm",
            "makes up to 50 000 files in `/dev/shm`",
            INODES,
            NO_COUNT,
        )
    },
    Attack {
        name: "write-outside",
        does: "makes a file in `/`, `/usr`, `/etc`, homes, and the folders of the grader",
        sign: Is("written", "none"),
        namespaces: Stopped("mounted read-only, or not there"),
        landlock: Stopped(ONLY_ITS_FOLDER),
        none: Passes("whatever the user may write in"),
    },
    Attack {
        name: "write-own-program",
        does: "opens its own program for writing, and makes a file beside it",
        sign: Refused(&["program", "folder"]),
        namespaces: Stopped("mounted read-only"),
        landlock: Stopped("Landlock"),
        none: Passes("the program belongs to the user"),
    },
    Attack {
        name: "write-kernel-switches",
        does: "opens settings of the kernel under `/proc/sys` and `/sys` for writing",
        sign: Is("opened", "none"),
        namespaces: Stopped("an identity that owns none of them; no `/sys`"),
        landlock: Stopped("Landlock"),
        none: Depends("refused unless the grader runs as root"),
    },
    Attack {
        name: "write-devices",
        does: "opens memory, disks and other devices for writing",
        sign: All(&[Is("opened", "none")]),
        namespaces: Stopped("only null, zero, full, random and urandom are there"),
        landlock: Stopped("Landlock"),
        none: Depends("on the user's groups"),
    },
];
