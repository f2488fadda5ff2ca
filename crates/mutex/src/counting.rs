//! The first mutex of Drepper's *Futexes Are Tricky*: the word counts attempts.
//!
//! | `state` | |
//! |---|---|
//! | 0 | free |
//! | 1 | taken |
//! | n | taken, and there were n − 1 attempts in vain since |
//!
//! It excludes, and loses no wake-up. But an unlock cannot tell whether somebody sleeps, so each one
//! is a system call; waiters keep each other awake, since each attempt changes the word that another one
//! is about to sleep on; and after 2³² attempts the word is 0 while somebody is inside.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Release};

use crate::futex;

/// Mutual exclusion without a payload.
#[derive(Debug)]
pub struct Counting {
    state: AtomicU32,
}

impl Default for Counting {
    fn default() -> Self {
        Self::new()
    }
}

impl Counting {
    /// A free lock.
    pub const fn new() -> Self {
        Counting::after(0)
    }

    /// A lock whose word is this: near 2³², to see what becomes of it.
    pub const fn after(attempts: u32) -> Self {
        Counting {
            state: AtomicU32::new(attempts),
        }
    }

    /// Waits until it is free, and takes it.
    pub fn lock(&self) {
        loop {
            let before = self.state.fetch_add(1, Acquire);
            if before == 0 {
                return;
            }
            futex::wait(&self.state, before.wrapping_add(1), None);
        }
    }

    /// Frees it; only for who has taken it.
    pub fn unlock(&self) {
        self.state.store(0, Release);
        futex::wake(&self.state, 1);
    }
}
