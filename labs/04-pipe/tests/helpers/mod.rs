//! The programs that the checks have the student's code start. Each is this program again, in a role
//! of its own, so none has to be found or installed. None judges anything.
//!
//! Where one takes a code, it is what it will exit with.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
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

/// `copy CODE`: prints what it reads, to the end, as `cat` does.
pub(crate) fn copy(arguments: Vec<OsString>) -> ExitCode {
    ended(through(|piece| print(piece)), &arguments)
}

/// `upper CODE`: prints what it reads with small letters made large.
pub(crate) fn upper(arguments: Vec<OsString>) -> ExitCode {
    let done = through(|piece| {
        piece.make_ascii_uppercase();
        print(piece)
    });
    ended(done, &arguments)
}

/// `count CODE`: prints how many bytes it has read, at their end.
pub(crate) fn count(arguments: Vec<OsString>) -> ExitCode {
    let mut bytes = 0;
    let counted = through(|piece| {
        bytes += piece.len();
        Ok(())
    });
    let done = counted.and_then(|()| print(format!("{bytes}\n").as_bytes()));
    ended(done, &arguments)
}

/// `endless`: prints lines until it is ended, or told that nobody reads.
pub(crate) fn endless(_: Vec<OsString>) -> ExitCode {
    let lines = b"y\n".repeat(2048);
    while print(&lines).is_ok() {}
    ExitCode::from(CANNOT_WRITE)
}

/// `first N`: reads N bytes, prints them and reads no more, as `head -c N` does.
pub(crate) fn first(arguments: Vec<OsString>) -> ExitCode {
    let mut bytes = Vec::new();
    let all = io::stdin()
        .lock()
        .take(number(&arguments).into())
        .read_to_end(&mut bytes);
    ended(all.and_then(|_| print(&bytes)), &[])
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

/// Hands on all that is read, piece by piece. Nothing is kept back, and no descriptor is opened.
fn through(mut each: impl FnMut(&mut [u8]) -> io::Result<()>) -> io::Result<()> {
    let mut piece = vec![0; 64 << 10];
    loop {
        let length = match io::stdin().lock().read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            done => done?,
        };
        if length == 0 {
            return Ok(());
        }
        each(&mut piece[..length])?;
    }
}
