//! what: includes a file that never ends
//! expect: refused
//! without the rules: does-not-compile|stopped-by-limit
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

static ZEROS: &[u8] = include_bytes!("/dev/zero");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", ZEROS.len());
    ExitCode::SUCCESS
}
