//! `RwLock`: many may read at once, one may write alone, and neither side starves.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// Many readers or one writer.
pub struct RwLock<T: ?Sized> {
    // Yours to fill: `std::sync`, `std::thread`, and `crate::futex` if you want to sleep on a word.
    value: UnsafeCell<T>,
}

// SAFETY: as it stands, this promises too much. Which `T` may be sent, and which shared, with a lock?
unsafe impl<T: ?Sized> Send for RwLock<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized> Sync for RwLock<T> {}

/// The right to read, until it is dropped.
pub struct ReadGuard<'a, T: ?Sized> {
    l: &'a RwLock<T>,
    stays: PhantomData<*const ()>,
}

/// The right to write, until it is dropped.
pub struct WriteGuard<'a, T: ?Sized> {
    l: &'a RwLock<T>,
    stays: PhantomData<*const ()>,
}

impl<T> RwLock<T> {
    /// A lock that nobody holds.
    pub fn new(v: T) -> Self {
        todo!()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until it may read.
    pub fn read(&self) -> ReadGuard<'_, T> {
        todo!()
    }

    /// Reads, unless a writer is inside or waits.
    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        todo!()
    }

    /// As `read`, but waits for at most `d`.
    pub fn read_timeout(&self, d: Duration) -> Option<ReadGuard<'_, T>> {
        todo!()
    }

    /// Waits until it may write.
    pub fn write(&self) -> WriteGuard<'_, T> {
        todo!()
    }

    /// Writes, unless somebody is inside.
    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        todo!()
    }

    /// As `write`, but waits for at most `d`.
    pub fn write_timeout(&self, d: Duration) -> Option<WriteGuard<'_, T>> {
        todo!()
    }
}

impl<'a, T: ?Sized> WriteGuard<'a, T> {
    /// Goes on reading, in one step: no writer gets in between.
    pub fn downgrade(self) -> ReadGuard<'a, T> {
        todo!()
    }
}

impl<T: ?Sized> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        todo!()
    }
}

impl<T: ?Sized> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        todo!()
    }
}

impl<T: ?Sized> Deref for ReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T: ?Sized> Deref for WriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T: ?Sized> DerefMut for WriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!()
    }
}
