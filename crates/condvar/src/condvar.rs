//! `Condvar`: sleep until somebody says that a condition may have changed.
//!
//! # The moment in between
//!
//! Whoever waits has seen, with the mutex held, that the condition does not hold. Now it must give
//! the mutex back, and sleep. Between the two, somebody may change the condition and notify, and
//! there is nobody yet to wake. So the sleeping must depend on whether that has happened: a counter
//! of notifications is read *before* the mutex is given back, and the futex lets us sleep only if it
//! is still the same.
//!
//! | field | means |
//! |---|---|
//! | `notified` | how many notifications there were, wrapping around; the word to sleep on |
//! | `waiting` | how many threads are somewhere in `wait` |
//!
//! The condition itself is the caller's. It may have changed again before a woken thread has the mutex
//! back, and a wait may end for no reason: look again, in a loop.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use crate::futex;
use crate::given::MutexGuard;

/// A place to wait for a condition. It remembers nothing: a notification while nobody waits is lost.
#[derive(Debug, Default)]
pub struct Condvar {
    notified: AtomicU32,
    waiting: AtomicU32,
}

impl Condvar {
    /// A condition variable for which nobody waits.
    pub const fn new() -> Condvar {
        Condvar {
            notified: AtomicU32::new(0),
            waiting: AtomicU32::new(0),
        }
    }

    /// Gives the mutex back, sleeps until a notification, and takes the mutex again. May end for no
    /// reason.
    pub fn wait<'a, T>(&self, g: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.sleep(g, None).0
    }

    /// Sleeps for as long as `f` says so. It is called with the mutex held.
    pub fn wait_while<'a, T>(
        &self,
        mut g: MutexGuard<'a, T>,
        mut f: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        while f(&mut g) {
            g = self.wait(g);
        }
        g
    }

    /// As [`Condvar::wait`], for at most `d`; and whether the time was over. Only then is that true:
    /// a wait that ends early, for whatever reason, has not timed out.
    pub fn wait_timeout<'a, T>(
        &self,
        g: MutexGuard<'a, T>,
        d: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        self.sleep(g, Some(d))
    }

    /// Wakes one that waits, if there is one.
    pub fn notify_one(&self) {
        self.notify(1);
    }

    /// Wakes all that wait.
    pub fn notify_all(&self) {
        self.notify(usize::MAX);
    }

    fn sleep<'a, T>(
        &self,
        g: MutexGuard<'a, T>,
        limit: Option<Duration>,
    ) -> (MutexGuard<'a, T>, bool) {
        let mutex = MutexGuard::mutex(&g);
        // Both with the mutex held. Whoever changes the condition holds it later than this, so it
        // sees that somebody waits; and what it counts up has been read here before.
        self.waiting.fetch_add(1, Relaxed);
        let seen = self.notified.load(Relaxed);
        drop(g);
        let ended = futex::wait(&self.notified, seen, limit);
        let g = mutex.lock();
        self.waiting.fetch_sub(1, Relaxed);
        (g, ended == futex::Wait::TimedOut)
    }

    fn notify(&self, count: usize) {
        // Most notifications find nobody, and cost one load.
        if self.waiting.load(Relaxed) > 0 {
            self.notified.fetch_add(1, Relaxed);
            futex::wake(&self.notified, count);
        }
    }
}
