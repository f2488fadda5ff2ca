//! Two words: a count to arrive at, and a generation to sleep on.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::futex;

/// A barrier whose waiters sleep on the number of their round.
#[derive(Debug)]
pub struct Barrier {
    parties: u32,
    /// Those who have come in this round.
    arrived: AtomicU32,
    /// The number of the round.
    generation: AtomicU32,
}

impl Barrier {
    /// A barrier for `parties` threads.
    pub fn new(parties: u32) -> Self {
        Barrier {
            parties,
            arrived: AtomicU32::new(0),
            generation: AtomicU32::new(0),
        }
    }

    /// Arrives, and sleeps until all have arrived. Whether the caller was the last one.
    pub fn wait(&self) -> bool {
        // Before arriving! Afterwards the round may end at any moment, and this thread would wait
        // for the end of the next one. No other thread has changed it since this one was here last,
        // so there is nothing to acquire.
        let mine = self.generation.load(Ordering::Relaxed);
        // Each arrival hands on what the ones before it knew, and the last one knows it all.
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 >= self.parties {
            // All others wait for the generation, and look at nothing else.
            self.arrived.store(0, Ordering::Relaxed);
            self.generation
                .store(mine.wrapping_add(1), Ordering::Release);
            futex::wake(&self.generation, usize::MAX);
            return true;
        }
        while self.generation.load(Ordering::Acquire) == mine {
            // However it ends: the generation decides.
            futex::wait(&self.generation, mine, None);
        }
        false
    }
}
