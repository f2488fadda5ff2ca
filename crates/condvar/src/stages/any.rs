//! `std::condition_variable_any`: a condition variable for any lock.
//!
//! C++ asks the lock for two functions, `lock` and `unlock`. In Rust a lock is its guard, so we ask for
//! one: how to get the guard again, once it has been dropped. A read guard will do as well as a
//! write guard, or a lock of one's own. The counter is the same as in [`counter`](super::counter), except for
//! the orderings: nothing is known about the lock, and different waiters may even use different
//! ones.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::futex;

/// A condition variable that works with whatever can be locked again.
#[derive(Debug, Default)]
pub struct CondvarAny(AtomicU32);

impl CondvarAny {
    /// A condition variable for which nobody waits.
    pub const fn new() -> Self {
        CondvarAny(AtomicU32::new(0))
    }

    /// Drops the guard, sleeps until a notification, and gets a guard again by `relock`.
    pub fn wait<G>(&self, guard: G, relock: impl FnOnce() -> G) -> G {
        let seen = self.0.load(SeqCst);
        drop(guard);
        futex::wait(&self.0, seen, None);
        relock()
    }

    /// Wakes one that waits.
    pub fn notify_one(&self) {
        self.0.fetch_add(1, SeqCst);
        futex::wake(&self.0, 1);
    }

    /// Wakes all that wait.
    pub fn notify_all(&self) {
        self.0.fetch_add(1, SeqCst);
        futex::wake(&self.0, usize::MAX);
    }
}
