//! what: reads the passwords of the machine while it is compiled
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

const SHADOW: &str = include_str!("/etc/shadow");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{SHADOW}");
    ExitCode::SUCCESS
}
