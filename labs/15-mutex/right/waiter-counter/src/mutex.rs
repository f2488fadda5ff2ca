//! A mutex that counts its waiters in a word of its own.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, SeqCst};
use std::time::{Duration, Instant};

use crate::futex;

/// Mutual exclusion without a payload: whether it is taken, and how many wait, in two words.
#[derive(Debug)]
pub(crate) struct RawMutex {
    /// 0 free, 1 taken.
    taken: AtomicU32,
    /// So many are about to sleep, sleep, or have been woken.
    waiters: AtomicU32,
}

impl RawMutex {
    pub(crate) const fn new() -> Self {
        RawMutex {
            taken: AtomicU32::new(0),
            waiters: AtomicU32::new(0),
        }
    }

    pub(crate) fn try_lock(&self) -> bool {
        self.taken.swap(1, Acquire) == 0
    }

    pub(crate) fn lock(&self) {
        if !self.try_lock() {
            self.wait(None);
        }
    }

    fn lock_timeout(&self, time: Duration) -> bool {
        self.try_lock() || self.wait(Some((Instant::now(), time)))
    }

    fn wait(&self, limit: Option<(Instant, Duration)>) -> bool {
        // SeqCst here and in `unlock`: either the one who leaves sees this waiter, or the waiter sees
        // that the mutex is free.
        self.waiters.fetch_add(1, SeqCst);
        let got_it = loop {
            if self.try_lock() {
                break true;
            }
            let left = limit.map(|(began, time)| time.saturating_sub(began.elapsed()));
            if left == Some(Duration::ZERO) {
                break false;
            }
            futex::wait(&self.taken, 1, left);
        };
        self.waiters.fetch_sub(1, SeqCst);
        got_it
    }

    pub(crate) fn unlock(&self) {
        self.taken.swap(0, SeqCst);
        if self.waiters.load(SeqCst) > 0 {
            futex::wake(&self.taken, 1);
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
