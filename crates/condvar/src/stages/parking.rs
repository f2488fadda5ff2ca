//! A queue of the threads that wait: each sleeps by itself, and who came first is woken first.
//!
//! A parked thread is woken by name (`unpark`), so a notification cannot reach the wrong one; and a
//! token that comes before the thread is asleep is kept for it, which closes the gap between
//! unlocking and sleeping.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard as Guard, PoisonError};
use std::thread::{self, Thread};

use crate::given::MutexGuard;

/// A condition variable that is a queue of threads.
#[derive(Debug, Default)]
pub struct Condvar {
    waiting: Mutex<VecDeque<Arc<Waiter>>>,
}

#[derive(Debug)]
struct Waiter {
    thread: Thread,
    notified: AtomicBool,
}

impl Condvar {
    /// A condition variable for which nobody waits.
    pub const fn new() -> Self {
        Condvar {
            waiting: Mutex::new(VecDeque::new()),
        }
    }

    /// Gives the mutex back, sleeps until a notification, and takes the mutex again.
    pub fn wait<'a, T>(&self, g: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let mutex = MutexGuard::mutex(&g);
        let me = Arc::new(Waiter {
            thread: thread::current(),
            notified: AtomicBool::new(false),
        });
        self.queue().push_back(Arc::clone(&me));
        drop(g);
        // A token may be somebody else's: only the flag counts.
        while !me.notified.load(Ordering::Acquire) {
            thread::park();
        }
        mutex.lock()
    }

    /// Wakes the one that has waited longest.
    pub fn notify_one(&self) {
        let first = self.queue().pop_front();
        first.iter().for_each(wake);
    }

    /// Wakes all that wait.
    pub fn notify_all(&self) {
        let all = std::mem::take(&mut *self.queue());
        all.iter().for_each(wake);
    }

    fn queue(&self) -> Guard<'_, VecDeque<Arc<Waiter>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake(waiter: &Arc<Waiter>) {
    waiter.notified.store(true, Ordering::Release);
    waiter.thread.unpark();
}
