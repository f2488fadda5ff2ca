//! The list alone, with a condition variable: a semaphore in disguise.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, PoisonError};

#[derive(Debug)]
pub struct Pool<T> {
    items: Mutex<Vec<T>>,
    returned: Condvar,
}

#[derive(Debug)]
pub struct Lease<'a, T> {
    pool: &'a Pool<T>,
    item: Option<T>,
}

impl<T> Pool<T> {
    pub fn new(items: Vec<T>) -> Self {
        Pool {
            items: Mutex::new(items),
            returned: Condvar::new(),
        }
    }

    pub fn get(&self) -> Lease<'_, T> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        let mut items = self
            .returned
            .wait_while(items, |items| items.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        Lease {
            pool: self,
            item: items.pop(),
        }
    }
}

impl<T> Deref for Lease<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.item.as_ref().expect("until it is dropped")
    }
}

impl<T> DerefMut for Lease<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.item.as_mut().expect("until it is dropped")
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
        drop(items);
        self.pool.returned.notify_one();
    }
}
