//! Each item has a mutex of its own. Whoever has a unit finds one that nobody has locked.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread;

use crate::semaphore::{Permit, Semaphore};

#[derive(Debug)]
pub struct Pool<T> {
    free: Semaphore,
    items: Vec<Mutex<T>>,
}

#[derive(Debug)]
pub struct Lease<'a, T> {
    /// Unlocked before the unit goes back: there are never more units than unlocked items.
    item: MutexGuard<'a, T>,
    _permit: Permit<'a>,
}

impl<T> Pool<T> {
    pub fn new(items: Vec<T>) -> Self {
        Pool {
            free: Semaphore::new(u32::try_from(items.len()).unwrap_or(u32::MAX)),
            items: items.into_iter().map(Mutex::new).collect(),
        }
    }

    pub fn get(&self) -> Lease<'_, T> {
        let permit = self.free.acquire(1).expect("a pool of something");
        loop {
            if let Some(item) = self.items.iter().find_map(unlocked) {
                return Lease {
                    item,
                    _permit: permit,
                };
            }
            // Items were locked and unlocked behind its back: another one has got on meanwhile.
            thread::yield_now();
        }
    }
}

/// The item, if nobody has it. A panic with it in hand has done it no harm.
fn unlocked<T>(item: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match item.try_lock() {
        Ok(item) => Some(item),
        Err(TryLockError::Poisoned(item)) => Some(item.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

impl<T> Deref for Lease<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

impl<T> DerefMut for Lease<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.item
    }
}
