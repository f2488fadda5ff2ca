//! The few calls that neither std nor nix has in a form that serves a tracer: a wait that knows
//! every signal number, and letting go with any signal. One call a function; no policy.
#![expect(
    unsafe_code,
    reason = "waitpid and ptrace with numbers that nix's enums do not have"
)]

use std::ptr;

use nix::{errno::Errno, unistd::Pid};

/// What waitpid(2) says of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// It has exited.
    Exited(i32),
    /// A signal has ended it.
    Signalled(i32),
    /// It has stopped: by a signal (with 0x80 added for a system call), or for an event of the
    /// tracer's.
    Stopped { signal: i32, event: i32 },
}

/// The change of a process, if there is one; waits for one if `wait`.
pub(crate) fn reap(pid: Pid, wait: bool) -> Option<Status> {
    let mut status = 0;
    let flags = libc::__WALL | if wait { 0 } else { libc::WNOHANG };
    loop {
        // SAFETY: `status` is a valid place for the one int that the call writes.
        let changed = unsafe { libc::waitpid(pid.as_raw(), &raw mut status, flags) };
        if changed < 0 && Errno::last() == Errno::EINTR {
            continue;
        }
        if changed != pid.as_raw() {
            return None;
        }
        return Some(if libc::WIFEXITED(status) {
            Status::Exited(libc::WEXITSTATUS(status))
        } else if libc::WIFSIGNALED(status) {
            Status::Signalled(libc::WTERMSIG(status))
        } else {
            Status::Stopped {
                signal: libc::WSTOPSIG(status),
                event: status >> 16,
            }
        });
    }
}

/// How a stopped process goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "x86_64"),
    expect(dead_code, reason = "nothing is stepped there")
)]
pub(crate) enum Resume {
    /// Until something happens to it.
    Free,
    /// Until it enters or leaves a system call.
    ToCall,
    /// For one instruction.
    Step,
    /// It stays stopped, as job control wants it, until job control wakes it.
    Listen,
}

/// Lets a stopped process go on, with a signal (0: none). A process that was killed meanwhile shows
/// by its end.
pub(crate) fn resume(pid: Pid, how: Resume, signal: i32) {
    let request = match how {
        Resume::Free => libc::PTRACE_CONT,
        Resume::ToCall => libc::PTRACE_SYSCALL,
        Resume::Step => libc::PTRACE_SINGLESTEP,
        Resume::Listen => libc::PTRACE_LISTEN,
    };
    let no_address: *mut libc::c_void = ptr::null_mut();
    // SAFETY: these requests read no memory of ours: the address is ignored, the data a number.
    unsafe {
        libc::ptrace(
            request,
            pid.as_raw(),
            no_address,
            libc::c_long::from(signal),
        )
    };
}
