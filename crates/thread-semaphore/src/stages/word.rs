//! The number itself is the word to sleep on: what `std::counting_semaphore` and glibc's `sem_t` do.
//!
//! | bits of the word | mean |
//! |---|---|
//! | 0 to 30 | free units, at most 2^30 |
//! | 31, `SLEEPERS` | somebody may sleep, and must be woken |

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::futex;

const SLEEPERS: u32 = 1 << 31;
/// More units are refused. The numbers above it are for those who have added a unit and not seen yet
/// that it is one too many: they never become so many that they carry into `SLEEPERS`.
const MOST: u32 = 1 << 30;
/// Looks before a waiter sleeps.
const LOOKS: u32 = 100;

/// A counting semaphore.
#[derive(Debug)]
pub struct Semaphore(AtomicU32);

impl Semaphore {
    /// With so many units.
    ///
    /// # Panics
    ///
    /// If they are more than 2^30.
    pub fn new(units: u32) -> Self {
        assert!(units <= MOST, "more than 2^30 units");
        Semaphore(AtomicU32::new(units))
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
        // Again if another one has taken or given a unit in between: there may be more.
        let taken = self
            .0
            .try_update(Ordering::Acquire, Ordering::Relaxed, |word| {
                (word & !SLEEPERS > 0).then(|| word - 1)
            });
        taken.is_ok()
    }

    /// V: gives a unit, whether it was ever taken or not.
    ///
    /// # Panics
    ///
    /// If 2^30 units are free already. The unit is not given then: as
    /// [sem_post(3)](https://man7.org/linux/man-pages/man3/sem_post.3.html) fails with `EOVERFLOW`.
    pub fn release(&self) {
        let before = self.0.fetch_add(1, Ordering::Release);
        // One comparison for both: `SLEEPERS` is above every number of units.
        if before >= MOST {
            self.released(before);
        }
    }

    /// What there is to do after a release, now and then.
    #[cold]
    fn released(&self, before: u32) {
        let fits = before & !SLEEPERS < MOST;
        if !fits {
            self.try_acquire();
        }
        assert!(fits, "more than 2^30 units");
        // All who still have to sleep will say so once more.
        self.0.fetch_and(!SLEEPERS, Ordering::Relaxed);
        futex::wake(&self.0, usize::MAX);
    }

    fn becomes(&self, old: u32, new: u32) -> bool {
        let exchanged = self
            .0
            .compare_exchange(old, new, Ordering::Acquire, Ordering::Relaxed);
        exchanged.is_ok()
    }
}
