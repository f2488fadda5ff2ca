//! The program `bump FILE N`: adds 1 to the counter in FILE, N times, and prints the value it
//! reached.
//!
//! It adds one at a time on purpose: with several of them at once, a counter that loses updates
//! shows it.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::counter::Counter;

/// Runs the program with `args`, the arguments after the program's name.
///
/// Exit status 0 and the value on stdout; 1 if the counter failed, 2 for wrong arguments, both with
/// a message on stderr.
pub fn main(args: Vec<OsString>) -> ExitCode {
    let [file, times] = args.as_slice() else {
        return fail(2, "usage: bump FILE N");
    };
    let Some(times) = number(times) else {
        let times = times.display();
        return fail(
            2,
            &format!("bump: {times} is not a number\nusage: bump FILE N"),
        );
    };
    let value = match bump(Path::new(file), times) {
        Ok(value) => value,
        Err(error) => return fail(1, &format!("bump: {}: {error}", file.display())),
    };
    match writeln!(io::stdout(), "{value}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(1, &format!("bump: stdout: {error}")),
    }
}

fn bump(file: &Path, times: u64) -> io::Result<u64> {
    let counter = Counter::open(file)?;
    let mut value = counter.get();
    for _ in 0..times {
        value = counter.add(1)?;
    }
    Ok(value)
}

fn number(text: &OsStr) -> Option<u64> {
    text.to_str()?.parse().ok()
}

fn fail(status: u8, message: &str) -> ExitCode {
    // If stderr is closed, the exit status still says that it failed.
    writeln!(io::stderr(), "{message}").ok();
    ExitCode::from(status)
}
