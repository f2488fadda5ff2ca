//! A mutex that spins for a while before it sleeps.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::hint;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::{Duration, Instant};

use crate::futex;

/// Mutual exclusion without a payload: 0 free, 1 taken, 2 taken and somebody may sleep.
#[derive(Debug)]
pub(crate) struct RawMutex {
    state: AtomicU32,
}

/// Most sections are shorter than it takes to fall asleep.
const TURNS: u32 = 100;

impl RawMutex {
    pub(crate) const fn new() -> Self {
        RawMutex {
            state: AtomicU32::new(0),
        }
    }

    pub(crate) fn try_lock(&self) -> bool {
        self.state.compare_exchange(0, 1, Acquire, Relaxed).is_ok()
    }

    pub(crate) fn lock(&self) {
        self.acquire(None);
    }

    fn lock_timeout(&self, time: Duration) -> bool {
        self.acquire(Some(time))
    }

    /// Tries for a while, then sleeps.
    fn acquire(&self, time: Option<Duration>) -> bool {
        for _ in 0..TURNS {
            if self.try_lock() {
                return true;
            }
            if time == Some(Duration::ZERO) {
                return false;
            }
            hint::spin_loop();
        }
        let began = Instant::now();
        while self.state.swap(2, Acquire) != 0 {
            let left = time.map(|time| time.saturating_sub(began.elapsed()));
            if left == Some(Duration::ZERO) {
                return false;
            }
            futex::wait(&self.state, 2, left);
        }
        true
    }

    pub(crate) fn unlock(&self) {
        if self.state.swap(0, Release) == 2 {
            futex::wake(&self.state, 1);
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
