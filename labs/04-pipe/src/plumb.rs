//! The program `plumb CMD ARG… --pipe CMD ARG…`: a shell's `CMD ARG… | CMD ARG…`.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program; `args` are the arguments after the program's name.
///
/// The first command reads this program's standard input, the last writes to its standard output.
/// Exit status: that of the last command, 128 + N if signal N ended it; 127 if a command does not
/// exist, 126 if it cannot be executed, 1 for any other error, 2 for wrong arguments, these with a
/// message on stderr.
pub fn main(args: Vec<OsString>) -> ExitCode {
    todo!()
}
