//! A sense: instead of a number of the round, one bit that turns over.
//!
//! Two rounds are never further apart than one, so a bit can tell them apart. The classical form
//! has each thread keep its own sense from round to round; here it is read before arriving, which is
//! the same: it cannot turn over before this thread has come.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

/// A barrier that spins. For threads that each have a core of their own.
#[derive(Debug)]
pub struct Barrier {
    parties: u32,
    missing: AtomicU32,
    sense: AtomicBool,
}

/// Turns before a waiter lets others have its core.
const TURNS: u32 = 128;

impl Barrier {
    /// A barrier for `parties` threads.
    pub fn new(parties: u32) -> Self {
        let parties = parties.max(1);
        Barrier {
            parties,
            missing: AtomicU32::new(parties),
            sense: AtomicBool::new(false),
        }
    }

    /// Arrives, and spins until all have arrived. Whether the caller was the last one.
    pub fn wait(&self) -> bool {
        let mine = self.sense.load(Ordering::Relaxed);
        if self.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.missing.store(self.parties, Ordering::Relaxed);
            self.sense.store(!mine, Ordering::Release);
            return true;
        }
        let mut turns = 0;
        while self.sense.load(Ordering::Acquire) == mine {
            turns += 1;
            match turns % TURNS {
                0 => thread::yield_now(),
                _ => hint::spin_loop(),
            }
        }
        false
    }
}
