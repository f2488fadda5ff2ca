//! The commands, a file each: from options to the grader, and from its answer to the exit code.

mod doctor;
mod drill;
mod hint;
mod lab;
mod list;
mod overview;
mod play;
mod reset;
mod selftest;
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
    report::{Lang, page::Page, terminal::Style, words::Words},
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
    style: Style,
}

impl AtHand {
    fn words(&self) -> &'static Words {
        self.lang.words()
    }

    /// An empty page for standard output.
    fn page(&self) -> Page {
        Page::new(self.style.width)
    }

    /// Writes a page to standard output.
    fn show(&self, page: &Page) -> io::Result<()> {
        page.write(&mut io::stdout().lock(), self.style.colour)
    }
}

/// Runs a command and tells its error, if it has one, once.
pub(crate) fn run(options: Options) -> ExitCode {
    let lang = options.lang.unwrap_or_else(Lang::from_locale);
    let exit = execute(options, lang).unwrap_or_else(|error| tell(&error, lang));
    exit_code(exit)
}

fn execute(options: Options, lang: Lang) -> anyhow::Result<Exit> {
    let at_hand = AtHand {
        repository: Repository::find().map_err(Error::from)?,
        interrupt: Interrupt::install().context("Ctrl-C cannot be watched for")?,
        lang,
        style: Style::detect(),
    };
    grader::orphans::adopt().context("orphans cannot be adopted")?;
    // Removed at the very end, when nothing runs any more: a check that had to be killed, or a demo
    // that was interrupted, cannot tidy up.
    let _temporary = match options.command {
        Some(
            Command::Lab(_)
            | Command::Play(_)
            | Command::Verify(_)
            | Command::Doctor(_)
            | Command::Selftest(_),
        ) => Some(temporary_folder()?),
        _ => None,
    };
    let ended = match options.command {
        None => overview::run(&at_hand),
        Some(Command::List) => list::run(&at_hand),
        Some(Command::Lab(options)) => lab::run(&at_hand, &options),
        Some(Command::Play(options)) => play::run(&at_hand, &options),
        Some(Command::Hint(options)) => hint::run(&at_hand, &options),
        Some(Command::Reset(options)) => reset::run(&at_hand, &options),
        Some(Command::Verify(options)) => verify::run(&at_hand, &options),
        Some(Command::Drill(options)) => drill::run(&at_hand, &options),
        Some(Command::Doctor(options)) => doctor::run(&at_hand, &options),
        Some(Command::Selftest(options)) => selftest::run(&at_hand, &options),
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
fn tell(error: &anyhow::Error, lang: Lang) -> Exit {
    // The reader has gone (`| head`): there is nothing to tell, and nobody to tell it to.
    if error.chain().any(is_broken_pipe) {
        return Exit::GraderFailed;
    }
    let blame = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Error>())
        .map(Error::blame);
    let words = lang.words();
    let told = match blame {
        Some(Blame::Interrupted) => words.interrupted_command.to_owned(),
        _ => {
            let causes = error.chain().map(|cause| {
                cause
                    .downcast_ref::<Error>()
                    .map_or_else(|| cause.to_string(), words.mistake)
            });
            format!("{}{}", words.error, causes.collect::<Vec<_>>().join(": "))
        }
    };
    // If standard error is closed, the exit code must do.
    writeln!(io::stderr(), "{told}").ok();
    match blame {
        Some(Blame::User) => Exit::Usage,
        Some(Blame::Interrupted) => Exit::Interrupted,
        Some(Blame::Grader) | None => Exit::GraderFailed,
    }
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    let kind = match cause.downcast_ref::<io::Error>() {
        Some(error) => Some(error.kind()),
        None => cause
            .downcast_ref::<serde_json::Error>()
            .and_then(serde_json::Error::io_error_kind),
    };
    kind == Some(io::ErrorKind::BrokenPipe)
}
