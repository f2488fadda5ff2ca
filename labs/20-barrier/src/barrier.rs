//! `Barrier`: nobody goes on before all have come, round after round.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::time::Duration;

/// What a thread is in the round that it has completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The one that arrived last; there is one in each round, unless a drop completed it.
    Leader,
    /// All others.
    Follower,
}

/// Somebody has waited for too long: the barrier is of no use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// A meeting point for a number of threads, again and again.
#[derive(Debug)]
pub struct Barrier {
    // Yours to fill: `std::sync`, `std::thread`, and `crate::futex` if you want to sleep on a word.
}

impl Barrier {
    /// A barrier for `n` threads. None behaves as one: whoever comes goes on.
    pub fn new(n: usize) -> Barrier {
        todo!()
    }

    /// Arrives, and sleeps until all have arrived. `Broken` if the barrier is broken, or breaks
    /// before this round is complete.
    pub fn wait(&self) -> Result<Turn, Broken> {
        todo!()
    }

    /// The same, but not for longer than `d`: then the barrier breaks, for all.
    pub fn wait_timeout(&self, d: Duration) -> Result<Turn, Broken> {
        todo!()
    }

    /// Counts as arrived in this round without waiting for the others, who are one fewer from the
    /// next round on. If that completes the round, it has no leader.
    pub fn arrive_and_drop(&self) {
        todo!()
    }

    /// Whether somebody has waited for too long.
    pub fn is_broken(&self) -> bool {
        todo!()
    }
}
