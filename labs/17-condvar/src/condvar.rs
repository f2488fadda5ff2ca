//! `Condvar`: sleep until somebody says that a condition may have changed.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::time::Duration;

use crate::given::MutexGuard;

/// A place to wait for a condition. It remembers nothing: a notification while nobody waits is lost.
#[derive(Debug)]
pub struct Condvar {
    // Yours to fill. `crate::futex` puts a thread to sleep on a word; `MutexGuard::mutex(&g)` tells
    // which mutex a guard belongs to.
}

impl Condvar {
    /// A condition variable for which nobody waits.
    pub const fn new() -> Condvar {
        Condvar {}
    }

    /// Gives the mutex back, sleeps until a notification, and takes the mutex again. May end for no
    /// reason.
    pub fn wait<'a, T>(&self, g: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        todo!()
    }

    /// Sleeps for as long as `f` says so. It is called with the mutex held.
    pub fn wait_while<'a, T>(
        &self,
        g: MutexGuard<'a, T>,
        f: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        todo!()
    }

    /// As `wait`, for at most `d`; and whether the time was over. Only then is that true: a wait that
    /// ends early, for whatever reason, has not timed out.
    pub fn wait_timeout<'a, T>(
        &self,
        g: MutexGuard<'a, T>,
        d: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        todo!()
    }

    /// Wakes one that waits, if there is one.
    pub fn notify_one(&self) {
        todo!()
    }

    /// Wakes all that wait.
    pub fn notify_all(&self) {
        todo!()
    }
}
