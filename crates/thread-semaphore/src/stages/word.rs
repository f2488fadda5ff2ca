//! The number itself is the word to sleep on: what `std::counting_semaphore` and glibc's `sem_t` do.
//!
//! | bits of the word | mean |
//! |---|---|
//! | 0 to 30 | free units |
//! | 31, `SLEEPERS` | somebody may sleep, and must be woken |

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::futex;

const SLEEPERS: u32 = 1 << 31;
/// Looks before a waiter sleeps.
const LOOKS: u32 = 100;

/// A counting semaphore.
#[derive(Debug)]
pub struct Semaphore(AtomicU32);

impl Semaphore {
    /// With so many units; fewer than 2^31.
    pub fn new(units: u32) -> Self {
        Semaphore(AtomicU32::new(units & !SLEEPERS))
    }

    /// P: waits for a unit and takes it.
    pub fn acquire(&self) {
        for _ in 0..LOOKS {
            if self.try_acquire() {
                return;
            }
            hint::spin_loop();
        }
        loop {
            let word = self.0.load(Ordering::Relaxed);
            if word & !SLEEPERS > 0 {
                // The bit stays: others may sleep as well.
                if self.becomes(word, (word | SLEEPERS) - 1) {
                    return;
                }
            } else if word == SLEEPERS || self.becomes(word, SLEEPERS) {
                futex::wait(&self.0, SLEEPERS, None);
            }
        }
    }

    /// Takes a unit if one is free.
    pub fn try_acquire(&self) -> bool {
        let word = self.0.load(Ordering::Relaxed);
        word & !SLEEPERS > 0 && self.becomes(word, word - 1)
    }

    /// V: gives a unit, whether it was ever taken or not.
    pub fn release(&self) {
        let before = self.0.fetch_add(1, Ordering::Release);
        if before & SLEEPERS != 0 {
            // All who still have to sleep will say so once more.
            self.0.fetch_and(!SLEEPERS, Ordering::Relaxed);
            futex::wake(&self.0, usize::MAX);
        }
    }

    fn becomes(&self, old: u32, new: u32) -> bool {
        let exchanged = self
            .0
            .compare_exchange(old, new, Ordering::Acquire, Ordering::Relaxed);
        exchanged.is_ok()
    }
}
