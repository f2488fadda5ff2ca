//! `capture` with a thread that writes while this one reads.
//!
//! The thread is started after all forks, so no child is a copy of a process with two threads.

use std::fs::File;
use std::io::{self, Read, Write};
use std::thread;

use crate::pipeline::{Exit, PipeError, Pipeline, Stage, pipe};

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
/// Those of the stages, of reading and of writing; EPIPE is none.
pub fn capture(stages: &[Stage], input: &[u8]) -> Result<Captured, PipeError> {
    let (first, feed) = pipe()?;
    let (collect, last) = pipe()?;
    let pipeline = Pipeline::start(stages, first, last)?;
    let mut stdout = Vec::new();
    let (written, read) = thread::scope(|scope| {
        // It owns the end, and closes it when it has come to its own.
        let writer = scope.spawn(move || write(File::from(feed), input));
        let read = File::from(collect).read_to_end(&mut stdout);
        (writer.join(), read)
    });
    let statuses = pipeline.wait();
    read?;
    written.map_err(|_| io::Error::other("the writer panicked"))??;
    Ok(Captured {
        stdout,
        statuses: statuses?,
    })
}

fn write(mut feed: File, input: &[u8]) -> io::Result<()> {
    match feed.write_all(input) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
