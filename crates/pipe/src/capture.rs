//! `capture`: bytes into the first stage of a pipeline, and out of the last.
//!
//! # Why this can deadlock, and what helps
//!
//! A pipe holds 64 KiB. If we write all of the input before we read, and the stages print as much as
//! they read, the pipe behind the last stage fills up; that stage sleeps in `write`, so it reads no
//! more; its input fills up, and so on, until *our* `write` sleeps, too. Everybody waits for us, and
//! we wait for them. So whoever holds both outer ends must be ready to do at any time what the other
//! side is ready for. Here `poll` says which of the two that is.
//!
//! It starts no thread, and does not care what a stage does.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::pipeline::{Exit, PipeError, Pipeline, Stage, pipe};

/// What a pipeline did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// What the last stage printed.
    pub stdout: Vec<u8>,
    /// How each stage ended, in their order.
    pub statuses: Vec<Exit>,
}

/// Bytes that are read at once: all that a pipe holds.
const PIECE: usize = 64 << 10;

/// Feeds `input` to the first stage and returns what the last one printed, when all have ended.
///
/// A stage that reads less than it is offered is nothing unusual: what nobody wants is not written.
/// The caller must not have SIGPIPE at its default, which would end it in that case; Rust's run-time
/// ignores it.
///
/// # Errors
///
/// Those of [`Pipeline::start`] and [`Pipeline::wait`], and of
/// [read(2)](https://man7.org/linux/man-pages/man2/read.2.html),
/// [write(2)](https://man7.org/linux/man-pages/man2/write.2.html) and
/// [poll(2)](https://man7.org/linux/man-pages/man2/poll.2.html), but for EINTR, EAGAIN and EPIPE,
/// which are part of the work. No process is left in any case.
pub fn capture(stages: &[Stage], input: &[u8]) -> Result<Captured, PipeError> {
    let (first, feed) = pipe()?;
    let (collect, last) = pipe()?;
    let pipeline = Pipeline::start(stages, first, last)?;
    let exchanged = exchange(feed, input, collect);
    // Our ends are closed by now, so all stages come to their end, whatever happened.
    let statuses = pipeline.wait();
    Ok(Captured {
        stdout: exchanged?,
        statuses: statuses?,
    })
}

/// Writes and reads, each whenever it can be done.
fn exchange(feed: OwnedFd, mut input: &[u8], collect: OwnedFd) -> io::Result<Vec<u8>> {
    // "Ready for writing" promises room for some bytes, and not for all of ours: a write that sleeps
    // until the last one fits would be the deadlock again. A read takes what is there.
    fcntl(&feed, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    let (mut feed, mut collect) = (Some(File::from(feed)), Some(File::from(collect)));
    let mut stdout = Vec::new();
    let mut piece = vec![0; PIECE];
    loop {
        if input.is_empty() {
            // The end of the input, for the first stage.
            feed = None;
        }
        let (writable, readable) = match ready(feed.as_ref(), collect.as_ref())? {
            Some(ready) => ready,
            None => return Ok(stdout),
        };
        if writable && let Some(end) = &mut feed {
            match end.write(input) {
                Ok(written) => input = &input[written..],
                // The stage has read all that it wanted.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => feed = None,
                Err(error) => passes(error)?,
            }
        }
        if readable && let Some(end) = &mut collect {
            match end.read(&mut piece) {
                Ok(0) => collect = None,
                Ok(length) => stdout.extend_from_slice(&piece[..length]),
                Err(error) => passes(error)?,
            }
        }
    }
}

/// Waits until something can be done: whether that is to write, to read, or both. `None` if neither
/// end is open.
fn ready(feed: Option<&File>, collect: Option<&File>) -> io::Result<Option<(bool, bool)>> {
    let ends = [(feed, PollFlags::POLLOUT), (collect, PollFlags::POLLIN)];
    let mut open: Vec<PollFd<'_>> = ends
        .into_iter()
        .filter_map(|(end, event)| Some(PollFd::new(end?.as_fd(), event)))
        .collect();
    if open.is_empty() {
        return Ok(None);
    }
    match poll(&mut open, PollTimeout::NONE) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(error) => return Err(error.into()),
    }
    // An end whose other side has gone is ready as well: to fail, or to be at its end.
    let mut said = open.iter().map(|end| end.any().unwrap_or(false));
    let mut of = |end: Option<&File>| end.is_some() && said.next().unwrap_or(false);
    Ok(Some((of(feed), of(collect))))
}

/// A signal came in between, or somebody else was faster: look again.
fn passes(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock => Ok(()),
        _ => Err(error),
    }
}
