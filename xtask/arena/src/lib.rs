//! The arena: the only place that starts student code.
//!
//! A check (or the demo) is the *client*. It starts one *helper*, which is its own program started
//! again through `/proc/self/exe` in another role, and talks to it over a socket pair in typed
//! messages. The helper starts the student's processes, limits them, carries questions and answers
//! to and fro, steps them instruction by instruction, and at the end kills and reaps whatever is
//! left. It has one thread, because a tracer is a thread and a fork wants a process with only one.
//!
//! ```text
//! check ── requests ──▶ helper ── fork, exec ──▶ driver A, driver B, programs …
//!       ◀── replies ──         ◀── answers, stops, exit states ──
//! ```
//!
//! Read in this order: [`protocol`](Program) (what can be asked), [`Arena`] (the client),
//! `helper/` (starting, listening, cleaning up), `step/` (exploring what two or three processes
//! can do to each other).
//!
//! What this crate does not do: know a lab, judge, or print. Who started a process learns what it
//! did; whether that is right is for the check to say.

#[cfg(not(target_os = "linux"))]
compile_error!(
    "Interlock runs on Linux: see docs/setup.md for WSL 2, containers and virtual machines"
);

mod client;
mod folder;
mod helper;
mod inherited;
mod isolation;
mod machine;
mod orphans;
mod passing;
mod protocol;
#[cfg(target_arch = "x86_64")]
mod step;
#[cfg(not(target_arch = "x86_64"))]
#[path = "step/elsewhere.rs"]
mod step;
mod which;

pub use client::{Arena, Error, probe, prospects};
pub use helper::role;
pub use inherited::{inherited_descriptors, restore_sigpipe, sigpipe_was_ignored};
pub use isolation::{Isolation, Level, MemoryBound, NoSuchLevel, Settings};
pub use machine::{landlock_abi, try_stepping};
pub use orphans::{adopt_orphans, groups_left, reap_orphans, sweep_groups};
pub use probe::SourceLine;
pub use protocol::{
    Access, Belongings, Census, Disturbance, End, Ended, Exploration, Explored, Heard, How, Limits,
    Measure, Outcome, PipeEnd, PipeWait, ProcessId, Program, Schedule, Sleeper, Spot, SystemV,
    Touch, Until, Who, patience,
};
pub use which::{By, Fault, On, Which};
