//! A signal handler that does nothing: its only effect is that what slept is interrupted.

#![expect(unsafe_code, reason = "sigaction and tgkill")]

use std::io;

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::unistd::{Pid, getpid};

extern "C" fn nothing(_signal: i32) {}

/// Has SIGUSR1 handled so.
pub(crate) fn install() -> nix::Result<()> {
    let handler = SigHandler::Handler(nothing);
    let action = SigAction::new(handler, SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler does nothing, so it is async-signal-safe.
    unsafe { sigaction(Signal::SIGUSR1, &action) }.map(drop)
}

/// Sends SIGUSR1 to a thread of this process.
pub(crate) fn send(thread: Pid) -> io::Result<()> {
    let signal = libc::SIGUSR1;
    // SAFETY: the call takes three numbers.
    match unsafe { libc::syscall(libc::SYS_tgkill, getpid().as_raw(), thread.as_raw(), signal) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
