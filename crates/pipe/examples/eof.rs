//! The end of the input comes when the *last* writer has closed its end.
//!
//! ```text
//! cargo run -p pipe --example eof
//! ```
//!
//! `fork` copies descriptors. Two children write and end; the parent still has the end for writing
//! itself, so a read sleeps although everything has been said: it waits for the parent. The most
//! frequent reason why a pipeline hangs.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut reads, writes) = io::pipe()?;
    for word in ["one ", "two "] {
        let child = fork::start(|| {
            { &writes }.write_all(word.as_bytes()).ok();
        })?;
        waitpid(child, None)?;
    }
    let mut piece = [0; 100];
    let length = reads.read(&mut piece)?;
    println!(
        "two children wrote, and ended: {:?}",
        String::from_utf8_lossy(&piece[..length])
    );

    println!("the parent still has an end:   {}", state(&reads)?);
    drop(writes);
    println!("the parent has closed it, too: {}", state(&reads)?);
    println!("read gives                     {}", reads.read(&mut piece)?);
    Ok(())
}

/// What a read would do now.
fn state(reads: &impl AsFd) -> nix::Result<&'static str> {
    let mut ends = [PollFd::new(reads.as_fd(), PollFlags::POLLIN)];
    poll(&mut ends, PollTimeout::ZERO)?;
    Ok(match ends[0].revents() {
        Some(told) if told.contains(PollFlags::POLLIN) => "there is something to read",
        Some(told) if told.contains(PollFlags::POLLHUP) => "nobody can write any more",
        _ => "a read would sleep",
    })
}
