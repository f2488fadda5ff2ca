//! what: reads the environment of pid 1 while it is compiled
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

static ENVIRONMENT: &[u8] = include_bytes!("/proc/1/environ");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", String::from_utf8_lossy(ENVIRONMENT));
    ExitCode::SUCCESS
}
