//! The futex: sleep if a word is as expected, and wake those who sleep on it.
//!
//! The comparison and the falling asleep are one step, so that a change in between is not missed.
//! The real one is [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html).

pub mod robust;

use std::num::NonZeroU64;
use std::panic::Location as Place;
use std::time::Duration;

use crate::engine::waiting::{self, Woken};
use crate::sync::atomic::AtomicU32;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Somebody woke it.
    Woken,
    /// The word was not as expected: it did not sleep (EAGAIN).
    Changed,
    /// The time was over (ETIMEDOUT).
    TimedOut,
    /// A signal came in between (EINTR).
    Interrupted,
}

/// Sleeps if the word is `expected`, until somebody wakes it or the time is over. A caller looks at
/// the word again, however the wait has ended.
#[track_caller]
pub fn wait(word: &AtomicU32, expected: u32, timeout: Option<Duration>) -> Wait {
    match waiting::futex_wait(&word.atom, expected, timeout, Place::caller()) {
        Woken::ByAnother => Wait::Woken,
        Woken::Changed => Wait::Changed,
        Woken::TimedOut => Wait::TimedOut,
        Woken::Interrupted => Wait::Interrupted,
    }
}

/// Wakes at most `count` of those who sleep on the word; says how many.
#[track_caller]
pub fn wake(word: &AtomicU32, count: usize) -> usize {
    waiting::futex_wake(&word.atom, count, Place::caller())
}

/// A number that no other thread has.
pub fn thread_id() -> NonZeroU64 {
    NonZeroU64::MIN.saturating_add(crate::thread::index() as u64)
}

/// The same for a word in memory that processes share. Here all threads are of one process.
pub mod shared {
    pub use super::{wait, wake};
}
