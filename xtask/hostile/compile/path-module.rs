//! what: makes the reference one of its modules
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

#[path = "@REPOSITORY@/crates/mmap/src/bump.rs"]
mod reference;

pub fn main(_: Vec<OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
