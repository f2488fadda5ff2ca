//! A mutex with a payload: a guard that unlocks, and a time after which a waiter gives up.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::{Duration, Instant};

use crate::futex;

/// Nobody is inside.
const FREE: u32 = 0;
/// Somebody is inside, and nobody sleeps.
const TAKEN: u32 = 1;
/// Somebody is inside, and somebody may sleep.
const CONTENDED: u32 = 2;

/// Mutual exclusion without a payload.
///
/// | `state` | | an unlock |
/// |---|---|---|
/// | [`FREE`] | nobody is inside | – |
/// | [`TAKEN`] | somebody is inside, and nobody sleeps | frees |
/// | [`CONTENDED`] | somebody is inside, and somebody may sleep | frees, and wakes one |
#[derive(Debug)]
pub(crate) struct RawMutex {
    state: AtomicU32,
}

impl RawMutex {
    pub(crate) const fn new() -> Self {
        RawMutex {
            state: AtomicU32::new(FREE),
        }
    }

    #[inline]
    pub(crate) fn try_lock(&self) -> bool {
        let taken = self.state.compare_exchange(FREE, TAKEN, Acquire, Relaxed);
        taken.is_ok()
    }

    #[inline]
    pub(crate) fn lock(&self) {
        if !self.try_lock() {
            self.wait(None);
        }
    }

    /// Gives up after this time; whether it has the lock.
    fn lock_timeout(&self, time: Duration) -> bool {
        // A time that the clock cannot hold does not end.
        self.try_lock() || self.wait(Instant::now().checked_add(time))
    }

    /// Sleeps until it gets the lock, or the time has come.
    #[cold]
    fn wait(&self, deadline: Option<Instant>) -> bool {
        // Whoever comes here may have been woken while others sleep on. So it takes the lock as
        // CONTENDED: its unlock will wake the next one, if there is one.
        //
        // The lock is tried before the clock is looked at. A thread that was woken for the lock and
        // gave up at once would take the wake-up with it, and the next one would sleep for ever.
        while self.state.swap(CONTENDED, Acquire) != FREE {
            let left = match deadline {
                None => None,
                // A deadline, and not a duration: an interrupted sleep goes on for what is left.
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    Some(left)
                }
            };
            futex::wait(&self.state, CONTENDED, left);
        }
        true
    }

    /// Only for who has taken it.
    #[inline]
    pub(crate) fn unlock(&self) {
        if self.state.swap(FREE, Release) == CONTENDED {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        futex::wake(&self.state, 1);
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
