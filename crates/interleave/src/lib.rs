//! A model checker for thread code: it takes the place of `std`, and tries every interleaving, and
//! every value that weak memory allows.
//!
//! A stress test runs a lock a million times and hopes. The interleaving that breaks it may need two
//! threads to meet within a nanosecond; on x86 most mistakes in memory orderings never show at all. A
//! model checker does not hope: it executes the program itself, one thread at a time, and chooses who
//! goes next and what each load reads. Each execution makes other choices, until there are none left.
//! The code under test is plain `std` code that was compiled with this crate under that name. So what
//! it uses of `std` is either a shadow from here, which the search controls, or does not exist.
//!
//! ```
//! #[macro_use]
//! extern crate interleave as std;
//! use std::{model::{Kind, Model, Tracked}, sync::atomic::{AtomicBool, Ordering::Relaxed}, thread};
//!
//! fn main() {
//!     let report = Model::new().check(|| {
//!         let (data, ready) = (Tracked::new(0), AtomicBool::new(false));
//!         thread::scope(|scope| {
//!             scope.spawn(|| { data.set(7); ready.store(true, Relaxed) });
//!             if ready.load(Relaxed) { data.get(); }
//!         });
//!     });
//!     assert_eq!(report.counterexample().unwrap().kind(), Kind::Race); // Release and Acquire pass
//! }
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p interleave --example wrong_locks
//! cargo bench -p interleave --bench executions
//! ```
//!
//! # What is in the place of what
//!
//! | of `std` | here |
//! |---|---|
//! | `sync::atomic` | each load may read an older value than the newest, as far as its ordering allows |
//! | `sync::{Mutex, RwLock, Condvar, Barrier, Once, OnceLock, LazyLock, mpsc}` | the model's own; waits end for no reason where `std` allows that |
//! | `thread`, `thread_local!` | threads are fibers of one thread; who runs is the search's choice |
//! | `time::Instant`, `thread::sleep` | a clock that stands still, unless all sleep or the search lets it jump |
//! | `hint::spin_loop`, `thread::yield_now` | others go first, until something changes that the spinner has looked at |
//! | `cell::Cell` | accesses that race are found |
//! | `panic` | each model thread has its own panics |
//! | `collections::{HashMap, HashSet}`, `hash` | a hasher that is not random |
//! | `println!` and its like | the text becomes part of a counterexample |
//! | `alloc`, `any`, …, `vec` | `std`'s own: nothing in them is shared by threads |
//! | `sync::Arc` | `std`'s own, with its ordering guessed (below) |
//! | `process`, `fs`, `net`, `env`, `os`, `arch` | nothing: the code does not compile |
//!
//! ```compile_fail
//! #[macro_use]
//! extern crate interleave as std;
//!
//! fn main() {
//!     std::process::exit(0) // there is no `process` in `std`
//! }
//! ```
//! ```compile_fail
//! #[macro_use]
//! extern crate interleave as std;
//!
//! fn main() {
//!     assert!(std::env::args().count() < 9) // there is no `env` in `std`
//! }
//! ```
//!
//! Two things are added. [`futex`] is what `std` builds its locks from, and does not show. [`model`]
//! is the checker itself.
//!
//! # What can go wrong
//!
//! | you see | because |
//! |---|---|
//! | `data race` on a [`Tracked`](model::Tracked) | two accesses, one writes, and neither happens before the other: an ordering is too weak, or the lock lets two in |
//! | `data race` on an atomic | it was made on the heap and handed over with `Relaxed`: who found it need not see that it was made |
//! | `deadlock` | all who are left wait for each other, or for a wake-up that was given too early |
//! | `spins for ever` | a spinner had 20 000 turns in which nothing changed |
//! | `use after free` | an atomic, a lock or a payload was used in memory that had been given back |
//! | `not deterministic` | the program depends on something outside: a random number, an address of the system, a `static` of another crate |
//! | `could not find … in std` | the model does not know it, so it could not judge it |
//!
//! # Read in this order
//!
//! 1. [`model`]: what a check is asked and what it answers.
//! 2. `memory/mod.rs`: what a load may read. `race.rs`: what a race is.
//! 3. `engine/schedule.rs`, `engine/spinning.rs`: who runs. `engine/atomics.rs`, `locks.rs`, `waiting.rs`: what
//!    an operation does.
//! 4. `search/mod.rs`, `search/path.rs`, `search/visited.rs`: which executions are tried, and which are
//!    not because another one was in the same state.
//! 5. `fiber.rs`, `heap.rs`, `identity.rs`: how an execution is abandoned and begun again in a
//!    microsecond. `trace/`: how a counterexample comes to be read.
//! 6. `sync/`, `thread/`: the shadows.
//!
//! The book's chapter *How a model checker works* tells it in one go, with the literature.
//!
//! # What this does not do
//!
//! It never calls right code wrong on purpose, and it does miss things:
//!
//! - Memory is a little stronger than C11 allows. A store never lands before one that was executed
//!   earlier (2+2W), and no load reads from a store that is executed later (load buffering).
//! - The search is bounded: three deviations, unless more are asked for. A bug that needs `n` threads
//!   inside at once needs `n - 1`.
//! - Races are found on [`Tracked`](model::Tracked) payloads and in `Cell`s. What code does through an
//!   `UnsafeCell` or a raw pointer is not seen.
//! - What the threads know through an `Arc` is guessed when its last owner is found at work. The guess
//!   is on the side of the code under test. One thing is not guessed: that `Arc::get_mut` tells about
//!   what is *behind a pointer* inside of the `Arc`.
//! - All threads must end, the program's included; a thread that sleeps for ever is a deadlock.
//! - A spin that gives up by itself after more than 20 000 turns is taken for endless, and an execution
//!   with more than 100 000 operations for one without end.
#![expect(
    clippy::legacy_numeric_constants,
    reason = "std has them, and code under test uses them"
)]

mod engine;
mod fiber;
mod heap;
mod identity;
mod macros;
mod memory;
mod mixing;
mod objects;
mod race;
mod reused;
mod search;
mod statics;
mod threads;
mod trace;

pub mod alloc;
pub mod cell;
pub mod collections;
pub mod futex;
pub mod hash;
pub mod hint;
pub mod io;
pub mod model;
pub mod panic;
pub mod sync;
pub mod thread;
pub mod time;

/// So many threads can an execution have.
pub(crate) const MAX_THREADS: usize = 16;

// What is listed has no threads, no memory that others see, and no way out of the model.
pub use std::{
    any, array, ascii, borrow, boxed, char, clone, cmp, convert, default, error, ffi, fmt, future,
    iter, marker, mem, num, ops, option, pin, prelude, primitive, ptr, rc, result, slice, str,
    string, task, vec,
};
pub use std::{
    assert, assert_eq, assert_ne, cfg, column, compile_error, concat, debug_assert,
    debug_assert_eq, debug_assert_ne, file, format, format_args, line, matches, module_path,
    option_env, stringify, todo, unimplemented, unreachable, write, writeln,
};
pub use std::{f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize};

#[doc(hidden)]
pub use macros::__print;
