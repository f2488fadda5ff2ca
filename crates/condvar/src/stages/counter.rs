//! Nothing but a counter of notifications: the shortest condition variable that loses none.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::futex;
use crate::given::MutexGuard;

/// A condition variable of one word.
#[derive(Debug, Default)]
pub struct Condvar(AtomicU32);

impl Condvar {
    /// A condition variable for which nobody waits.
    pub const fn new() -> Self {
        Condvar(AtomicU32::new(0))
    }

    /// Gives the mutex back, sleeps until a notification, and takes the mutex again.
    pub fn wait<'a, T>(&self, g: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let mutex = MutexGuard::mutex(&g);
        let seen = self.0.load(Relaxed);
        drop(g);
        futex::wait(&self.0, seen, None);
        mutex.lock()
    }

    /// Wakes one that waits. The system call is made even if there is nobody: who would know?
    pub fn notify_one(&self) {
        self.0.fetch_add(1, Relaxed);
        futex::wake(&self.0, 1);
    }

    /// Wakes all that wait.
    pub fn notify_all(&self) {
        self.0.fetch_add(1, Relaxed);
        futex::wake(&self.0, usize::MAX);
    }
}
