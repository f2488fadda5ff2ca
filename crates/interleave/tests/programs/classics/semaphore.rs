//! A counting semaphore on a futex.

use std::sync::atomic::{AtomicU32, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};
use crate::world::futex;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedTake,
    RelaxedGive,
    /// Two threads take the same permit.
    TakesInTwoSteps,
    /// Woken, it takes a permit without looking whether there still is one.
    IfForWhile,
    /// Wakes only when it gives the first permit: of two that sleep, one is forgotten.
    WakesOnlyAtZero,
    /// Wakes before it gives.
    WakesTooEarly,
    NoWake,
}

struct Semaphore(AtomicU32, Flaw);

impl Semaphore {
    fn take(&self) {
        let Semaphore(permits, flaw) = self;
        let order = unless(*flaw == Flaw::RelaxedTake, Acquire);
        loop {
            let left = permits.load(Relaxed);
            if left == 0 {
                futex::wait(permits, 0);
                if *flaw == Flaw::IfForWhile {
                    permits.fetch_sub(1, order);
                    return;
                }
            } else if *flaw == Flaw::TakesInTwoSteps {
                permits.load(Acquire);
                return permits.store(left - 1, Relaxed);
            } else if permits
                .compare_exchange_weak(left, left - 1, order, Relaxed)
                .is_ok()
            {
                return;
            }
        }
    }

    fn give(&self) {
        let Semaphore(permits, flaw) = self;
        if *flaw == Flaw::WakesTooEarly {
            futex::wake(permits, 1);
        }
        let before = permits.fetch_add(1, unless(*flaw == Flaw::RelaxedGive, Release));
        match flaw {
            Flaw::NoWake | Flaw::WakesTooEarly => {}
            Flaw::WakesOnlyAtZero if before > 0 => {}
            _ => _ = futex::wake(permits, 1),
        }
    }
}

impl Lock for Semaphore {
    type Held = ();
    fn lock(&self, _me: usize) {
        self.take();
    }
    fn unlock(&self, _me: usize, (): ()) {
        self.give();
    }
}

fn one(flaw: Flaw) -> Semaphore {
    Semaphore(AtomicU32::new(1), flaw)
}

/// Two threads take, a third gives twice.
fn two_wait(flaw: Flaw) {
    let semaphore = Semaphore(AtomicU32::new(0), flaw);
    thread::scope(|scope| {
        scope.spawn(|| semaphore.take());
        scope.spawn(|| semaphore.take());
        semaphore.give();
        semaphore.give();
    });
    assert_eq!(semaphore.0.load(Relaxed), 0);
}

/// Three threads and two permits: never three inside.
fn two_permits() {
    let (semaphore, inside) = (Semaphore(AtomicU32::new(2), Flaw::None), AtomicU32::new(0));
    let work = || {
        semaphore.take();
        assert!(inside.fetch_add(1, Relaxed) < 2, "three inside");
        inside.fetch_sub(1, Relaxed);
        semaphore.give();
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
        work();
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("as a mutex", || count(one(Flaw::None), &[2, 1])),
        right("as a mutex of three", || count(one(Flaw::None), &[1, 1, 1])),
        right("two wait", || two_wait(Flaw::None)),
        right("two permits", two_permits),
        wrong(Order, "relaxed take", Race, || {
            count(one(Flaw::RelaxedTake), &[1, 1]);
        }),
        wrong(Order, "relaxed give", Race, || {
            count(one(Flaw::RelaxedGive), &[1, 1]);
        }),
        wrong(Atomicity, "takes in two steps", Race, || {
            count(one(Flaw::TakesInTwoSteps), &[1, 1]);
        }),
        wrong(Logic, "if for while", Race, || {
            count(one(Flaw::IfForWhile), &[1, 1]);
        }),
        wrong(WakeUp, "wakes only at zero", Stuck, || {
            two_wait(Flaw::WakesOnlyAtZero);
        }),
        wrong(WakeUp, "wakes too early", Stuck, || {
            count(one(Flaw::WakesTooEarly), &[1, 1]);
        }),
        wrong(WakeUp, "wakes nobody", Stuck, || {
            count(one(Flaw::NoWake), &[1, 1]);
        }),
    ]
}
