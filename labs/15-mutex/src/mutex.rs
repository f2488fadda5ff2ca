//! `Mutex`: one thread at a time, and whoever has to wait sleeps.
//!
//! `crate::futex` is given:
//!
//! | | |
//! |---|---|
//! | `futex::wait(&word, expected, timeout) -> Wait` | sleeps if the word is `expected`; looking and falling asleep are one step |
//! | `futex::wake(&word, n) -> usize` | wakes at most `n` who sleep on the word |
//! | `Wait::{Woken, Changed, TimedOut, Interrupted}` | how a wait ended |
//! | `futex::thread_id() -> NonZeroU64` | a number that no other thread has |

#![allow(dead_code, unused_variables, reason = "delete this when you begin")]

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// A payload that one thread at a time gets at.
pub struct Mutex<T: ?Sized> {
    // Yours to fill: a word, and the payload in an UnsafeCell. Then it needs an `unsafe impl Sync`.
    value: PhantomData<T>,
}

/// Whoever has it is inside; its drop unlocks.
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct Guard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
}

impl<T> Mutex<T> {
    /// A free mutex around a payload.
    pub fn new(value: T) -> Self {
        todo!()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Sleeps until nobody else is inside.
    pub fn lock(&self) -> Guard<'_, T> {
        todo!()
    }

    /// Goes in if nobody else is inside; never waits.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        todo!()
    }

    /// As `lock`, but gives up after this time, and never earlier.
    pub fn lock_timeout(&self, time: Duration) -> Option<Guard<'_, T>> {
        todo!()
    }
}

impl<T: ?Sized> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T: ?Sized> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!()
    }
}

impl<T: ?Sized> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        todo!()
    }
}
