//! `Mutex`: given, so that a condition variable can be built on it.
//!
//! It is `std`'s, with two differences: a guard tells which mutex it belongs to, and a panic inside
//! poisons nothing.

use std::ops::{Deref, DerefMut};
use std::sync::PoisonError;

/// Mutual exclusion.
#[derive(Debug, Default)]
pub struct Mutex<T> {
    inner: std::sync::Mutex<T>,
}

/// The right to use what the mutex protects, until it is dropped.
#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    inner: std::sync::MutexGuard<'a, T>,
}

impl<T> Mutex<T> {
    /// A mutex that nobody holds.
    pub const fn new(value: T) -> Self {
        Mutex {
            inner: std::sync::Mutex::new(value),
        }
    }

    /// Waits until nobody else is inside.
    #[track_caller] // what is told of it is told of the line that calls it
    pub fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard {
            mutex: self,
            inner: self.inner.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

impl<'a, T> MutexGuard<'a, T> {
    /// The mutex that this guard unlocks when it is dropped.
    pub fn mutex(guard: &Self) -> &'a Mutex<T> {
        guard.mutex
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}
