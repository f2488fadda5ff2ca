//! Builds, executes and grades the labs: `cargo xtask`.
//!
//! Parts that know little of each other: `commands` (what the user asks for), `grader` (finds out and
//! tells it as events; prints nothing), `report` (folds over the events; runs nothing) and `play` (what
//! is answered key by key; starts nothing).

mod cli;
mod commands;
mod grader;
mod play;
mod report;

use std::process::ExitCode;

fn main() -> ExitCode {
    // This program is also its own helper: it starts itself again in that role.
    if let Some(code) = arena::role() {
        return code;
    }
    match cli::parse() {
        Ok(options) => commands::run(options),
        Err(refusal) => refusal.tell(),
    }
}
