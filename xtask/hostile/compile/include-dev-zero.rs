//! what: includes a file that never ends
//! expect: refused
//! without the rules: stopped-by-limit

use std::{ffi::OsString, process::ExitCode};

static ZEROS: &[u8] = include_bytes!("/dev/zero");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", ZEROS.len());
    ExitCode::SUCCESS
}
