//! What a driver needs and std does not offer: to take over a descriptor that it was started with
//! and keep it to itself, and to fork. All unsafe code of this crate is here.
#![expect(
    unsafe_code,
    reason = "adopting a descriptor by number and forking are unsafe by nature"
)]

use std::{
    io,
    os::{
        fd::{FromRawFd, RawFd},
        unix::net::UnixStream,
    },
    panic,
};

/// See fcntl(2): "set the descriptor's flags", and the only flag there is.
const F_SETFD: i32 = 2;
const FD_CLOEXEC: i32 = 1;

unsafe extern "C" {
    fn fcntl(descriptor: RawFd, command: i32, ...) -> i32;
    fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    fn _exit(code: i32) -> !;
}

/// The channel that this process was started with as descriptor `number`. Programs that the
/// student's code executes do not get it.
///
/// Called once for each number, from the arguments that the helper has made up.
pub(crate) fn adopt_channel(number: RawFd) -> UnixStream {
    // SAFETY: this command takes two numbers, and no memory. A wrong number is told by the first
    // use of the channel.
    unsafe { fcntl(number, F_SETFD, FD_CLOEXEC) };
    // SAFETY: the helper opened this descriptor for this purpose, and nothing else in the process
    // knows its number, so the stream is its only owner.
    unsafe { UnixStream::from_raw_fd(number) }
}

/// Which of the two processes goes on.
pub(crate) enum Forked {
    /// The one that called; with the child's process id.
    Parent(i32),
    /// The new one.
    Child,
}

/// A copy of this process, with everything it has open. See fork(2).
///
/// # Errors
/// EAGAIN at the limit of processes, ENOMEM.
pub(crate) fn duplicate() -> io::Result<Forked> {
    // SAFETY: a driver has one thread when its session begins, and student code that starts more
    // is not asked to fork; so the child finds every lock of the C library free.
    match unsafe { fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child),
        pid => Ok(Forked::Parent(pid)),
    }
}

/// Does something in a forked child and waits for its end; whether the child came to its end
/// without a panic. For demos: what the child does to shared memory stays, all else is gone.
///
/// # Errors
/// Those of fork(2) and waitpid(2).
pub fn in_child(work: impl FnOnce()) -> io::Result<bool> {
    match duplicate()? {
        Forked::Child => {
            let ended_well = panic::catch_unwind(panic::AssertUnwindSafe(work)).is_ok();
            // SAFETY: ends the child at once, without what the parent has registered for its end.
            unsafe { _exit(i32::from(!ended_well)) }
        }
        Forked::Parent(pid) => loop {
            let mut status = 0;
            // SAFETY: `status` is a valid place for the int that the call writes.
            let waited = unsafe { waitpid(pid, &raw mut status, 0) };
            if waited == pid {
                return Ok(status == 0);
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        },
    }
}
