//! The program `plumb CMD ARG… --pipe CMD ARG…`: a shell's `CMD ARG… | CMD ARG…`.
//!
//! The first command reads what this program would read, the last prints where it would print. No
//! byte of it passes through this process.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitCode;

use crate::pipeline::{Exit, PipeError, Pipeline, Stage};

const USAGE: &str = "usage: plumb CMD [ARG]... [--pipe CMD [ARG]...]...";

/// Runs the program with `args`, the arguments after the program's name.
///
/// The exit status is that of the last command; 128 + N if signal N ended it, as in a shell. 127 if
/// a command does not exist, 126 if it cannot be executed, 1 for any other error, 2 for wrong
/// arguments, all with a message on stderr.
pub fn main(args: Vec<OsString>) -> ExitCode {
    let stages: Vec<Stage> = args
        .split(|word| word == "--pipe")
        .map(|argv| Stage {
            argv: argv.to_vec(),
        })
        .collect();
    if stages.iter().any(|stage| stage.argv.is_empty()) {
        return fail(2, USAGE);
    }
    match run(&stages) {
        Ok(Some(Exit::Code(code))) => ExitCode::from(code as u8),
        Ok(Some(Exit::Signal(number))) => ExitCode::from(128 + number as u8),
        Ok(None) => fail(2, USAGE),
        Err(PipeError::Spawn { stage, source }) => {
            let program = stages[stage].argv[0].display();
            let status = match source.kind() {
                io::ErrorKind::NotFound => 127,
                _ => 126,
            };
            fail(status, &format!("plumb: {program}: {source}"))
        }
        Err(PipeError::Io(error)) => fail(1, &format!("plumb: {error}")),
    }
}

/// How the last command ended.
fn run(stages: &[Stage]) -> Result<Option<Exit>, PipeError> {
    let pipeline = Pipeline::start(
        stages,
        copy(io::stdin().as_fd())?,
        copy(io::stdout().as_fd())?,
    )?;
    Ok(pipeline.wait()?.pop())
}

/// Its number is above the standard ones, as that of every descriptor given to a stage must be.
fn copy(standard: impl AsFd) -> io::Result<OwnedFd> {
    standard.as_fd().try_clone_to_owned()
}

fn fail(status: u8, message: &str) -> ExitCode {
    // If stderr is closed, the exit status still says that it failed.
    writeln!(io::stderr(), "{message}").ok();
    ExitCode::from(status)
}
