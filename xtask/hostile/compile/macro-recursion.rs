//! what: a macro that calls itself without end
//! expect: does-not-compile
//! because: recursion limit reached

use std::{ffi::OsString, process::ExitCode};

macro_rules! again {
    ($($words:tt)*) => {
        again!($($words)* +)
    };
}

pub fn main(_: Vec<OsString>) -> ExitCode {
    again!();
    ExitCode::SUCCESS
}
