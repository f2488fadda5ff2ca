//! For the threads of one process. A private futex is cheaper: the kernel need not find out which
//! memory is behind the address.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use crate::call::{self, Scope, Wait};

/// Sleeps if the word is `expected`, until somebody wakes it or the time is over.
///
/// The comparison and the falling asleep are one step: a change in between is not missed. May end for
/// no reason. See [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html).
pub fn wait(word: &AtomicU32, expected: u32, timeout: Option<Duration>) -> Wait {
    call::wait(Scope::Private, word, expected, timeout)
}

/// Wakes at most `count` of those who sleep on the word, and says how many.
///
/// It never blocks, and is cheap if nobody sleeps, but it is a system call all the same: a good lock
/// does not come here unless somebody may sleep.
pub fn wake(word: &AtomicU32, count: usize) -> usize {
    call::wake(Scope::Private, word, count)
}
