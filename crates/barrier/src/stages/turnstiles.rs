//! Two turnstiles of semaphores, as in *The Little Book of Semaphores*: all get in before anybody gets
//! out, and all get out before anybody gets in again.
//!
//! With one turnstile only, a fast thread goes through, comes round and takes the place that was
//! meant for a slow one.

use std::sync::{Condvar, Mutex, PoisonError};

/// The textbook's counting semaphore.
#[derive(Debug)]
struct Semaphore {
    count: Mutex<usize>,
    risen: Condvar,
}

impl Semaphore {
    fn new() -> Self {
        Semaphore {
            count: Mutex::new(0),
            risen: Condvar::new(),
        }
    }

    fn acquire(&self) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        while *count == 0 {
            let slept = self.risen.wait(count);
            count = slept.unwrap_or_else(PoisonError::into_inner);
        }
        *count -= 1;
    }

    fn release(&self, n: usize) {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) += n;
        self.risen.notify_all();
    }
}

/// A barrier of two semaphores and a count.
#[derive(Debug)]
pub struct Barrier {
    parties: usize,
    inside: Mutex<usize>,
    /// Opened when all are in.
    enter: Semaphore,
    /// Opened when all are out.
    leave: Semaphore,
}

impl Barrier {
    /// A barrier for `parties` threads. None behaves as one: whoever comes goes on.
    pub fn new(parties: usize) -> Self {
        Barrier {
            // With none, nobody would open the turnstiles far enough for whoever comes.
            parties: parties.max(1),
            inside: Mutex::new(0),
            enter: Semaphore::new(),
            leave: Semaphore::new(),
        }
    }

    /// Arrives, and sleeps until all have arrived. Whether the caller was the last one.
    pub fn wait(&self) -> bool {
        // What `count` says is used under its lock only: a moment later it is somebody else's.
        let last_in = self.count(|inside| {
            *inside += 1;
            *inside >= self.parties
        });
        if last_in {
            self.enter.release(self.parties);
        }
        self.enter.acquire();
        let last_out = self.count(|inside| {
            *inside -= 1;
            *inside == 0
        });
        if last_out {
            self.leave.release(self.parties);
        }
        self.leave.acquire();
        last_in
    }

    fn count(&self, change: impl FnOnce(&mut usize) -> bool) -> bool {
        change(&mut self.inside.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
