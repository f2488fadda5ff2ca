//! Spin for a moment, then sleep.
//!
//! A wake-up costs microseconds, and most sections last nanoseconds: it pays to look a hundred times
//! before sleeping. While somebody sleeps already (`CONTENDED`) it does not: the wait is a long one.
//! The values are those of [`three_states`](crate::three_states).

use std::hint;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::futex;

/// So often does it look. Some 100 hints are a microsecond or two, less than it takes to fall asleep.
const TURNS: u32 = 100;

/// Mutual exclusion without a payload.
#[derive(Debug)]
pub struct Adaptive {
    state: AtomicU32,
}

impl Default for Adaptive {
    fn default() -> Self {
        Self::new()
    }
}

impl Adaptive {
    /// A free lock.
    pub const fn new() -> Self {
        Adaptive {
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
        let mut seen = self.look();
        // Free: then nobody sleeps on our account yet, and 1 is enough.
        if seen == 0 {
            match self.state.compare_exchange(0, 1, Acquire, Relaxed) {
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
        loop {
            if seen != 2 && self.state.swap(2, Acquire) == 0 {
                return;
            }
            futex::wait(&self.state, 2, None);
            seen = self.look();
        }
    }

    /// Looks for as long as somebody is inside and nobody sleeps.
    fn look(&self) -> u32 {
        for _ in 0..TURNS {
            let seen = self.state.load(Relaxed);
            if seen != 1 {
                return seen;
            }
            hint::spin_loop();
        }
        1
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
