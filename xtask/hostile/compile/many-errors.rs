//! what: 65 536 errors, each with its own explanation
//! expect: does-not-compile|stopped-by-limit
//! because: mismatched types

use std::{ffi::OsString, process::ExitCode};

macro_rules! double {
    ([] $($words:tt)*) => {
        $(let _: u8 = $words;)*
    };
    ([$first:tt $($left:tt)*] $($words:tt)*) => {
        double!([$($left)*] $($words)* $($words)*)
    };
}

pub fn main(_: Vec<OsString>) -> ExitCode {
    double!([- - - - - - - - - - - - - - - -] "not a number");
    ExitCode::SUCCESS
}
