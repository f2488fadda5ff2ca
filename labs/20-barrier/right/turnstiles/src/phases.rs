//! `phases`: work in rounds, each of which needs what all have done in the one before.
//!
//! It starts its threads once, and not in every round: joining them would be a barrier as well, at
//! a thousand times the price.

use std::thread;

use crate::barrier::Barrier;

/// Calls `work(who, round)` for each of `n` threads and each of the rounds `0..rounds`, every `who`
/// in a thread of its own. No call of a round begins before all calls of the round before have ended.
///
/// # Panics
///
/// If `work` does. The other threads go on without that one.
pub fn phases(n: usize, rounds: usize, work: impl Fn(usize, usize) + Sync) {
    let barrier = Barrier::new(n);
    thread::scope(|scope| {
        for who in 0..n {
            let (barrier, work) = (&barrier, &work);
            scope.spawn(move || {
                let leaving = Leaving(barrier);
                for round in 0..rounds {
                    work(who, round);
                    // It cannot break: nobody waits with a limit.
                    if barrier.wait().is_err() {
                        break;
                    }
                }
                drop(leaving);
            });
        }
    });
}

/// Whoever ends early must not be waited for.
struct Leaving<'a>(&'a Barrier);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.arrive_and_drop();
        }
    }
}
