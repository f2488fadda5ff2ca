//! A queue of parked threads: who came first is woken first.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::given::MutexGuard;

#[derive(Debug)]
pub struct Condvar {
    waiting: Mutex<VecDeque<Arc<Waiter>>>,
}

#[derive(Debug)]
struct Waiter {
    thread: Thread,
    notified: AtomicBool,
}

impl Condvar {
    pub const fn new() -> Condvar {
        Condvar {
            waiting: Mutex::new(VecDeque::new()),
        }
    }

    pub fn wait<'a, T>(&self, g: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.wait_until(g, None).0
    }

    pub fn wait_while<'a, T>(
        &self,
        mut g: MutexGuard<'a, T>,
        mut f: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        loop {
            if !f(&mut g) {
                return g;
            }
            g = self.wait(g);
        }
    }

    pub fn wait_timeout<'a, T>(
        &self,
        g: MutexGuard<'a, T>,
        d: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        self.wait_until(g, Instant::now().checked_add(d))
    }

    fn wait_until<'a, T>(
        &self,
        g: MutexGuard<'a, T>,
        deadline: Option<Instant>,
    ) -> (MutexGuard<'a, T>, bool) {
        let me = Arc::new(Waiter {
            thread: thread::current(),
            notified: AtomicBool::new(false),
        });
        self.waiting.lock().unwrap().push_back(Arc::clone(&me));
        let mutex = MutexGuard::mutex(&g);
        drop(g);
        let mut timed_out = false;
        while !me.notified.load(Ordering::Acquire) {
            let Some(deadline) = deadline else {
                thread::park();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let mut waiting = self.waiting.lock().unwrap();
                let before = waiting.len();
                waiting.retain(|waiter| !Arc::ptr_eq(waiter, &me));
                // Whoever is not in the queue any more has been notified in time.
                timed_out = waiting.len() < before;
                break;
            }
            thread::park_timeout(left);
        }
        (mutex.lock(), timed_out)
    }

    pub fn notify_one(&self) {
        let first = self.waiting.lock().unwrap().pop_front();
        if let Some(waiter) = first {
            waiter.notified.store(true, Ordering::Release);
            waiter.thread.unpark();
        }
    }

    pub fn notify_all(&self) {
        let all = std::mem::take(&mut *self.waiting.lock().unwrap());
        for waiter in all {
            waiter.notified.store(true, Ordering::Release);
            waiter.thread.unpark();
        }
    }
}
