//! Between processes that may die inside: the next one gets the lock all the same, and is told.
//!
//! The word does not say *taken* but *by whom*, so that the kernel can tell whose it was when somebody
//! dies (see [`futex::robust`]).
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
//! One thing is beyond help, here as in the C library. Between two steps the word is free, and that
//! somebody sleeps is known to one thread alone: to the one that has freed it and is about to wake, or to
//! the one that was woken and is about to take it. If another thread takes the word in that moment, and
//! then the one that knows is killed, the kernel finds a word that is somebody else's, and leaves it alone.
//! Those who sleep go on sleeping until one more has come, waited and left.
//!
//! Linux before 6.2, unless it was repaired since, also forgets sleepers when one is killed that it has just
//! woken because an owner had died.

#![expect(unsafe_code, reason = "the kernel is told where the lock is")]

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
///
/// It is locked where it stays for ever, since a dying thread may still hold it: in memory that all have
/// mapped, in a `static`, or leaked.
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
    pub fn lock(&'static self) -> Before {
        // SAFETY: the word stays where it is for ever.
        unsafe { robust::set_pending(Some(&self.word)) };
        let me = robust::thread_id();
        let before = match self.word.compare_exchange(0, me, Acquire, Relaxed) {
            Ok(_) => Before::Left,
            Err(_) => self.wait(me),
        };
        // SAFETY: it stays where it is for ever. It was free or its owner is dead, so it is on no list:
        // whoever frees it has taken it off before.
        unsafe { robust::add(&self.word) };
        // SAFETY: no word.
        unsafe { robust::set_pending(None) };
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

    /// Frees it.
    ///
    /// # Panics
    ///
    /// If the calling thread has not taken it: a child does not have what its parent has.
    #[inline]
    pub fn unlock(&'static self) {
        let owner = self.word.load(Relaxed) & OWNER;
        assert!(owner == robust::thread_id(), "another thread is inside");
        // SAFETY: the word stays where it is for ever.
        unsafe { robust::set_pending(Some(&self.word)) };
        robust::remove(&self.word);
        if self.word.swap(0, Release) & WAITERS != 0 {
            self.wake();
        }
        // SAFETY: no word.
        unsafe { robust::set_pending(None) };
    }

    #[cold]
    fn wake(&self) {
        shared::wake(&self.word, 1);
    }
}
