//! Calls that reach deep into the kernel and that no lab needs, and numbers of calls that a filter
//! may not know.
//!
//! Each is made with arguments that cannot work. The error tells how far it got: EPERM, EACCES and
//! ENOSYS say that it was refused; EFAULT, EINVAL and the like that it was let in and only found
//! strange.
#![expect(unsafe_code, reason = "raw system calls are the attack")]

use hostile::Facts;
use nix::errno::Errno;

use super::Attacking;
use crate::{
    child::says,
    given::Given,
    outcome::{DONE, name},
};

/// A call: its name, its number, and its arguments, none of which is an address that is mapped.
type Call = (&'static str, libc::c_long, [usize; 5]);

/// Not a descriptor.
const MINUS_ONE: usize = usize::MAX;

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("io-uring", |_| knock(&IO_URING)),
    ("bpf", |_| knock(&BPF)),
    ("perf", |_| knock(&PERF)),
    ("keyrings", |_| knock(&KEYRINGS)),
    ("userfaultfd", |_| knock(&USERFAULTFD)),
    ("kernel-modules", |_| knock(&MODULES)),
    ("new-mounts", |_| knock(&MOUNTS)),
    ("file-handles", |_| knock(&HANDLES)),
    ("machine-settings", |_| knock(&SETTINGS)),
    ("x32-numbers", x32),
    ("int-80", int_80),
];

const IO_URING: [Call; 3] = [
    ("setup", libc::SYS_io_uring_setup, [1, 0, 0, 0, 0]),
    ("enter", libc::SYS_io_uring_enter, [MINUS_ONE, 0, 0, 0, 0]),
    (
        "register",
        libc::SYS_io_uring_register,
        [MINUS_ONE, 0, 0, 0, 0],
    ),
];
const BPF: [Call; 1] = [("bpf", libc::SYS_bpf, [5, 0, 0, 0, 0])];
const PERF: [Call; 1] = [(
    "open",
    libc::SYS_perf_event_open,
    [0, 0, MINUS_ONE, MINUS_ONE, 0],
)];
const KEYRINGS: [Call; 3] = [
    ("add_key", libc::SYS_add_key, [0, 0, 0, 0, 0]),
    // KEYCTL_GET_KEYRING_ID of the session's keyring.
    ("keyctl", libc::SYS_keyctl, [0, MINUS_ONE - 2, 0, 0, 0]),
    ("request_key", libc::SYS_request_key, [0, 0, 0, 0, 0]),
];
// UFFD_USER_MODE_ONLY, which needs no privilege on most machines.
const USERFAULTFD: [Call; 1] = [("userfaultfd", libc::SYS_userfaultfd, [1, 0, 0, 0, 0])];
const MODULES: [Call; 4] = [
    ("init_module", libc::SYS_init_module, [0, 0, 0, 0, 0]),
    (
        "finit_module",
        libc::SYS_finit_module,
        [MINUS_ONE, 0, 0, 0, 0],
    ),
    ("delete_module", libc::SYS_delete_module, [0, 0, 0, 0, 0]),
    ("kexec_load", libc::SYS_kexec_load, [0, MINUS_ONE, 0, 0, 0]),
];
const MOUNTS: [Call; 5] = [
    ("open_tree", libc::SYS_open_tree, [MINUS_ONE, 0, 1, 0, 0]),
    ("fsopen", libc::SYS_fsopen, [0, 0, 0, 0, 0]),
    ("fsmount", libc::SYS_fsmount, [MINUS_ONE, 0, 0, 0, 0]),
    (
        "move_mount",
        libc::SYS_move_mount,
        [MINUS_ONE, 0, MINUS_ONE, 0, 0],
    ),
    (
        "mount_setattr",
        libc::SYS_mount_setattr,
        [MINUS_ONE, 0, 0, 0, 0],
    ),
];
const HANDLES: [Call; 2] = [
    (
        "open_by_handle_at",
        libc::SYS_open_by_handle_at,
        [MINUS_ONE, 0, 0, 0, 0],
    ),
    ("fanotify_init", libc::SYS_fanotify_init, [0, 0, 0, 0, 0]),
];
const SETTINGS: [Call; 5] = [
    ("swapon", libc::SYS_swapon, [0, 0, 0, 0, 0]),
    ("swapoff", libc::SYS_swapoff, [0, 0, 0, 0, 0]),
    ("acct", libc::SYS_acct, [1, 0, 0, 0, 0]),
    ("quotactl", libc::SYS_quotactl, [MINUS_ONE, 0, 0, 0, 0]),
    // SYSLOG_ACTION_READ_ALL into nothing.
    ("syslog", libc::SYS_syslog, [3, 0, 1, 0, 0]),
];

/// Makes each call in a child of its own.
fn knock(calls: &[Call]) -> Facts {
    let mut facts = Facts::new();
    for (key, number, arguments) in calls {
        facts.note(key, says(|| how_far(made(*number, *arguments))));
    }
    facts
}

fn made(number: libc::c_long, [a, b, c, d, e]: [usize; 5]) -> Result<libc::c_long, Errno> {
    // SAFETY: the tables of this module hold no address that is mapped, so no memory of this
    // process is read or written.
    Errno::result(unsafe { libc::syscall(number, a, b, c, d, e) })
}

/// `reached` for what was let in.
fn how_far(result: Result<libc::c_long, Errno>) -> String {
    match result {
        Ok(_) => DONE.to_owned(),
        Err(error @ (Errno::EPERM | Errno::EACCES | Errno::ENOSYS)) => name(error),
        Err(error) => format!("reached:{error:?}"),
    }
}

/// The same calls under the numbers of another interface of x86-64, which a filter that compares
/// numbers does not recognise.
fn x32(_: &Given) -> Facts {
    /// What marks a number of that interface.
    const BIT: libc::c_long = 0x4000_0000;
    if cfg!(not(target_arch = "x86_64")) {
        return Facts::of("getpid", "none").and("unshare", "none");
    }
    let user = libc::CLONE_NEWUSER as usize;
    let getpid = || how_far(made(libc::SYS_getpid | BIT, [0; 5]));
    let unshare = || how_far(made(libc::SYS_unshare | BIT, [user, 0, 0, 0, 0]));
    Facts::of("getpid", says(getpid)).and("unshare", says(unshare))
}

/// The calls of 32-bit programs, whose numbers mean something else.
#[cfg(target_arch = "x86_64")]
fn int_80(_: &Given) -> Facts {
    const GETPID: usize = 20;
    let call = || {
        let mut result = GETPID;
        // SAFETY: the call takes no argument and touches no memory; what it may change is named.
        unsafe {
            std::arch::asm!(
                "int 0x80",
                inlateout("rax") result,
                out("r8") _, out("r9") _, out("r10") _, out("r11") _,
            );
        };
        let result = result as i32;
        if result < 0 {
            how_far(Err(Errno::from_raw(-result)))
        } else {
            DONE.to_owned()
        }
    };
    Facts::of("getpid", says(call))
}

#[cfg(not(target_arch = "x86_64"))]
fn int_80(_: &Given) -> Facts {
    Facts::of("getpid", "none")
}
