//! The model's side of the protocol between a check and the student's code.
//!
//! A lab whose threads are judged by [`interleave`] has a second program beside its driver: the same
//! modules of the student's, compiled with the model in the place of `std`. It holds *programs*, small
//! ones that use those modules and assert something, and it searches through their executions when a
//! check asks for it. This crate is what such a program is made of.
//!
//! ```no_run
//! use interleave::{model::Tracked, thread};
//!
//! fn main() -> modelled::ExitCode {
//!     modelled::Programs::new()
//!         .program("nobody_locks", || {
//!             let number = Tracked::new(0);
//!             thread::scope(|scope| {
//!                 for _ in 0..2 {
//!                     scope.spawn(|| number.set(number.get() + 1));
//!                 }
//!             });
//!         })
//!         .session()
//! }
//! ```
//!
//! # A session
//!
//! The channel and the form of its lines are the driver's. The questions are these:
//!
//! | question | answer |
//! |---|---|
//! | `programs` | `ok NAME NAME …` |
//! | `source FILE TEXT` | `ok`; from now on variables and lines are quoted from there |
//! | `search PROGRAM JSON` of a [`story::Search`] | `ok JSON` of a [`story::Found`] |
//! | `position PROGRAM JSON` of a [`story::Script`] | `ok JSON` of a [`story::Position`] |
//!
//! A program that does not exist is a mistake of the grader's, and ends the process as such.
//!
//! What this crate does not do: judge. It says what the model has found, in the same process as the
//! student's code; what that is worth is for a check in another process to say.

mod found;
mod position;
mod programs;
mod sources;
mod told;

pub use programs::Programs;
// Where `std` is the model, there is no `std::process`.
pub use std::process::ExitCode;
