//! The commands, a file each: from options to the grader, and from its answer to the exit code.

mod hint;
mod lab;
mod list;
mod overview;
mod reset;
mod verify;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Context;

use crate::{
    cli::{Command, Options},
    grader::{
        self,
        error::{Blame, Error},
        interrupt::Interrupt,
        repository::Repository,
    },
    report::Lang,
};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every gradable point was earned, or everything was verified.
    Good,
    PointsLost,
    /// Wrong usage, or a manifest that is not in order.
    Usage,
    /// The grader itself failed, or something was not graded that had to be.
    GraderFailed,
    Interrupted,
}

/// The number for the shell. A student's failure and the grader's never share one.
pub(crate) fn exit_code(exit: Exit) -> ExitCode {
    match exit {
        Exit::Good => ExitCode::SUCCESS,
        Exit::PointsLost => ExitCode::from(1),
        Exit::Usage => ExitCode::from(2),
        Exit::GraderFailed => ExitCode::from(3),
        // As a shell tells of a program that SIGINT has ended.
        Exit::Interrupted => ExitCode::from(130),
    }
}

/// What every command has at hand.
struct AtHand {
    repository: Repository,
    interrupt: Interrupt,
    lang: Lang,
}

/// Runs a command and tells its error, if it has one, once.
pub(crate) fn run(options: Options) -> ExitCode {
    let exit = execute(options).unwrap_or_else(|error| tell(&error));
    exit_code(exit)
}

fn execute(options: Options) -> anyhow::Result<Exit> {
    let at_hand = AtHand {
        repository: Repository::find().map_err(Error::from)?,
        interrupt: Interrupt::install().context("Ctrl-C cannot be watched for")?,
        lang: options.lang.unwrap_or_else(Lang::from_locale),
    };
    grader::orphans::adopt().context("orphans cannot be adopted")?;
    // Removed at the very end, when nothing runs any more: a check that had to be killed, or a demo
    // that was interrupted, cannot tidy up.
    let _temporary = match options.command {
        Some(Command::Lab(_) | Command::Verify(_)) => Some(temporary_folder()?),
        _ => None,
    };
    let ended = match options.command {
        None => overview::run(&at_hand),
        Some(Command::List) => list::run(&at_hand),
        Some(Command::Lab(options)) => lab::run(&at_hand, &options),
        Some(Command::Hint(options)) => hint::run(&at_hand, &options),
        Some(Command::Reset(options)) => reset::run(&at_hand, &options),
        Some(Command::Verify(options)) => verify::run(&at_hand, &options),
    };
    grader::orphans::reap();
    ended
}

/// A folder for everything temporary, of this process and of those that it starts.
fn temporary_folder() -> anyhow::Result<tempfile::TempDir> {
    let what = || format!("{} cannot be written", tempfile::env::temp_dir().display());
    let folder = tempfile::Builder::new().prefix("interlock-").tempdir();
    let folder = folder.with_context(what)?;
    // There is one command in a process, so nobody was here before.
    tempfile::env::override_temp_dir(folder.path()).ok();
    Ok(folder)
}

/// Tells an error with its causes, and finds out whose it is.
fn tell(error: &anyhow::Error) -> Exit {
    // The reader has gone (`| head`): there is nothing to tell, and nobody to tell it to.
    let pipe = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    if error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(pipe)
    {
        return Exit::GraderFailed;
    }
    let blame = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Error>())
        .map(Error::blame);
    let words = match blame {
        Some(Blame::Interrupted) => {
            "interrupted: nothing was lost, and nothing runs any more".into()
        }
        _ => format!("error: {error:#}"),
    };
    // If standard error is closed, the exit code must do.
    writeln!(io::stderr(), "{words}").ok();
    match blame {
        Some(Blame::User) => Exit::Usage,
        Some(Blame::Interrupted) => Exit::Interrupted,
        Some(Blame::Grader) | None => Exit::GraderFailed,
    }
}
