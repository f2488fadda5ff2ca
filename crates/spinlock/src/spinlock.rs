//! Three spin locks behind one trait, each a step from the one before, and a guard around them.
//!
//! [`Tas`] is correct, [`Ttas`] is polite, [`Ticket`] is fair. None of them sleeps.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32};
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

/// Test and test-and-set: looks until the lock seems free, and only then swaps.
///
/// A failed swap is a write, and a write takes the cache line away from everybody else, the owner
/// included. A load shares it. The values of `locked` are those of [`Tas`].
#[derive(Debug)]
pub struct Ttas {
    locked: AtomicBool,
}

/// The longest pause between two looks, in turns.
const LONGEST_PAUSE: u32 = 32;

impl Ttas {
    /// Out of line: a free lock is taken by the one swap in `lock`.
    #[cold]
    fn wait(&self) {
        let mut patience = Patience::new();
        let mut pause = 1;
        loop {
            while self.locked.load(Relaxed) {
                for _ in 0..pause {
                    patience.turn();
                }
                // Exponential back-off: the longer the wait so far, the less a look is worth.
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            // Somebody else may have been faster: then it is back to looking.
            if self.try_lock() {
                return;
            }
        }
    }
}

// SAFETY: as for `Tas`: after each `unlock` one swap finds `false`.
unsafe impl RawLock for Ttas {
    fn new() -> Self {
        Ttas {
            locked: AtomicBool::new(false),
        }
    }

    #[inline]
    fn lock(&self) {
        if !self.try_lock() {
            self.wait();
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

/// First come, first served: draw a number, wait until it is called.
///
/// | `next` − `serving` | |
/// |---|---|
/// | 0 | free |
/// | 1 | somebody is inside, and nobody waits |
/// | n | n − 1 wait |
///
/// Both numbers wrap around at 2³², so they are compared for equality only.
#[derive(Debug)]
pub struct Ticket {
    /// The number that the next one draws.
    next: AtomicU32,
    /// The number that may go in.
    serving: AtomicU32,
}

impl Ticket {
    /// A lock that has been in use: `next` is drawn next, and `serving` may go in.
    pub fn from_raw(next: u32, serving: u32) -> Self {
        Ticket {
            next: AtomicU32::new(next),
            serving: AtomicU32::new(serving),
        }
    }

    #[cold]
    fn wait(&self, mine: u32) {
        let mut patience = Patience::new();
        while self.serving.load(Acquire) != mine {
            patience.turn();
        }
    }
}

// SAFETY: a number is drawn once and served once, and `serving` hands over what was written.
unsafe impl RawLock for Ticket {
    fn new() -> Self {
        Ticket::from_raw(0, 0)
    }

    #[inline]
    fn lock(&self) {
        // Relaxed: the number says nothing of the payload. `serving` does, and is acquired.
        let mine = self.next.fetch_add(1, Relaxed);
        if self.serving.load(Acquire) != mine {
            self.wait(mine);
        }
    }

    #[inline]
    fn try_lock(&self) -> bool {
        // Draws a number only if it is the one that is being served. If `serving` is an old value
        // here, that number was drawn long ago, and the exchange fails.
        let serving = self.serving.load(Acquire);
        let after = serving.wrapping_add(1);
        self.next
            .compare_exchange(serving, after, Relaxed, Relaxed)
            .is_ok()
    }

    #[inline]
    unsafe fn unlock(&self) {
        // Only the owner writes `serving`: a load and a store are enough.
        let mine = self.serving.load(Relaxed);
        self.serving.store(mine.wrapping_add(1), Release);
    }
}

/// How long one wait has lasted.
struct Patience {
    turns: u32,
}

/// After so many turns the owner is probably not running, and whoever waits is in its way.
const TURNS: u32 = 256;

impl Patience {
    fn new() -> Self {
        Patience { turns: 0 }
    }

    fn turn(&mut self) {
        if self.turns < TURNS {
            self.turns += 1;
            hint::spin_loop();
        } else {
            thread::yield_now();
        }
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
