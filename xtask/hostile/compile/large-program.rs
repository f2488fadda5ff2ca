//! what: a program of 768 MiB
//! expect: does-not-compile|stopped-by-limit

use std::{ffi::OsString, process::ExitCode};

static LARGE: [u8; 768 << 20] = [1; 768 << 20];

pub fn main(args: Vec<OsString>) -> ExitCode {
    println!("{}", LARGE[args.len()]);
    ExitCode::SUCCESS
}
