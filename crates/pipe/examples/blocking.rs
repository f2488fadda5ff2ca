//! A pipe makes the faster of the two wait: a reader while it is empty, a writer while it is full.
//!
//! ```text
//! cargo run -p pipe --example blocking
//! ```
//!
//! Whether a process sleeps, and in which call, is asked of the kernel (`/proc/PID/syscall`), not
//! guessed from the time. At the end both wait for each other: the deadlock of everybody who writes
//! all of the input before reading anything.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, Read, Write};

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;

#[path = "common/asleep.rs"]
mod asleep;
#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let (reads, mut writes) = io::pipe()?;
    let reader = fork::start(|| {
        { &reads }.read_exact(&mut [0; 1]).ok();
    })?;
    asleep::until_asleep_in(reader, libc::SYS_read)?;
    println!("the pipe is empty:    the reader sleeps in read");
    writes.write_all(b"x")?;
    waitpid(reader, None)?;
    println!("one byte was written: it has gone on, and ended");

    let (mut reads, writes) = io::pipe()?;
    let writer = fork::start(|| {
        { &writes }.write_all(&[0; 64 * 1024 + 1]).ok();
    })?;
    asleep::until_asleep_in(writer, libc::SYS_write)?;
    println!("the pipe is full:     the writer sleeps in write");
    reads.read_exact(&mut [0; 4096])?;
    waitpid(writer, None)?;
    println!("a page was read:      it has gone on, and ended");

    // A copier like `cat`, and somebody who writes 1 MiB to it before reading what comes back.
    let (copier_reads, input) = io::pipe()?;
    let (output, copier_writes) = io::pipe()?;
    let copier = fork::start(|| {
        copy(&copier_reads, &copier_writes).ok();
    })?;
    drop((copier_reads, copier_writes));
    let writer = fork::start(|| {
        { &input }.write_all(&[0; 1 << 20]).ok();
        { &output }.read_to_end(&mut Vec::new()).ok();
    })?;
    asleep::until_asleep_in(copier, libc::SYS_write)?;
    asleep::until_asleep_in(writer, libc::SYS_write)?;
    println!("both pipes are full:  copier and writer sleep in write, for ever");
    for process in [copier, writer] {
        kill(process, Signal::SIGKILL)?;
        waitpid(process, None)?;
    }
    Ok(())
}

fn copy(mut from: &io::PipeReader, mut to: &io::PipeWriter) -> io::Result<()> {
    let mut piece = [0; 4096];
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&piece[..length])?;
    }
}
