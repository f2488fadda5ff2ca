//! Getting more rights, and calls that reach deep into the kernel.

use super::{
    Attack,
    Expected::{self, Depends, Passes, Stopped},
};
use crate::Sign::{self, All, Is, Refused};

const FILTER: Expected = Stopped("the filter");
const NO_CAPABILITY: Expected = Stopped("no capability; the filter");
const UNLESS_ROOT: Expected = Depends("refused unless the grader runs as root");
const KERNEL: Expected = Depends("on the kernel's settings");

const fn attack(
    name: &'static str,
    does: &'static str,
    sign: Sign,
    inside: Expected,
    none: Expected,
) -> Attack {
    Attack {
        name,
        does,
        sign,
        namespaces: inside,
        landlock: inside,
        none,
    }
}

pub(super) const ATTACKS: &[Attack] = &[
    attack(
        "unshare",
        "makes namespaces of its own, in which it would be root",
        Refused(&[
            "user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "user_mnt",
        ]),
        FILTER,
        KERNEL,
    ),
    attack(
        "clone-flags",
        "the same by the flags of `clone` and `clone3`, and a child that no tracer follows",
        Refused(&["clone", "clone3", "untraced"]),
        FILTER,
        KERNEL,
    ),
    attack(
        "setns",
        "enters the namespaces of pid 1 and of its parent",
        Refused(&["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"]),
        FILTER,
        UNLESS_ROOT,
    ),
    attack(
        "mount",
        "mounts, mounts writable what was read-only, unmounts",
        Refused(&["tmpfs", "bind", "remount", "umount"]),
        NO_CAPABILITY,
        UNLESS_ROOT,
    ),
    attack(
        "chroot",
        "changes its root folder, by `chroot` and `pivot_root`",
        Refused(&["chroot", "pivot_root"]),
        NO_CAPABILITY,
        UNLESS_ROOT,
    ),
    attack(
        "new-mounts",
        "the newer calls for mounts: `open_tree`, `fsopen`, `move_mount`, `mount_setattr`",
        Refused(&[
            "open_tree",
            "fsopen",
            "fsmount",
            "move_mount",
            "mount_setattr",
        ]),
        FILTER,
        UNLESS_ROOT,
    ),
    attack(
        "host-name",
        "sets the name of the machine",
        Refused(&["set"]),
        NO_CAPABILITY,
        UNLESS_ROOT,
    ),
    attack(
        "identities",
        "becomes root, or somebody else",
        Refused(&["root", "group", "groups", "other"]),
        Stopped("an identity without privileges; nobody else is mapped, or no capability"),
        UNLESS_ROOT,
    ),
    attack(
        "capabilities",
        "reads which capabilities it has, and whether a program could give it some",
        All(&[
            Is("effective", "none"),
            Is("permitted", "none"),
            Is("no_new_privileges", "1"),
            Is("filters", "2"),
        ]),
        Stopped("all dropped; `no_new_privs`; filters are on"),
        Passes("a setuid program would still give its rights"),
    ),
    attack(
        "raise-limits",
        "raises each hard limit by one",
        Is("raised", "none"),
        Stopped("no capability"),
        UNLESS_ROOT,
    ),
    attack(
        "priorities",
        "asks for priority, real-time scheduling, and never to be killed for memory",
        Refused(&["nice", "real_time", "out_of_memory_score"]),
        Stopped("no capability"),
        UNLESS_ROOT,
    ),
    attack(
        "own-filter",
        "installs a filter that allows everything, and tries again what was refused",
        Is("weakened", "no"),
        Stopped("of several filters the strictest decides"),
        Passes("there is no filter to begin with"),
    ),
    attack(
        "personality",
        "changes how its own memory is laid out",
        Refused(&["set"]),
        Passes("harmless: it concerns nobody but itself"),
        Passes("harmless: it concerns nobody but itself"),
    ),
    attack(
        "tiocsti",
        "types on the terminal of whoever started the grader",
        Is("pushed", "none"),
        Stopped("no terminal is open or can be opened; the filter"),
        Stopped("a session without a terminal"),
    ),
    attack(
        "io-uring",
        "asks for a ring, whose operations no filter sees",
        Refused(&["setup", "enter", "register"]),
        FILTER,
        KERNEL,
    ),
    attack(
        "bpf",
        "loads a program into the kernel",
        Refused(&["bpf"]),
        FILTER,
        KERNEL,
    ),
    attack(
        "perf",
        "counts what the processor does",
        Refused(&["open"]),
        FILTER,
        KERNEL,
    ),
    attack(
        "keyrings",
        "uses the kernel's keyrings, which no namespace separates well",
        Refused(&["add_key", "keyctl", "request_key"]),
        FILTER,
        Passes("for everybody"),
    ),
    attack(
        "userfaultfd",
        "handles its own page faults, which helps to exploit kernels",
        Refused(&["userfaultfd"]),
        FILTER,
        KERNEL,
    ),
    attack(
        "kernel-modules",
        "loads a module or another kernel",
        Refused(&["init_module", "finit_module", "delete_module", "kexec_load"]),
        NO_CAPABILITY,
        UNLESS_ROOT,
    ),
    attack(
        "file-handles",
        "opens files by handle, past all folders, and watches whole file systems",
        Refused(&["open_by_handle_at", "fanotify_init"]),
        FILTER,
        UNLESS_ROOT,
    ),
    attack(
        "machine-settings",
        "swap, accounting, quotas, the kernel's log",
        Refused(&["swapon", "swapoff", "acct", "quotactl", "syslog"]),
        FILTER,
        UNLESS_ROOT,
    ),
    attack(
        "x32-numbers",
        "makes a refused call under its number of the x32 interface",
        Refused(&["getpid", "unshare"]),
        Stopped("a kernel without that interface, or the filter"),
        KERNEL,
    ),
    attack(
        "int-80",
        "makes a call of the 32-bit interface",
        Refused(&["getpid"]),
        Stopped("the filter ends a process that calls by another architecture"),
        KERNEL,
    ),
];
