//! what: reads the hidden checks while it is compiled
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

const CHECKS: &str = include_str!("@REPOSITORY@/labs/12-mmap/tests/checks.rs");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{CHECKS}");
    ExitCode::SUCCESS
}
