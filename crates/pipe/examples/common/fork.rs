//! A child process that has what we have open, for the examples. It does not wait for the child.

#![expect(unsafe_code, reason = "fork")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::unistd::{ForkResult, Pid, fork};

/// Forks; the child does `work` and exits with 0, or with 101 if it panicked.
pub(crate) fn start(work: impl FnOnce()) -> nix::Result<Pid> {
    // SAFETY: the examples have one thread, so the child may do whatever the parent might.
    match unsafe { fork()? } {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            let status = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(()) => 0,
                Err(_) => 101,
            };
            // SAFETY: _exit only ends the process. `exit` would write out the stdout buffer that
            // was inherited, and everything in it would appear twice.
            unsafe { libc::_exit(status) }
        }
    }
}
