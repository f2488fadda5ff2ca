//! `capture` without a pipe for the input: it is written to a file without a name, and that is what
//! the first stage reads. Nothing can deadlock, because nobody writes while we read.
//!
//! A file can be as long as the disk has room. (Where it is allowed, `memfd_create` gives one that
//! needs no disk.)

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

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
/// Those of the stages, of the file and of reading.
pub fn capture(stages: &[Stage], input: &[u8]) -> Result<Captured, PipeError> {
    let (collect, last) = pipe()?;
    let pipeline = Pipeline::start(stages, spooled(input)?.into(), last)?;
    let mut stdout = Vec::new();
    let read = File::from(collect).read_to_end(&mut stdout);
    let statuses = pipeline.wait();
    read?;
    Ok(Captured {
        stdout,
        statuses: statuses?,
    })
}

fn spooled(input: &[u8]) -> io::Result<File> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_TMPFILE)
        .mode(0o600)
        .open(std::env::temp_dir())?;
    file.write_all(input)?;
    file.rewind()?;
    if file.as_raw_fd() <= libc::STDERR_FILENO {
        // A stage's end must have a number above the standard ones.
        return file.try_clone();
    }
    Ok(file)
}
