//! `ReentrantMutex`: its owner may lock it again.

#![allow(dead_code, unused_variables, reason = "delete this when you begin")]

use std::marker::PhantomData;
use std::ops::Deref;

/// A payload that one thread at a time gets at, as often as it likes.
pub struct ReentrantMutex<T: ?Sized> {
    // Yours to fill.
    value: PhantomData<T>,
}

/// One level of being inside; the last one to be dropped unlocks, whichever it is.
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct ReGuard<'a, T: ?Sized> {
    mutex: &'a ReentrantMutex<T>,
}

impl<T> ReentrantMutex<T> {
    /// A free mutex around a payload.
    pub fn new(value: T) -> Self {
        todo!()
    }
}

impl<T: ?Sized> ReentrantMutex<T> {
    /// Sleeps until no other thread is inside.
    pub fn lock(&self) -> ReGuard<'_, T> {
        todo!()
    }

    /// Goes in if no other thread is inside; never waits. The owner always gets in.
    pub fn try_lock(&self) -> Option<ReGuard<'_, T>> {
        todo!()
    }

    /// How many guards the calling thread has.
    pub fn depth(&self) -> usize {
        todo!()
    }
}

impl<T: ?Sized> Deref for ReGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T: ?Sized> Drop for ReGuard<'_, T> {
    fn drop(&mut self) {
        todo!()
    }
}
