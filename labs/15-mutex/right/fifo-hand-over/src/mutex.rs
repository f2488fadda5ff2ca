//! A fair mutex: a queue of words, and each unlock hands the mutex to the first of them.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::thread;
use std::time::{Duration, Instant};

use crate::futex;

/// Mutual exclusion without a payload: whoever leaves hands the mutex to who has waited longest.
#[derive(Debug)]
pub(crate) struct RawMutex {
    /// Guards `inner`, for a few instructions at a time.
    busy: AtomicU32,
    inner: UnsafeCell<Inner>,
}

#[derive(Debug)]
struct Inner {
    taken: bool,
    queue: VecDeque<Arc<AtomicU32>>,
}

// SAFETY: `inner` is touched by `with` only, and that lets one thread in at a time.
unsafe impl Send for RawMutex {}
// SAFETY: as above.
unsafe impl Sync for RawMutex {}

impl RawMutex {
    pub(crate) const fn new() -> Self {
        RawMutex {
            busy: AtomicU32::new(0),
            inner: UnsafeCell::new(Inner {
                taken: false,
                queue: VecDeque::new(),
            }),
        }
    }

    fn with<R>(&self, work: impl FnOnce(&mut Inner) -> R) -> R {
        while self.busy.swap(1, Acquire) == 1 {
            while self.busy.load(Relaxed) == 1 {
                thread::yield_now();
            }
        }
        // SAFETY: whoever has set `busy` is alone in here.
        let result = work(unsafe { &mut *self.inner.get() });
        self.busy.store(0, Release);
        result
    }

    pub(crate) fn try_lock(&self) -> bool {
        self.with(|inner| !std::mem::replace(&mut inner.taken, true))
    }

    pub(crate) fn lock(&self) {
        self.acquire(None);
    }

    fn lock_timeout(&self, time: Duration) -> bool {
        if time.is_zero() {
            return self.try_lock();
        }
        self.acquire(Some(time))
    }

    fn acquire(&self, time: Option<Duration>) -> bool {
        let mine = self.with(|inner| {
            if !inner.taken {
                inner.taken = true;
                return None;
            }
            // 0 waits, 1 has been handed the mutex.
            let word = Arc::new(AtomicU32::new(0));
            inner.queue.push_back(Arc::clone(&word));
            Some(word)
        });
        let Some(mine) = mine else { return true };
        let began = Instant::now();
        while mine.load(Acquire) == 0 {
            let left = time.map(|time| time.saturating_sub(began.elapsed()));
            if left == Some(Duration::ZERO) {
                // Unless it has been handed over at this moment.
                return self.with(|inner| {
                    inner.queue.retain(|word| !Arc::ptr_eq(word, &mine));
                    mine.load(Acquire) == 1
                });
            }
            futex::wait(&mine, 0, left);
        }
        true
    }

    pub(crate) fn unlock(&self) {
        let next = self.with(|inner| {
            let next = inner.queue.pop_front();
            match &next {
                Some(word) => word.store(1, Release),
                None => inner.taken = false,
            }
            next
        });
        if let Some(word) = next {
            futex::wake(&word, 1);
        }
    }
}

/// A payload that one thread at a time gets at.
#[derive(Debug)]
pub struct Mutex<T: ?Sized> {
    raw: RawMutex,
    value: UnsafeCell<T>,
}

// SAFETY: the payload goes from thread to thread, one at a time, so it need be Send, and not Sync.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

/// Whoever has it is inside; its drop unlocks, on a panic as well.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct Guard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    /// Whoever locks unlocks: a guard stays in its thread.
    stays: PhantomData<*const ()>,
}

// SAFETY: a shared guard gives shared access to the payload, and to nothing else.
unsafe impl<T: ?Sized + Sync> Sync for Guard<'_, T> {}

impl<T> Mutex<T> {
    /// A free mutex around a payload.
    pub fn new(value: T) -> Self {
        Mutex {
            raw: RawMutex::new(),
            value: UnsafeCell::new(value),
        }
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Sleeps until nobody else is inside. No panic inside makes it fail later: there is no poison.
    #[inline]
    pub fn lock(&self) -> Guard<'_, T> {
        self.raw.lock();
        self.guard()
    }

    /// Goes in if nobody else is inside; never waits.
    #[inline]
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        self.raw.try_lock().then(|| self.guard())
    }

    /// As `lock`, but gives up after this time, and never earlier. With no time at all it is `try_lock`.
    pub fn lock_timeout(&self, time: Duration) -> Option<Guard<'_, T>> {
        self.raw.lock_timeout(time).then(|| self.guard())
    }

    /// Only for who has just taken the lock.
    #[inline]
    fn guard(&self) -> Guard<'_, T> {
        Guard {
            mutex: self,
            stays: PhantomData,
        }
    }
}

impl<T: ?Sized> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is this guard's, so nobody writes but through it.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T: ?Sized> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is this guard's, and the guard is borrowed exclusively.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T: ?Sized> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.mutex.raw.unlock();
    }
}
