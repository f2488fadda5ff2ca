//! Waiting until another process sleeps in a system call, for the examples. It asks the kernel, and
//! not the clock.

use std::{fs, io, thread};

use nix::unistd::Pid;

/// Returns when the process sleeps in the call of this number; gives the call's first argument.
pub(crate) fn until_asleep_in(pid: Pid, call: i64) -> io::Result<String> {
    loop {
        // Present only while the process is off the CPU; the first field is the call's number.
        let line = fs::read_to_string(format!("/proc/{pid}/syscall"))?;
        let mut fields = line.split(' ');
        if fields.next() == Some(&call.to_string()) && state(pid)? == "S" {
            return Ok(fields.next().unwrap_or_default().to_owned());
        }
        thread::yield_now();
    }
}

/// `S` sleeps, `R` runs, `Z` has ended and is waited for by nobody.
pub(crate) fn state(pid: Pid) -> io::Result<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    Ok(after_name.chars().take(1).collect())
}
