//! Waiting until another thread, of this process or a child, sleeps in `futex`, for the examples and tests. It asks the kernel, and
//! not the clock.

use std::{fs, io, thread};

use nix::unistd::{Pid, gettid};

/// The kernel's number of the calling thread.
pub(crate) fn me() -> Pid {
    gettid()
}

/// Returns when the thread sleeps in a futex call.
pub(crate) fn until_in_futex(thread: Pid) -> io::Result<()> {
    let call = libc::SYS_futex.to_string();
    loop {
        // Present only while the thread is off the CPU; the first field is the call's number.
        let line = fs::read_to_string(format!("/proc/{thread}/syscall"))?;
        let stat = fs::read_to_string(format!("/proc/{thread}/stat"))?;
        let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        if line.split(' ').next() == Some(&call) && after_name.starts_with('S') {
            return Ok(());
        }
        thread::yield_now();
    }
}
