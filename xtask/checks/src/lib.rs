//! The kit that the checks of a lab are written with.
//!
//! A check is a function that reads like its sentence in the handout:
//!
//! ```no_run
//! use checks::{Judgement, Trial, question, text};
//!
//! fn doubles(trial: &mut Trial) -> Judgement {
//!     let n = trial.random().between(1, 1000);
//!     let mut scene = trial.scene()?;
//!     let driver = scene.driver()?;
//!     let doubled = scene.ask(driver, &question!["double", n])?.ok()?.number(0)?;
//!     trial.that(doubled == 2 * n, || text!("2 × {n} gave {doubled}"; "2 × {n} 得到 {doubled}"))?;
//!     scene.leave()
//! }
//!
//! checks::main![doubles];
//! ```
//!
//! It never links the student's code: it starts drivers in an arena, asks them what it has made
//! up, watches them, and judges what comes back. [`main!`](crate::main!) makes one program of all checks of a
//! lab, which is also the arena's helper, and the programs that a lab's student has to start, when it
//! is started again in such a role.
//!
//! Read in this order: [`Text`], [`Record`] (what a check says), [`Trial`] (what it is given),
//! [`Scene`] (drivers and programs), [`Plan`] (every interleaving of two or three processes),
//! [`Trial::searched`] (every execution of threads, by the model).
//!
//! What this crate does not do: build anything, add up points, or show anything to anybody.

mod disturb;
mod drill;
mod ending;
mod failure;
mod interleaving;
mod judge;
mod leaks;
mod machine;
mod modelled;
mod question;
mod random;
mod record;
mod scene;
mod trial;

pub use arena::{
    Belongings, By, Census, Fault, On, Outcome, ProcessId, Program, SystemV, Which,
    inherited_descriptors, sigpipe_was_ignored,
};
pub use drill::{Block, Drill, Paper, Part};
pub use ending::submitted_path;
pub use failure::{Failure, Judgement};
pub use judge::{Ledger, Plan, Setup, Wrong};
pub use leaks::{Inventory, Left};
pub use machine::{Check, Helper, run};
pub use probe::{Call, Calls, Family, Injection, Timeline};
pub use question::{Fields, Reply, line};
pub use random::Random;
pub use record::{Interleaving, Place, Record, Row, Step, Verdict};
pub use scene::{Driver, Finished, Running, Scene};
pub use story::{Counts, Found, Search, Story, Text, text};
pub use trial::Trial;
