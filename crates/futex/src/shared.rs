//! For words in memory that several processes have mapped. Sleepers are found by the memory itself,
//! wherever each process has it.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use crate::call::{self, Scope, Wait};

/// As [`wait`](crate::wait), between processes.
pub fn wait(word: &AtomicU32, expected: u32, timeout: Option<Duration>) -> Wait {
    call::wait(Scope::Shared, word, expected, timeout)
}

/// As [`wake`](crate::wake), between processes.
pub fn wake(word: &AtomicU32, count: usize) -> usize {
    call::wake(Scope::Shared, word, count)
}
