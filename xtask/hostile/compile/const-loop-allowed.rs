//! what: computes for ever while it is compiled, with the lint switched off that would refuse it
//! expect: stopped-by-limit

#![allow(long_running_const_eval)]

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
