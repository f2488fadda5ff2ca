//! `phases`: work in rounds, each of which needs what all have done in the one before.

#![allow(unused_variables, reason = "delete this when you begin")]

/// Calls `work(who, round)` for each `who` in `0..n` and each round in `0..rounds`, every `who` in a
/// thread of its own. No call of a round begins before all calls of the round before have ended.
pub fn phases(n: usize, rounds: usize, work: impl Fn(usize, usize) + Sync) {
    todo!()
}
