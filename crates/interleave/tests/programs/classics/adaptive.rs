//! The adaptive mutex: spin a while, because most critical sections are short, then sleep.

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};
use crate::world::futex;

/// How often it tries before it sleeps. The checker must not take a hundred turns for a spin that never ends.
const TURNS: u32 = 100;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Right, though it looks instead of trying: only a look that finds 0 tries.
    LooksFirst,
    RelaxedTry,
    RelaxedUnlock,
    /// After the last turn it goes in.
    RunsOutOfPatience,
    /// Sleeps on 1, and an unlock from 1 wakes nobody.
    SleepsUnmarked,
    /// Marks the lock by a store: the holder may have left in between, and the mark locks it for ever.
    MarksByStore,
}

struct Adaptive(AtomicU32, Flaw);

fn adaptive(flaw: Flaw) -> Adaptive {
    Adaptive(AtomicU32::new(0), flaw)
}

impl Adaptive {
    fn attempt(&self) -> bool {
        let Adaptive(word, flaw) = self;
        let order = unless(*flaw == Flaw::RelaxedTry, Acquire);
        (*flaw != Flaw::LooksFirst || word.load(Relaxed) == 0)
            && word.compare_exchange(0, 1, order, Relaxed).is_ok()
    }
}

impl Lock for Adaptive {
    type Held = ();

    fn lock(&self, _me: usize) {
        let Adaptive(word, flaw) = self;
        for _ in 0..TURNS {
            if self.attempt() {
                return;
            }
            hint::spin_loop();
        }
        match flaw {
            Flaw::RunsOutOfPatience => {}
            Flaw::SleepsUnmarked => {
                while word.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
                    futex::wait(word, 1);
                }
            }
            Flaw::MarksByStore => {
                while word.compare_exchange(0, 2, Acquire, Relaxed).is_err() {
                    word.store(2, Relaxed);
                    futex::wait(word, 2);
                }
            }
            _ => {
                while word.swap(2, Acquire) != 0 {
                    futex::wait(word, 2);
                }
            }
        }
    }

    fn unlock(&self, _me: usize, (): ()) {
        let Adaptive(word, flaw) = self;
        if word.swap(0, unless(*flaw == Flaw::RelaxedUnlock, Release)) == 2 {
            futex::wake(word, 1);
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(adaptive(Flaw::None), &[2, 1])),
        right("three threads", || count(adaptive(Flaw::None), &[1, 1, 1])).to(2),
        right("looks first", || count(adaptive(Flaw::LooksFirst), &[2, 1])),
        wrong(Order, "relaxed try", Race, || {
            count(adaptive(Flaw::RelaxedTry), &[1, 1]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            count(adaptive(Flaw::RelaxedUnlock), &[1, 1]);
        }),
        wrong(Atomicity, "marks by a store", Stuck, || {
            count(adaptive(Flaw::MarksByStore), &[1, 1]);
        }),
        wrong(Logic, "runs out of patience", Race, || {
            count(adaptive(Flaw::RunsOutOfPatience), &[1, 1]);
        }),
        wrong(WakeUp, "sleeps unmarked", Stuck, || {
            count(adaptive(Flaw::SleepsUnmarked), &[1, 1]);
        }),
    ]
}
