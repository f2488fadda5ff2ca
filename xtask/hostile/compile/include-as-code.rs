//! what: takes the passwords and the hidden checks for code, so that errors quote them
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

include!("/etc/shadow");
include!("@REPOSITORY@/labs/12-mmap/tests/checks.rs");

pub fn main(_: Vec<OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
