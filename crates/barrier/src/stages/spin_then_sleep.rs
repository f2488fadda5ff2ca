//! Spin for a moment, then sleep: a barrier that is fast when all are running, and polite when not.
//!
//! A wake-up costs some microseconds, at both ends. If the others are running, the round is over
//! within a fraction of that, so a waiter looks a few hundred times before it goes to sleep, and lets
//! others run when that was not enough: with more threads than cores, they are what it waits for. And the last one makes a system call only if somebody does sleep, which a bit of the word tells.
//!
//! | word | means |
//! |---|---|
//! | 2 × generation | nobody sleeps |
//! | 2 × generation + 1 | somebody may sleep, and must be woken |

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::futex;

/// A barrier that spins first.
#[derive(Debug)]
#[repr(align(128))]
pub struct Barrier {
    // On one cache line, on purpose: the last one takes it for its arrival, and opens the barrier
    // there at once. It has to be sent to the waiters only.
    arrived: AtomicU32,
    round: AtomicU32,
    parties: u32,
    /// Looks before a waiter lets others run.
    looks: u32,
}

/// Somebody sleeps.
const SLEEPING: u32 = 1;
/// From one round to the next.
const NEXT: u32 = 2;
/// Looks before a waiter lets others run, if there is a core for each thread.
const LOOKS: u32 = 200;
/// Looks from then on, before it sleeps. All of them together take about as long as a wake-up.
const YIELDS: u32 = 20;

impl Barrier {
    /// A barrier for `parties` threads.
    pub fn new(parties: u32) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Barrier {
            parties,
            // Otherwise those that it waits for may be waiting for its core.
            looks: if parties as usize <= cores { LOOKS } else { 0 },
            arrived: AtomicU32::new(0),
            round: AtomicU32::new(0),
        }
    }

    /// Arrives, and waits until all have arrived. Whether the caller was the last one.
    pub fn wait(&self) -> bool {
        let (arrived, round) = (&self.arrived, &self.round);
        let mine = round.load(Ordering::Relaxed) & !SLEEPING;
        if arrived.fetch_add(1, Ordering::AcqRel) + 1 >= self.parties {
            arrived.store(0, Ordering::Relaxed);
            // A swap and not a store: whoever has said that it will sleep is seen.
            let before = round.swap(mine.wrapping_add(NEXT), Ordering::Release);
            if before & SLEEPING != 0 {
                futex::wake(round, usize::MAX);
            }
            return true;
        }
        for look in 0..self.looks + YIELDS {
            if round.load(Ordering::Acquire) & !SLEEPING != mine {
                return false;
            }
            match look < self.looks {
                true => hint::spin_loop(),
                false => thread::yield_now(),
            }
        }
        self.sleep(mine);
        false
    }

    #[cold]
    fn sleep(&self, mine: u32) {
        let round = &self.round;
        loop {
            let said =
                round.compare_exchange(mine, mine | SLEEPING, Ordering::Acquire, Ordering::Acquire);
            match said {
                // Another one may have said it already.
                Ok(_) => {}
                Err(now) if now == mine | SLEEPING => {}
                Err(_) => return,
            }
            futex::wait(round, mine | SLEEPING, None);
        }
    }
}
