//! Three spin locks behind one trait, and a guard that makes them safe to use.

#![allow(dead_code, unused_variables, reason = "delete this when you begin")]

use std::hint;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};

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

/// Test and set: the lock of the notes. It is given, and correct.
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

    fn lock(&self) {
        while self.locked.swap(true, Acquire) {
            hint::spin_loop();
        }
    }

    fn try_lock(&self) -> bool {
        !self.locked.swap(true, Acquire)
    }

    unsafe fn unlock(&self) {
        self.locked.store(false, Release);
    }
}

/// Test and test-and-set: waits by looking, with a bounded back-off, and yields after a while.
pub struct Ttas {
    // Yours to fill.
}

// SAFETY: yours to say, once it is so.
unsafe impl RawLock for Ttas {
    fn new() -> Self {
        todo!()
    }

    fn lock(&self) {
        todo!()
    }

    fn try_lock(&self) -> bool {
        todo!()
    }

    unsafe fn unlock(&self) {
        todo!()
    }
}

/// First come, first served.
pub struct Ticket {
    // Yours to fill.
}

impl Ticket {
    /// A free lock that has been in use, if both are the same: the next one draws `next`, and
    /// `serving` may go in.
    pub fn from_raw(next: u32, serving: u32) -> Self {
        todo!()
    }
}

// SAFETY: yours to say, once it is so.
unsafe impl RawLock for Ticket {
    fn new() -> Self {
        todo!()
    }

    fn lock(&self) {
        todo!()
    }

    fn try_lock(&self) -> bool {
        todo!()
    }

    unsafe fn unlock(&self) {
        todo!()
    }
}

/// A payload that one thread at a time gets at.
pub struct Spin<L: RawLock, T: ?Sized> {
    // Yours to fill: the lock, and the payload in an UnsafeCell. Then it needs an `unsafe impl Sync`.
    lock: PhantomData<L>,
    value: PhantomData<T>,
}

/// Whoever has it is inside; its drop unlocks.
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct SpinGuard<'a, L: RawLock, T: ?Sized> {
    spin: &'a Spin<L, T>,
}

impl<L: RawLock, T> Spin<L, T> {
    /// A free lock around a payload.
    pub fn new(value: T) -> Self {
        todo!()
    }

    /// A payload behind a lock that is there already, and free.
    pub fn with_raw(raw: L, value: T) -> Self {
        todo!()
    }
}

impl<L: RawLock, T: ?Sized> Spin<L, T> {
    /// Waits until nobody else is inside.
    pub fn lock(&self) -> SpinGuard<'_, L, T> {
        todo!()
    }

    /// Goes in if nobody else is inside; never waits.
    pub fn try_lock(&self) -> Option<SpinGuard<'_, L, T>> {
        todo!()
    }
}

impl<L: RawLock, T: ?Sized> Deref for SpinGuard<'_, L, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!()
    }
}

impl<L: RawLock, T: ?Sized> DerefMut for SpinGuard<'_, L, T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!()
    }
}

impl<L: RawLock, T: ?Sized> Drop for SpinGuard<'_, L, T> {
    fn drop(&mut self) {
        todo!()
    }
}
