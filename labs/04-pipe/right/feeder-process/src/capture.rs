//! `capture` with one process more: a child that does nothing but write the input. It stands before
//! the first stage like a stage of its own, and the parent only reads.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use crate::pipeline::{Exit, PipeError, Pipeline, Stage, pipe, wait_for};

/// What a pipeline did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// What the last stage printed.
    pub stdout: Vec<u8>,
    /// How each stage ended, in their order.
    pub statuses: Vec<Exit>,
}

/// Feeds `input` to the first stage and returns what the last one printed, when all have ended.
///
/// # Errors
///
/// Those of the stages, of fork and of reading.
pub fn capture(stages: &[Stage], input: &[u8]) -> Result<Captured, PipeError> {
    let (first, feed) = pipe()?;
    let (collect, last) = pipe()?;
    let pipeline = Pipeline::start(stages, first, last)?;
    let feeder = start_feeder(input, &feed, &collect);
    // Only the feeder writes: when it has ended, the first stage sees the end of its input.
    drop(feed);
    let mut stdout = Vec::new();
    let read = File::from(collect).read_to_end(&mut stdout);
    let statuses = pipeline.wait();
    let fed = wait_for(feeder?)?;
    read?;
    if fed != Exit::Code(0) {
        return Err(io::Error::other("the feeder could not write").into());
    }
    Ok(Captured {
        stdout,
        statuses: statuses?,
    })
}

fn start_feeder(input: &[u8], feed: &OwnedFd, collect: &OwnedFd) -> io::Result<libc::pid_t> {
    // SAFETY: the child makes a few system calls and ends.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => {
            // It executes nothing, so close-on-exec does not help: as long as it had a copy of this,
            // a last stage would never learn that its reader has gone.
            // SAFETY: this copy of the parent's memory does not use it any more.
            unsafe { libc::close(collect.as_raw_fd()) };
            let code = write_all(feed.as_raw_fd(), input);
            // SAFETY: ends the child.
            unsafe { libc::_exit(code) }
        }
        child => Ok(child),
    }
}

/// What the feeder exits with.
fn write_all(feed: RawFd, mut input: &[u8]) -> libc::c_int {
    while !input.is_empty() {
        // SAFETY: a slice is as long as it says.
        let written = unsafe { libc::write(feed, input.as_ptr().cast(), input.len()) };
        match usize::try_from(written) {
            Ok(written) => input = &input[written..],
            Err(_) => match io::Error::last_os_error().raw_os_error() {
                Some(libc::EINTR) => {}
                // Nobody wants more.
                Some(libc::EPIPE) => return 0,
                _ => return 1,
            },
        }
    }
    0
}
