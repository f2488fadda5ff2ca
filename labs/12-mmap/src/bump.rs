//! The program `bump FILE N`: adds 1 to the counter in FILE, N times, and prints the value it
//! reached.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program; `args` are the arguments after the program's name.
///
/// Exit status 0 and the value of the last addition on a line of stdout (N = 0: the present value);
/// 1 if the counter failed, with a message on stderr that names FILE; 2 for wrong arguments, with a
/// message on stderr.
pub fn main(args: Vec<OsString>) -> ExitCode {
    todo!()
}
