//! Barriers: a point that nobody passes before all have reached it.
//!
//! A calculation in rounds, in which every thread needs what all others did in the round before, has
//! to keep the rounds apart. A barrier does: it counts who has arrived, lets the last one open it, and
//! is closed again for the next round. The counting is easy. What is hard is that a fast thread may
//! be back before a slow one has left; so a slow one must wait for its *own* round to end, and not for
//! a count that means something else by then.
//!
//! ```
//! use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
//!
//! let written = [const { AtomicU32::new(0) }; 3];
//! barrier::phases(3, 10, |who, round| match round {
//!     0 => written[who].store(1, Relaxed),
//!     _ => assert_eq!(written.iter().map(|n| n.load(Relaxed)).sum::<u32>(), 3),
//! });
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p barrier --example overtaking
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex` with `FUTEX_WAIT` | a thread that has arrived sleeps, if its round has not ended meanwhile | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `futex` with `FUTEX_WAKE` | the last one wakes all others | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | the second round never ends | a thread waited for the count to be full, and came to look when the next round had begun | 20, `overtaking` |
//! | a thread is a round ahead | the last one opened a turnstile for `n` threads, and a fast one went through twice | 20, `overtaking` |
//! | two leaders, or none | the count was read again after the lock was given back | 20 |
//! | old data after the barrier, on some machines | arriving did not release, or leaving did not acquire | 20 |
//! | all wait for ever | somebody will not come: it has panicked, or was never started | 20, `out` |
//! | a core at 100 % | waiting by looking again and again | 20 |
//!
//! # C++ and Rust
//!
//! | C++ | `std` | here |
//! |---|---|---|
//! | `std::barrier sync(3)`, `sync.arrive_and_wait()` | `Barrier::new(3)`, `wait()` | [`Barrier::wait`] |
//! | `arrive_and_drop()` | – | [`Barrier::arrive_and_drop`] |
//! | a completion function | what the leader does: `is_leader()` | [`Turn::Leader`] |
//! | `std::latch` | `Barrier` used once | `latch` (example) |
//! | – | – | [`Barrier::wait_timeout`], as `java.util.concurrent.CyclicBarrier` breaks |
//!
//! # Read in this order
//!
//! 1. [`barrier`]: [`Barrier`], a monitor with a generation.
//! 2. [`mod@phases`]: [`phases()`], a calculation in rounds.
//! 3. [`stages`]: the same without a mutex, one idea each.
//! 4. The examples. The notes': `phase_work`, `latch`. What goes wrong: `overtaking`. What it is for:
//!    `jacobi`. When somebody does not come: `out`.
//!
//! # What this does not do
//!
//! It has no tree: with hundreds of threads they should not all count in one place. It cannot be
//! used between processes. And it says nothing about who may touch what in a round: that is for
//! whoever divides the work.

use ::futex;

pub mod barrier;

pub mod phases;

pub mod stages;

pub use barrier::{Barrier, Broken, Turn};
pub use phases::phases;
