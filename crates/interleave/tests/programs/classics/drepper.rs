//! The second mutex of Drepper's *Futexes Are Tricky*: 0 free, 1 taken, 2 taken and somebody may sleep.

use std::sync::atomic::{AtomicU32, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};
use crate::world::futex;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedFastPath,
    RelaxedSlowPath,
    RelaxedUnlock,
    /// Only the store of 0 after a contended unlock is relaxed.
    RelaxedContendedUnlock,
    /// Both find 0 and store 1.
    LoadThenStore,
    /// A woken thread takes the lock as 1, so that its unlock wakes nobody, though a third one still sleeps.
    WokenTakesOne,
    /// Wakes before the lock is free: who is woken finds it taken and sleeps again.
    WakesTooEarly,
    /// Frees the lock and wakes nobody.
    NoWake,
    /// A woken thread believes that it has the lock.
    WokenMeansMine,
}

struct Drepper(AtomicU32, Flaw);

fn drepper(flaw: Flaw) -> Drepper {
    Drepper(AtomicU32::new(0), flaw)
}

impl Lock for Drepper {
    type Held = ();

    fn lock(&self, _me: usize) {
        let Drepper(word, flaw) = self;
        if *flaw == Flaw::LoadThenStore {
            if word.load(Acquire) == 0 {
                return word.store(1, Relaxed);
            }
        } else {
            let order = unless(*flaw == Flaw::RelaxedFastPath, Acquire);
            if word.compare_exchange(0, 1, order, Relaxed).is_ok() {
                return;
            }
        }
        let mut taken_as = 2;
        while word.swap(taken_as, unless(*flaw == Flaw::RelaxedSlowPath, Acquire)) != 0 {
            futex::wait(word, taken_as);
            match flaw {
                Flaw::WokenTakesOne => taken_as = 1,
                Flaw::WokenMeansMine => return,
                _ => {}
            }
        }
    }

    fn unlock(&self, _me: usize, (): ()) {
        let Drepper(word, flaw) = self;
        if word.fetch_sub(1, unless(*flaw == Flaw::RelaxedUnlock, Release)) == 1 {
            return;
        }
        if *flaw == Flaw::WakesTooEarly {
            futex::wake(word, 1);
        }
        let relaxed = matches!(flaw, Flaw::RelaxedUnlock | Flaw::RelaxedContendedUnlock);
        word.store(0, unless(relaxed, Release));
        if !matches!(flaw, Flaw::WakesTooEarly | Flaw::NoWake) {
            futex::wake(word, 1);
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(drepper(Flaw::None), &[2, 2])),
        right("three threads", || count(drepper(Flaw::None), &[1, 1, 1])),
        wrong(Order, "relaxed fast path", Race, || {
            count(drepper(Flaw::RelaxedFastPath), &[1, 1]);
        }),
        wrong(Order, "relaxed slow path", Race, || {
            count(drepper(Flaw::RelaxedSlowPath), &[1, 1]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            count(drepper(Flaw::RelaxedUnlock), &[1, 1]);
        }),
        wrong(Order, "relaxed contended unlock", Race, || {
            count(drepper(Flaw::RelaxedContendedUnlock), &[1, 1]);
        }),
        wrong(Atomicity, "load, then store", Race, || {
            count(drepper(Flaw::LoadThenStore), &[1, 1]);
        }),
        wrong(Logic, "woken means mine", Race, || {
            count(drepper(Flaw::WokenMeansMine), &[1, 1, 1]);
        }),
        wrong(WakeUp, "woken takes 1", Stuck, || {
            count(drepper(Flaw::WokenTakesOne), &[1, 1, 1]);
        }),
        wrong(WakeUp, "wakes too early", Stuck, || {
            count(drepper(Flaw::WakesTooEarly), &[1, 1]);
        }),
        wrong(WakeUp, "wakes nobody", Stuck, || {
            count(drepper(Flaw::NoWake), &[1, 1]);
        }),
    ]
}
