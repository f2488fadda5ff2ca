//! what: a static of 8 GiB
//! expect: does-not-compile|stopped-by-limit

use std::{ffi::OsString, process::ExitCode};

static LARGE: [u8; 8 << 30] = [1; 8 << 30];

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", LARGE[1]);
    ExitCode::SUCCESS
}
