//! The test-and-set lock: swap `true` in until `false` comes out.

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// The second holder's swap reads `false` and learns nothing of what the first one wrote.
    RelaxedSwap,
    /// The same, from the other side.
    RelaxedUnlock,
    /// Both load `false` before either stores `true`.
    TestThenSet,
    /// Does not look at what it swapped out.
    OneTry,
    /// The second thread waits for ever.
    NoUnlock,
}

struct Tas(AtomicBool, Flaw);

fn tas(flaw: Flaw) -> Tas {
    Tas(AtomicBool::new(false), flaw)
}

impl Lock for Tas {
    type Held = ();

    fn lock(&self, _me: usize) {
        let Tas(taken, flaw) = self;
        if *flaw == Flaw::TestThenSet {
            while taken.load(Acquire) {
                hint::spin_loop();
            }
            return taken.store(true, Relaxed);
        }
        while taken.swap(true, unless(*flaw == Flaw::RelaxedSwap, Acquire)) {
            if *flaw == Flaw::OneTry {
                return;
            }
            hint::spin_loop();
        }
    }

    fn unlock(&self, _me: usize, (): ()) {
        let Tas(taken, flaw) = self;
        if *flaw != Flaw::NoUnlock {
            taken.store(false, unless(*flaw == Flaw::RelaxedUnlock, Release));
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(tas(Flaw::None), &[2, 2])),
        right("three threads", || count(tas(Flaw::None), &[1, 1, 1])),
        wrong(Order, "relaxed swap", Race, || {
            count(tas(Flaw::RelaxedSwap), &[1, 1]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            count(tas(Flaw::RelaxedUnlock), &[1, 1]);
        }),
        wrong(Atomicity, "test, then set", Race, || {
            count(tas(Flaw::TestThenSet), &[1, 1]);
        }),
        wrong(Logic, "tries once", Race, || {
            count(tas(Flaw::OneTry), &[1, 1]);
        }),
        wrong(WakeUp, "never unlocks", Spins, || {
            count(tas(Flaw::NoUnlock), &[1, 1]);
        }),
    ]
}
