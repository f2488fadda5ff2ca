//! `Pool`: a few things that many use, each by one at a time.
//!
//! The semaphore counts and makes wait; the list says *which* of the things are free. Both are needed:
//! a count alone does not tell two threads which connection is theirs.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use crate::semaphore::{Permit, Semaphore};

/// Things of one kind, each for whoever needs one.
#[derive(Debug)]
pub struct Pool<T> {
    /// As many units as there are things in the list.
    free: Semaphore,
    items: Mutex<Vec<T>>,
}

/// One of the things, until this is dropped.
#[derive(Debug)]
pub struct Lease<'a, T> {
    pool: &'a Pool<T>,
    /// There, until it is put back.
    item: Option<T>,
    /// Dropped after the thing is back in the list: whoever gets the unit finds it there.
    _permit: Permit<'a>,
}

impl<T> Pool<T> {
    /// A pool of these.
    pub fn new(items: Vec<T>) -> Self {
        Pool {
            free: Semaphore::new(u32::try_from(items.len()).unwrap_or(u32::MAX)),
            items: Mutex::new(items),
        }
    }

    /// Waits until one is free.
    ///
    /// # Panics
    ///
    /// If the pool was made of nothing.
    pub fn get(&self) -> Lease<'_, T> {
        // Nobody closes it.
        let Ok(permit) = self.free.acquire(1) else {
            unreachable!("a pool of nothing")
        };
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        Lease {
            pool: self,
            item: items.pop(),
            _permit: permit,
        }
    }
}

impl<T> Deref for Lease<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        let Some(item) = &self.item else {
            unreachable!("more units than things")
        };
        item
    }
}

impl<T> DerefMut for Lease<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        let Some(item) = &mut self.item else {
            unreachable!("more units than things")
        };
        item
    }
}

impl<T> Drop for Lease<'_, T> {
    fn drop(&mut self) {
        let mut items = self
            .pool
            .items
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        items.extend(self.item.take());
    }
}
