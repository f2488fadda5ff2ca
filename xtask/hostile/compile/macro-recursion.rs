//! what: a macro that calls itself without end
//! expect: does-not-compile
//! without the rules: does-not-compile

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
