//! what: reads the reference while it is compiled
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

const REFERENCE: &str = include_str!("@REPOSITORY@/crates/mmap/src/bump.rs");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{REFERENCE}");
    ExitCode::SUCCESS
}
