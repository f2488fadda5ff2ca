//! The futex: sleep if a word is as expected, and wake those who sleep on it.
//!
//! The comparison and the falling asleep are one step, so that a change in between is not missed.
//! The real one is [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html).

pub mod robust;

use std::fmt;
use std::num::NonZeroU64;
use std::panic::Location as Place;
use std::time::Duration;

use crate::engine::waiting::{self, Woken};
use crate::sync::atomic::AtomicU32;

/// Why a wait ended, if nobody woke it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The word was not as expected: it did not sleep (EAGAIN).
    Changed,
    /// The time was over (ETIMEDOUT).
    TimedOut,
    /// A signal came in between (EINTR).
    Interrupted,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::Changed => "the word was not as expected",
            Error::TimedOut => "the time was over",
            Error::Interrupted => "a signal came in between",
        })
    }
}

impl std::error::Error for Error {}

/// Sleeps if the word is `expected`, until somebody wakes it or the time is over.
///
/// # Errors
///
/// If nobody woke it. A caller that looks at the word again anyway has no use for the reason.
#[track_caller]
pub fn wait(word: &AtomicU32, expected: u32, timeout: Option<Duration>) -> Result<(), Error> {
    match waiting::futex_wait(&word.atom, expected, timeout, Place::caller()) {
        Woken::ByAnother => Ok(()),
        Woken::Changed => Err(Error::Changed),
        Woken::TimedOut => Err(Error::TimedOut),
        Woken::Interrupted => Err(Error::Interrupted),
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
