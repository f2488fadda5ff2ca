//! Once: the first caller executes the initialiser, the others sleep until it is done.

use std::sync::atomic::{AtomicU32, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;
use crate::world::{Tracked, futex};

const NEW: u32 = 0;
const RUNNING: u32 = 1;
const DONE: u32 = 2;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedDone,
    RelaxedFastPath,
    /// Two threads each find that nobody has begun.
    BeginsInTwoSteps,
    /// Who finds somebody running goes on.
    DoesNotWait,
    /// Nobody wakes the one who sleeps.
    NoWake,
    /// Wakes one of two.
    WakesOne,
}

struct Once(AtomicU32, Flaw);

impl Once {
    fn call(&self, initialise: impl FnOnce()) {
        let Once(state, flaw) = self;
        let look = unless(*flaw == Flaw::RelaxedFastPath, Acquire);
        if state.load(look) == DONE {
            return;
        }
        let mine = if *flaw == Flaw::BeginsInTwoSteps {
            let new = state.load(Acquire) == NEW;
            if new {
                state.store(RUNNING, Relaxed);
            }
            new
        } else {
            state
                .compare_exchange(NEW, RUNNING, Acquire, Acquire)
                .is_ok()
        };
        if mine {
            initialise();
            state.store(DONE, unless(*flaw == Flaw::RelaxedDone, Release));
            match flaw {
                Flaw::NoWake => {}
                Flaw::WakesOne => _ = futex::wake(state, 1),
                _ => _ = futex::wake(state, u32::MAX),
            }
        } else if *flaw != Flaw::DoesNotWait {
            while state.load(look) != DONE {
                futex::wait(state, RUNNING);
            }
        }
    }
}

fn initialised(flaw: Flaw, threads: usize) {
    let (once, value) = (Once(AtomicU32::new(NEW), flaw), Tracked::new(0));
    let work = || {
        once.call(|| value.set(value.get() + 1));
        assert_eq!(value.get(), 1);
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || initialised(Flaw::None, 2)),
        right("three threads", || initialised(Flaw::None, 3)),
        wrong(Order, "relaxed end", Race, || {
            initialised(Flaw::RelaxedDone, 2);
        }),
        wrong(Order, "relaxed fast path", Race, || {
            initialised(Flaw::RelaxedFastPath, 2);
        }),
        wrong(Atomicity, "begins in two steps", Race, || {
            initialised(Flaw::BeginsInTwoSteps, 2);
        }),
        wrong(Logic, "does not wait", Race, || {
            initialised(Flaw::DoesNotWait, 2);
        }),
        wrong(WakeUp, "wakes nobody", Stuck, || {
            initialised(Flaw::NoWake, 2);
        }),
        wrong(WakeUp, "wakes one of two", Stuck, || {
            initialised(Flaw::WakesOne, 3);
        }),
    ]
}
