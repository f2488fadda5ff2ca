//! what: a function that needs itself for ever larger types
//! expect: does-not-compile
//! because: recursion limit

use std::{ffi::OsString, process::ExitCode};

fn larger<T>(depth: u64, value: T) -> u64 {
    if depth == 0 {
        0
    } else {
        larger(depth - 1, (value,))
    }
}

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", larger(7, ()));
    ExitCode::SUCCESS
}
