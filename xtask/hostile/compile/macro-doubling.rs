//! what: a macro that doubles its arguments forty times
//! expect: stopped-by-limit

use std::{ffi::OsString, process::ExitCode};

macro_rules! double {
    ([] $($words:tt)*) => {
        [$($words)*]
    };
    ([$first:tt $($left:tt)*] $($words:tt)*) => {
        double!([$($left)*] $($words)* $($words)*)
    };
}

pub fn main(_: Vec<OsString>) -> ExitCode {
    let numbers = double!([- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -] 1,);
    println!("{}", numbers.len());
    ExitCode::SUCCESS
}
