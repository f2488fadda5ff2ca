//! what: makes the compiler print checks, the reference, passwords and environments as its own errors
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

compile_error!(include_str!("/etc/shadow"));
compile_error!(include_str!("@REPOSITORY@/labs/12-mmap/tests/checks.rs"));
compile_error!(include_str!("../tests/checks.rs"));
compile_error!(include_str!("@REPOSITORY@/crates/mmap/src/bump.rs"));
compile_error!(include_str!("/proc/@VICTIM@/environ"));
compile_error!(include_str!("/proc/self/environ"));

pub fn main(_: Vec<OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
