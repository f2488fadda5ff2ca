//! Drepper's second mutex: a third value says that somebody may sleep.
//!
//! | `state` | |
//! |---|---|
//! | 0 | free |
//! | 1 | taken, and nobody sleeps |
//! | 2 | taken, and somebody may sleep |
//!
//! Before it sleeps, a waiter makes sure that the word is 2. Whoever gets the lock after having waited
//! takes it as 2 as well: it cannot know whether others sleep. So a 2 may be too cautious, which costs
//! one call, and a 1 is never too bold.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::futex;

/// Mutual exclusion without a payload.
#[derive(Debug)]
pub struct ThreeStates {
    state: AtomicU32,
}

impl Default for ThreeStates {
    fn default() -> Self {
        Self::new()
    }
}

impl ThreeStates {
    /// A free lock.
    pub const fn new() -> Self {
        ThreeStates {
            state: AtomicU32::new(0),
        }
    }

    fn exchange(&self, from: u32, to: u32) -> Result<u32, u32> {
        self.state.compare_exchange(from, to, Acquire, Relaxed)
    }

    /// Waits until it is free, and takes it.
    pub fn lock(&self) {
        let Err(mut seen) = self.exchange(0, 1) else {
            return;
        };
        loop {
            // Asleep only on a 2; if the lock has just become free, there is nothing to wait for.
            if seen == 2 || self.exchange(1, 2) != Err(0) {
                futex::wait(&self.state, 2, None);
            }
            match self.exchange(0, 2) {
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
    }

    /// Frees it; only for who has taken it.
    pub fn unlock(&self) {
        // From 1 to 0 it is free, and that was all.
        if self.state.fetch_sub(1, Release) != 1 {
            self.state.store(0, Release);
            futex::wake(&self.state, 1);
        }
    }
}
