//! what: a static of 8 EiB
//! expect: does-not-compile

use std::{ffi::OsString, process::ExitCode};

static HUGE: [u8; 1 << 63] = [1; 1 << 63];

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", HUGE[1]);
    ExitCode::SUCCESS
}
