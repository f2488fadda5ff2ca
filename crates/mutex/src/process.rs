//! Between processes: the same lock with a futex that is not private, in memory that they share.
//!
//! A word of zeroes is a free lock, so fresh shared memory is ready to be used, and nobody has to set it
//! up first. The values are those of [`three_states`](crate::three_states). If a process dies inside,
//! the others wait for ever: see [`robust`](crate::robust).

use std::hint;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::futex::shared;

const TURNS: u32 = 100;

/// Mutual exclusion without a payload, between processes.
#[derive(Debug)]
#[repr(transparent)]
pub struct ProcessShared {
    state: AtomicU32,
}

impl Default for ProcessShared {
    fn default() -> Self {
        Self::new()
    }
}

impl ProcessShared {
    /// A free lock.
    pub const fn new() -> Self {
        ProcessShared {
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
        for _ in 0..TURNS {
            // Somebody sleeps already: no use in spinning.
            match self.state.load(Relaxed) {
                0 if self.state.compare_exchange(0, 1, Acquire, Relaxed).is_ok() => return,
                2 => break,
                _ => hint::spin_loop(),
            }
        }
        while self.state.swap(2, Acquire) != 0 {
            shared::wait(&self.state, 2, None);
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
        shared::wake(&self.state, 1);
    }
}
