//! The programs that the checks have the student's code start. Each is this program again, in a role
//! of its own, so none has to be found or installed. None judges anything.
//!
//! Where one takes a code, it is what it will exit with.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read, Write},
    os::fd::AsFd,
    process::ExitCode,
};

use nix::sys::signal::{Signal, raise};

/// What a helper exits with that cannot write what it has to; never asked for by a check.
const CANNOT_WRITE: u8 = 74;

/// `say CODE TEXT`: prints the text, and reads nothing.
pub(crate) fn say(arguments: Vec<OsString>) -> ExitCode {
    let text = arguments.get(1).cloned().unwrap_or_default();
    ended(print(text.as_encoded_bytes()), &arguments)
}

/// `copy`: prints what it reads, to the end, as `cat` does. By the kernel's own copying
/// (`splice(2)`), where it can: it makes no call that a check could mean of the student's.
pub(crate) fn copy(arguments: Vec<OsString>) -> ExitCode {
    let copied = files().and_then(|(mut from, mut to)| io::copy(&mut from, &mut to));
    ended(copied.map(drop), &arguments)
}

/// `upper CODE`: prints what it reads with small letters made large.
pub(crate) fn upper(arguments: Vec<OsString>) -> ExitCode {
    let done = files().and_then(|(mut from, mut to)| {
        let mut piece = [0; 4096];
        loop {
            let length = read(&mut from, &mut piece)?;
            if length == 0 {
                return Ok(());
            }
            piece[..length].make_ascii_uppercase();
            to.write_all(&piece[..length])?;
        }
    });
    ended(done, &arguments)
}

/// `count CODE`: prints how many bytes it has read, at their end.
pub(crate) fn count(arguments: Vec<OsString>) -> ExitCode {
    let counted = files().and_then(|(mut from, _)| io::copy(&mut from, &mut io::sink()));
    ended(
        counted.and_then(|bytes| print(format!("{bytes}\n").as_bytes())),
        &arguments,
    )
}

/// `endless`: prints lines until it is ended, or told that nobody reads.
pub(crate) fn endless(_: Vec<OsString>) -> ExitCode {
    let lines = b"y\n".repeat(2048);
    while print(&lines).is_ok() {}
    ExitCode::from(CANNOT_WRITE)
}

/// `first N`: reads N bytes, prints them and reads no more, as `head -c N` does.
pub(crate) fn first(arguments: Vec<OsString>) -> ExitCode {
    let length = number(&arguments).into();
    let done = files().and_then(|(from, mut to)| {
        let mut bytes = Vec::new();
        from.take(length).read_to_end(&mut bytes)?;
        to.write_all(&bytes)
    });
    ended(done, &[])
}

/// `quit CODE`: reads nothing, prints nothing.
pub(crate) fn quit(arguments: Vec<OsString>) -> ExitCode {
    ended(Ok(()), &arguments)
}

/// `die`: ends by SIGTERM.
pub(crate) fn die(_: Vec<OsString>) -> ExitCode {
    raise(Signal::SIGTERM).ok();
    ExitCode::from(CANNOT_WRITE)
}

/// `list`: prints which descriptors it was given, and whether SIGPIPE is ignored.
pub(crate) fn list(_: Vec<OsString>) -> ExitCode {
    let descriptors: Vec<String> = checks::inherited_descriptors()
        .into_iter()
        .map(|(number, kind)| format!("{number} {kind}"))
        .collect();
    let sigpipe = match checks::sigpipe_was_ignored() {
        true => "ignored",
        false => "default",
    };
    let told = format!("{}; SIGPIPE {sigpipe}\n", descriptors.join(", "));
    ended(print(told.as_bytes()), &[])
}

/// The first argument.
fn number(arguments: &[OsString]) -> u8 {
    let first = arguments.first().and_then(|word| word.to_str());
    first.and_then(|word| word.parse().ok()).unwrap_or(0)
}

fn ended(done: io::Result<()>, arguments: &[OsString]) -> ExitCode {
    match done {
        Ok(()) => ExitCode::from(number(arguments)),
        Err(_) => ExitCode::from(CANNOT_WRITE),
    }
}

fn print(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Standard input and output without buffers.
fn files() -> io::Result<(File, File)> {
    let copy = |of: &dyn AsFd| of.as_fd().try_clone_to_owned().map(File::from);
    Ok((copy(&io::stdin())?, copy(&io::stdout())?))
}

fn read(from: &mut File, piece: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
