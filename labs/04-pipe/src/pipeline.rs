//! Stages, how they end, and what you make of them: processes with a pipe between each two.

#![allow(unused_variables, dead_code, reason = "delete this when you begin")]

use std::ffi::OsString;
use std::io;

/// A program and its arguments, as a shell would start it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The program first. A name without a slash is looked up in `PATH`.
    pub argv: Vec<OsString>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By an exit of its own, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// Why a pipeline did not run.
#[derive(Debug)]
pub enum PipeError {
    /// A stage could not be started. The first is 0.
    Spawn { stage: usize, source: io::Error },
    /// Any other error of the system.
    Io(io::Error),
}

// `capture` and `plumb` both need to start all stages, and to wait for them. What they share may
// stand here; nobody but you calls it.
