//! Reading what is none of a submission's business.

use super::{
    Attack,
    Expected::{Depends, Passes, Stopped},
};
use crate::Sign::{All, Any, AtMost, Is, Refused};

const OTHERS: &[&str] = &["parent", "init", "victim"];
const SAME_USER: &str = "allowed among processes of one user, unless Yama forbids it";

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "read-hidden",
        does: "reads checks, the reference, other submissions, `/etc/shadow`",
        sign: Is("read", "none"),
        namespaces: Stopped("not mounted"),
        landlock: Stopped("Landlock"),
        none: Passes("whatever the user may read"),
    },
    Attack {
        name: "read-home",
        does: "lists `/root` and `/home`",
        sign: Is("listed", "none"),
        namespaces: Stopped("not mounted"),
        landlock: Stopped("Landlock"),
        none: Passes("whatever the user may read"),
    },
    Attack {
        name: "read-environ",
        does: "looks for the grader's secrets in the environments of all processes it can see",
        sign: All(&[Is("read", "0"), Is("secret", "none")]),
        namespaces: Stopped("nobody else is in `/proc`; pid 1 is not dumpable; its own is empty"),
        landlock: Stopped("Landlock's rule for ptrace holds for `/proc/PID/environ` too"),
        none: Passes("allowed among processes of one user"),
    },
    Attack {
        name: "inherited-descriptors",
        does: "looks for open descriptors beside 0, 1, 2 and its channel",
        sign: Is("extra", "none"),
        namespaces: Stopped("`close_range` before the start"),
        landlock: Stopped("`close_range` before the start"),
        none: Stopped("`close_range` before the start"),
    },
    Attack {
        name: "other-processes",
        does: "reads the command lines of other processes",
        sign: AtMost("others", 0),
        namespaces: Stopped("nobody else is in `/proc`"),
        landlock: Depends("stopped if `/proc` is not among the folders it may read"),
        none: Passes("command lines are public"),
    },
    Attack {
        name: "ptrace",
        does: "takes hold of its parent, pid 1 and a process outside, as a debugger does",
        sign: Refused(OTHERS),
        namespaces: Stopped("the filter; pid 1 is not dumpable; nobody else is there"),
        landlock: Stopped("Landlock; the filter"),
        none: Passes(SAME_USER),
    },
    Attack {
        name: "process-vm-readv",
        does: "reads the memory of the same three",
        sign: Refused(OTHERS),
        namespaces: Stopped("as `ptrace`"),
        landlock: Stopped("as `ptrace`"),
        none: Passes(SAME_USER),
    },
    Attack {
        name: "proc-mem",
        does: "opens the memory of the same three as a file",
        sign: Refused(OTHERS),
        namespaces: Stopped("as `ptrace`"),
        landlock: Stopped("as `ptrace`"),
        none: Passes(SAME_USER),
    },
    Attack {
        name: "pidfd-getfd",
        does: "takes a descriptor out of the same three",
        sign: Any(&[Refused(OTHERS)]),
        namespaces: Stopped("as `ptrace`"),
        landlock: Stopped("as `ptrace`"),
        none: Passes(SAME_USER),
    },
];
