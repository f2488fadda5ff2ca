//! Between processes that may die inside: the next one gets the lock all the same, and is told.
//!
//! The word does not say *taken* but *by whom*, so that the kernel can tell whose it was when somebody
//! dies (see [`futex::robust`](::futex::robust)).
//!
//! | word | means |
//! |---|---|
//! | 0 | free |
//! | number of a thread | it is inside, and nobody sleeps |
//! | the number and `WAITERS` | it is inside, and somebody may sleep |
//! | `OWNER_DIED`, perhaps with `WAITERS` | who was inside is dead |
//!
//! To be told is all that one gets: whatever the dead one had half done is still half done. Whoever
//! finds [`Before::Died`] repairs it before it goes on.
//!
//! One case is beyond help, here as in the C library: a thread is woken, another overtakes it and takes
//! the free lock without a word of sleepers, and then the woken one is killed. Nobody wakes those who
//! sleep behind it until somebody else has come and waited, too.

use std::hint;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::futex::robust::{self, OWNER, OWNER_DIED, WAITERS, Word};
use crate::futex::shared;

const TURNS: u32 = 100;

/// How the one before has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// It has left, or there was nobody.
    Left,
    /// It died inside (EOWNERDEAD).
    Died,
}

/// Mutual exclusion without a payload, between processes of which any may be killed at any time.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct Robust {
    word: Word,
}

impl Robust {
    /// A free lock.
    pub const fn new() -> Self {
        Robust { word: Word::new() }
    }

    /// Waits until nobody is inside, dead ones apart, takes it, and says how the last one has gone.
    #[inline]
    #[must_use = "what a dead owner has left half done must be repaired"]
    pub fn lock(&self) -> Before {
        robust::set_pending(Some(&self.word));
        let me = robust::thread_id();
        let before = match self.word.compare_exchange(0, me, Acquire, Relaxed) {
            Ok(_) => Before::Left,
            Err(_) => self.wait(me),
        };
        robust::add(&self.word);
        robust::set_pending(None);
        before
    }

    #[cold]
    fn wait(&self, me: u32) -> Before {
        let mut turns = TURNS;
        // Who has slept does not know whether others still do.
        let mut others = 0;
        loop {
            let now = self.word.load(Relaxed);
            if now & OWNER == 0 {
                let mine = me | now & WAITERS | others;
                if self.change(now, mine) {
                    return match now & OWNER_DIED {
                        0 => Before::Left,
                        _ => Before::Died,
                    };
                }
            } else if now & WAITERS == 0 && turns > 0 {
                turns -= 1;
                hint::spin_loop();
            } else {
                let marked = now | WAITERS;
                if now == marked || self.change(now, marked) {
                    shared::wait(&self.word, marked, None);
                    others = WAITERS;
                }
            }
        }
    }

    fn change(&self, now: u32, then: u32) -> bool {
        let word = &self.word;
        word.compare_exchange(now, then, Acquire, Relaxed).is_ok()
    }

    /// Frees it; only for who has taken it.
    #[inline]
    pub fn unlock(&self) {
        robust::set_pending(Some(&self.word));
        robust::remove(&self.word);
        if self.word.swap(0, Release) & WAITERS != 0 {
            self.wake();
        }
        robust::set_pending(None);
    }

    #[cold]
    fn wake(&self) {
        shared::wake(&self.word, 1);
    }
}
