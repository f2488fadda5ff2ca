//! what: reads the environment of the compiler; a clean one tells nothing
//! expect: refused
//! without the rules: compiles

use std::{ffi::OsString, process::ExitCode};

static ENVIRONMENT: &[u8] = include_bytes!("/proc/self/environ");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", String::from_utf8_lossy(ENVIRONMENT));
    ExitCode::SUCCESS
}
