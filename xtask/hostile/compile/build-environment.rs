//! what: reads variables of the build
//! expect: refused
//! without the rules: compiles

use std::{ffi::OsString, process::ExitCode};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");
const TOKEN: Option<&str> = option_env!("GITHUB_TOKEN");

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{FOLDER} {TOKEN:?}");
    ExitCode::SUCCESS
}
