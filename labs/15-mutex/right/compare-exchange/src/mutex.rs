//! The second mutex of Drepper: compare-exchange in place of swaps.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use crate::futex;

/// Mutual exclusion without a payload, by compare-exchange only: 0 free, 1 taken, 2 taken and somebody
/// may sleep.
#[derive(Debug)]
pub(crate) struct RawMutex {
    state: AtomicU32,
}

impl RawMutex {
    pub(crate) const fn new() -> Self {
        RawMutex {
            state: AtomicU32::new(0),
        }
    }

    fn exchange(&self, from: u32, to: u32) -> bool {
        let exchanged = self.state.compare_exchange(from, to, SeqCst, SeqCst);
        exchanged.is_ok()
    }

    pub(crate) fn try_lock(&self) -> bool {
        self.exchange(0, 1)
    }

    pub(crate) fn lock(&self) {
        let _ = self.try_lock() || self.wait(None);
    }

    fn lock_timeout(&self, time: Duration) -> bool {
        self.try_lock() || self.wait(Instant::now().checked_add(time))
    }

    fn wait(&self, deadline: Option<Instant>) -> bool {
        loop {
            if self.state.load(SeqCst) == 2 || self.exchange(1, 2) {
                let left =
                    deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
                let over = left == Some(Duration::ZERO);
                if !over {
                    futex::wait(&self.state, 2, left);
                } else if !self.exchange(0, 2) {
                    return false;
                } else {
                    return true;
                }
            }
            if self.exchange(0, 2) {
                return true;
            }
        }
    }

    pub(crate) fn unlock(&self) {
        if self.state.fetch_sub(1, SeqCst) == 2 {
            self.state.store(0, SeqCst);
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
