//! Both numbers in one word: the lower half counts those who wait, the upper one notifications.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use crate::futex::{self, Wait};
use crate::given::MutexGuard;

const NOTIFIED: u32 = 1 << 16;
const WAITING: u32 = NOTIFIED - 1;

#[derive(Debug)]
pub struct Condvar(AtomicU32);

impl Condvar {
    pub const fn new() -> Condvar {
        Condvar(AtomicU32::new(0))
    }

    pub fn wait<'a, T>(&self, g: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.sleep(g, None).0
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
        self.sleep(g, Some(d))
    }

    /// Another waiter that comes or goes changes the word, too: then it looks once more whether there
    /// was a notification.
    fn sleep<'a, T>(
        &self,
        g: MutexGuard<'a, T>,
        limit: Option<Duration>,
    ) -> (MutexGuard<'a, T>, bool) {
        let mutex = MutexGuard::mutex(&g);
        let seen = self.0.fetch_add(1, SeqCst) + 1;
        drop(g);
        let mut ended = Wait::Changed;
        let mut now = seen;
        while now & !WAITING == seen & !WAITING && ended == Wait::Changed {
            ended = futex::wait(&self.0, now, limit);
            now = self.0.load(SeqCst);
        }
        let g = mutex.lock();
        self.0.fetch_sub(1, SeqCst);
        (g, ended == Wait::TimedOut)
    }

    pub fn notify_one(&self) {
        self.notify(1);
    }

    pub fn notify_all(&self) {
        self.notify(usize::MAX);
    }

    fn notify(&self, count: usize) {
        if self.0.load(SeqCst) & WAITING > 0 {
            self.0.fetch_add(NOTIFIED, SeqCst);
            futex::wake(&self.0, count);
        }
    }
}
