//! The suite under the checker: litmus tests and classics, every one of them, and what the checker says.
//!
//! In this file `std` is interleave, so that the programs, which name `std`, meet the model. The suite's own
//! machinery in [`suite`] uses the real one, under the name `real`.
//!
//! `cargo test -p interleave --test model` ends with the numbers: programs, outcomes, kills, false alarms, time.
//! With `-- --report` it prints every verdict and counterexample instead, without times: the same bytes every time.

#![expect(unsafe_code, reason = "lock-free structures follow pointers")]
#![expect(
    clippy::print_stdout,
    reason = "the numbers and the report are its output"
)]
#![expect(clippy::panic, reason = "a program panics on purpose")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;
extern crate std as real;

mod programs;
mod suite;

/// What std does not have: the payload whose races are seen, and the futex.
mod world {
    pub(crate) use interleave::model::{Tracked, may_die};

    /// The model's futex, as the programs call it.
    pub(crate) mod futex {
        use std::sync::atomic::AtomicU32;

        pub(crate) use interleave::futex::robust;

        /// A number that no other thread has, and not 0.
        pub(crate) fn thread_id() -> u32 {
            interleave::futex::thread_id().get() as u32
        }

        /// Sleeps while the word has this value; may return for no reason.
        #[track_caller]
        pub(crate) fn wait(word: &AtomicU32, expected: u32) {
            // The programs look at the word again, whatever the reason.
            _ = interleave::futex::wait(word, expected, None);
        }

        /// Wakes up to so many of those who sleep.
        #[track_caller]
        pub(crate) fn wake(word: &AtomicU32, most: u32) -> usize {
            interleave::futex::wake(word, most as usize)
        }
    }
}

fn main() {
    suite::main();
}
