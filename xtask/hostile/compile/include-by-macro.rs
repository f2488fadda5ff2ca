//! what: reads the passwords, by a name that is only put together by a macro
//! expect: refused
//! without the rules: does-not-compile
//! because: couldn't read

use std::{ffi::OsString, process::ExitCode};

macro_rules! read {
    ($how:ident) => {
        $how!("/etc/shadow")
    };
}

const SHADOW: &str = read!(include_str);

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{SHADOW}");
    ExitCode::SUCCESS
}
