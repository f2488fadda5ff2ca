//! Drepper's third mutex: a waiter writes 2 without asking what was there.
//!
//! The values are those of [`three_states`](crate::three_states). A swap is an attempt and a mark in
//! one: if it finds 0, the lock is taken, as 2; if not, the lock is marked. Under contention that is one
//! read-modify-write a round where there were two.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::futex;

/// Mutual exclusion without a payload.
#[derive(Debug)]
pub struct Swapping {
    state: AtomicU32,
}

impl Default for Swapping {
    fn default() -> Self {
        Self::new()
    }
}

impl Swapping {
    /// A free lock.
    pub const fn new() -> Self {
        Swapping {
            state: AtomicU32::new(0),
        }
    }

    /// Waits until it is free, and takes it.
    #[inline]
    pub fn lock(&self) {
        if self.state.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
            self.wait();
        }
    }

    #[cold]
    fn wait(&self) {
        while self.state.swap(2, Acquire) != 0 {
            futex::wait(&self.state, 2, None);
        }
    }

    /// Frees it; only for who has taken it.
    #[inline]
    pub fn unlock(&self) {
        if self.state.swap(0, Release) == 2 {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        futex::wake(&self.state, 1);
    }
}
