//! Compare-exchange with exponential back-off, and a ticket lock that waits in proportion to its place.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU32, fence};
use std::{hint, thread};

/// Mutual exclusion without a payload.
///
/// # Safety
///
/// Whoever implements this promises what [`Spin`] relies on: after `lock`, or a `try_lock` that says
/// `true`, nobody else gets in before `unlock`; and the next one in sees what was written before it.
pub unsafe trait RawLock: Sync {
    /// A free lock.
    fn new() -> Self
    where
        Self: Sized;

    /// Waits until the lock is free, and takes it.
    fn lock(&self);

    /// Takes the lock if it is free; never waits.
    fn try_lock(&self) -> bool;

    /// Frees the lock.
    ///
    /// # Safety
    ///
    /// The caller has taken the lock, and not freed it since.
    unsafe fn unlock(&self);
}

/// Test and set: the lock of the notes.
///
/// | `locked` | |
/// |---|---|
/// | `false` | free |
/// | `true` | somebody is inside |
#[derive(Debug)]
pub struct Tas {
    locked: AtomicBool,
}

// SAFETY: after each `unlock` one swap finds `false`, and acquires what was released.
unsafe impl RawLock for Tas {
    fn new() -> Self {
        Tas {
            locked: AtomicBool::new(false),
        }
    }

    #[inline]
    fn lock(&self) {
        // Acquire: what the last owner wrote before its release is seen in here.
        while self.locked.swap(true, Acquire) {
            hint::spin_loop();
        }
    }

    #[inline]
    fn try_lock(&self) -> bool {
        !self.locked.swap(true, Acquire)
    }

    #[inline]
    unsafe fn unlock(&self) {
        self.locked.store(false, Release);
    }
}

/// A compare-exchange that may fail for no reason, in a loop that looks first.
#[derive(Debug)]
pub struct Ttas {
    /// 0 free, 1 taken.
    state: AtomicU32,
}

// SAFETY: after each `unlock` one exchange finds 0, and the fence acquires what was released.
unsafe impl RawLock for Ttas {
    fn new() -> Self {
        Ttas {
            state: AtomicU32::new(0),
        }
    }

    fn lock(&self) {
        let mut backoff = Backoff(1);
        while self.state.load(Relaxed) != 0
            || self
                .state
                .compare_exchange_weak(0, 1, Relaxed, Relaxed)
                .is_err()
        {
            backoff.pause();
        }
        // The fence acquires what the exchange has read.
        fence(Acquire);
    }

    fn try_lock(&self) -> bool {
        self.state.compare_exchange(0, 1, Acquire, Relaxed).is_ok()
    }

    unsafe fn unlock(&self) {
        self.state.swap(0, Release);
    }
}

/// As the house has it, but with a pause in proportion to the queue in front.
#[derive(Debug)]
pub struct Ticket {
    next: AtomicU32,
    serving: AtomicU32,
}

impl Ticket {
    /// A lock that has been in use.
    pub fn from_raw(next: u32, serving: u32) -> Self {
        Ticket {
            next: AtomicU32::new(next),
            serving: AtomicU32::new(serving),
        }
    }
}

// SAFETY: a number is drawn once and served once, and `serving` hands over what was written.
unsafe impl RawLock for Ticket {
    fn new() -> Self {
        Ticket::from_raw(0, 0)
    }

    fn lock(&self) {
        let mine = self.next.fetch_add(1, SeqCst);
        let mut looks = 0;
        loop {
            let in_front = mine.wrapping_sub(self.serving.load(SeqCst));
            if in_front == 0 {
                return;
            }
            looks += 1;
            if looks > 50 {
                thread::yield_now();
            } else {
                for _ in 0..in_front * 10 {
                    hint::spin_loop();
                }
            }
        }
    }

    fn try_lock(&self) -> bool {
        let serving = self.serving.load(SeqCst);
        let taken = self
            .next
            .compare_exchange(serving, serving.wrapping_add(1), SeqCst, SeqCst);
        taken.is_ok()
    }

    unsafe fn unlock(&self) {
        self.serving.fetch_add(1, SeqCst);
    }
}

/// The next pause, in turns.
struct Backoff(u32);

impl Backoff {
    fn pause(&mut self) {
        if self.0 > 1024 {
            return thread::yield_now();
        }
        for _ in 0..self.0 {
            hint::spin_loop();
        }
        self.0 *= 2;
    }
}

/// A payload that one thread at a time gets at.
#[derive(Debug)]
pub struct Spin<L: RawLock, T: ?Sized> {
    raw: L,
    value: UnsafeCell<T>,
}

// SAFETY: the payload goes from thread to thread, one at a time, so it need be Send, and not Sync.
unsafe impl<L: RawLock, T: ?Sized + Send> Sync for Spin<L, T> {}

/// Whoever has it is inside; its drop unlocks, on a panic as well.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct SpinGuard<'a, L: RawLock, T: ?Sized> {
    spin: &'a Spin<L, T>,
    /// Whoever locks unlocks: a guard stays in its thread.
    stays: PhantomData<*const ()>,
}

// SAFETY: a shared guard gives shared access to the payload, and to nothing else.
unsafe impl<L: RawLock, T: ?Sized + Sync> Sync for SpinGuard<'_, L, T> {}

impl<L: RawLock, T> Spin<L, T> {
    /// A free lock around a payload.
    pub fn new(value: T) -> Self {
        Spin {
            raw: L::new(),
            value: UnsafeCell::new(value),
        }
    }

    /// A payload behind a lock that is there already; it must be free.
    pub fn with_raw(raw: L, value: T) -> Self {
        Spin {
            raw,
            value: UnsafeCell::new(value),
        }
    }
}

impl<L: RawLock, T: ?Sized> Spin<L, T> {
    /// Waits until nobody else is inside.
    #[inline]
    pub fn lock(&self) -> SpinGuard<'_, L, T> {
        self.raw.lock();
        self.guard()
    }

    /// Goes in if nobody else is inside; never waits.
    #[inline]
    pub fn try_lock(&self) -> Option<SpinGuard<'_, L, T>> {
        self.raw.try_lock().then(|| self.guard())
    }

    /// Only for who has just taken the lock.
    #[inline]
    fn guard(&self) -> SpinGuard<'_, L, T> {
        SpinGuard {
            spin: self,
            stays: PhantomData,
        }
    }
}

impl<L: RawLock, T: ?Sized> Deref for SpinGuard<'_, L, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is this guard's, so nobody writes but through it.
        unsafe { &*self.spin.value.get() }
    }
}

impl<L: RawLock, T: ?Sized> DerefMut for SpinGuard<'_, L, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is this guard's, and the guard is borrowed exclusively.
        unsafe { &mut *self.spin.value.get() }
    }
}

impl<L: RawLock, T: ?Sized> Drop for SpinGuard<'_, L, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the guard was made by who took the lock, and is dropped once.
        unsafe { self.spin.raw.unlock() }
    }
}
