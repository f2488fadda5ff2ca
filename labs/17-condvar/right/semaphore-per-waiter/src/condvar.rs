//! Birrell's: each waiter brings a semaphore of its own.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar as Std, Mutex};
use std::time::{Duration, Instant};

use crate::given::MutexGuard;

#[derive(Debug)]
pub struct Condvar {
    waiting: Mutex<VecDeque<Arc<Semaphore>>>,
}

#[derive(Debug, Default)]
struct Semaphore {
    raised: Mutex<bool>,
    changed: Std,
}

impl Semaphore {
    fn raise(&self) {
        *self.raised.lock().unwrap() = true;
        self.changed.notify_one();
    }

    /// Whether it was raised in time.
    fn take(&self, deadline: Option<Instant>) -> bool {
        let mut raised = self.raised.lock().unwrap();
        while !*raised {
            raised = match deadline {
                None => self.changed.wait(raised).unwrap(),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    self.changed.wait_timeout(raised, left).unwrap().0
                }
            };
        }
        true
    }
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
        while f(&mut g) {
            g = self.wait(g);
        }
        g
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
        let mine = Arc::new(Semaphore::default());
        self.waiting.lock().unwrap().push_back(Arc::clone(&mine));
        let mutex = MutexGuard::mutex(&g);
        drop(g);
        let mut timed_out = false;
        if !mine.take(deadline) {
            let mut waiting = self.waiting.lock().unwrap();
            let before = waiting.len();
            waiting.retain(|other| !Arc::ptr_eq(other, &mine));
            timed_out = waiting.len() < before;
        }
        (mutex.lock(), timed_out)
    }

    pub fn notify_one(&self) {
        let first = self.waiting.lock().unwrap().pop_front();
        first.iter().for_each(|semaphore| semaphore.raise());
    }

    pub fn notify_all(&self) {
        let all = std::mem::take(&mut *self.waiting.lock().unwrap());
        all.iter().for_each(|semaphore| semaphore.raise());
    }
}
