//! No lock at all: a word of counts that is exchanged, and a word of the round to sleep on.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Leader,
    Follower,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

use crate::futex;

/// Parties in the upper half, arrivals in the lower one.
fn counts(parties: u64, arrived: u64) -> u64 {
    parties << 32 | arrived
}

/// The lowest bit of the round; the others count by two.
const BROKEN: u32 = 1;

#[derive(Debug)]
pub struct Barrier {
    counts: AtomicU64,
    round: AtomicU32,
}

impl Barrier {
    pub fn new(n: usize) -> Barrier {
        Barrier {
            counts: AtomicU64::new(counts(n as u64, 0)),
            round: AtomicU32::new(0),
        }
    }

    pub fn wait(&self) -> Result<Turn, Broken> {
        self.wait_until(None)
    }

    pub fn wait_timeout(&self, d: Duration) -> Result<Turn, Broken> {
        self.wait_until(Instant::now().checked_add(d))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<Turn, Broken> {
        // Before arriving: it may change at any moment afterwards.
        let mine = self.round.load(Ordering::Acquire);
        if mine & BROKEN != 0 {
            return Err(Broken);
        }
        if self.arrive(0, 1) {
            return match self.open(mine) {
                true => Ok(Turn::Leader),
                false => Err(Broken),
            };
        }
        loop {
            match self.round.load(Ordering::Acquire) {
                now if now == mine => {}
                now if now == mine | BROKEN => return Err(Broken),
                _ => return Ok(Turn::Follower),
            }
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                // If the round has become complete meanwhile, nothing breaks.
                let broken = self.change(mine, mine | BROKEN);
                if broken {
                    futex::wake(&self.round, usize::MAX);
                }
                continue;
            }
            futex::wait(&self.round, mine, left);
        }
    }

    pub fn arrive_and_drop(&self) {
        let mine = self.round.load(Ordering::Acquire);
        if self.arrive(1, 0) && mine & BROKEN == 0 {
            self.open(mine);
        }
    }

    pub fn is_broken(&self) -> bool {
        self.round.load(Ordering::Acquire) & BROKEN != 0
    }

    /// Fewer parties or one more arrival; whether that completes the round. The count is set back in
    /// the same step.
    fn arrive(&self, drops: u64, arrives: u64) -> bool {
        let mut old = self.counts.load(Ordering::Relaxed);
        loop {
            let (parties, arrived) = (old >> 32, old & 0xffff_ffff);
            let (parties, arrived) = (parties.saturating_sub(drops), arrived + arrives);
            let complete = arrived > 0 && arrived >= parties;
            let new = counts(parties, if complete { 0 } else { arrived });
            match self
                .counts
                .compare_exchange_weak(old, new, Ordering::AcqRel, Ordering::Relaxed)
            {
                Ok(_) => return complete,
                Err(now) => old = now,
            }
        }
    }

    fn open(&self, mine: u32) -> bool {
        let opened = self.change(mine, mine.wrapping_add(2));
        if opened {
            futex::wake(&self.round, usize::MAX);
        }
        opened
    }

    fn change(&self, old: u32, new: u32) -> bool {
        self.round
            .compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}
