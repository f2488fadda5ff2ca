//! `Pool`: a few things that many use, each by one at a time.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::ops::{Deref, DerefMut};

/// Things of one kind, each for whoever needs one.
#[derive(Debug)]
pub struct Pool<T> {
    // Yours to change: a semaphore that counts, and a list that says which are free.
    items: Vec<T>,
}

/// One of the things, until this is dropped.
#[derive(Debug)]
pub struct Lease<'a, T> {
    pool: &'a Pool<T>,
    item: Option<T>,
}

impl<T> Pool<T> {
    /// A pool of these.
    pub fn new(items: Vec<T>) -> Self {
        todo!()
    }

    /// Waits until one is free.
    pub fn get(&self) -> Lease<'_, T> {
        todo!()
    }
}

impl<T> Deref for Lease<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T> DerefMut for Lease<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!()
    }
}

impl<T> Drop for Lease<'_, T> {
    fn drop(&mut self) {
        todo!()
    }
}
