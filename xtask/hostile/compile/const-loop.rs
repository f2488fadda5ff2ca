//! what: computes for ever while it is compiled
//! expect: does-not-compile
//! because: constant evaluation is taking a long time

use std::{ffi::OsString, process::ExitCode};

const FOR_EVER: u64 = {
    let mut turns = 0_u64;
    while turns < u64::MAX {
        turns += 1;
    }
    turns
};

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{FOR_EVER}");
    ExitCode::SUCCESS
}
