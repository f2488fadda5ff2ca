//! The test-and-test-and-set lock: look until it is free, then swap; someone else may have been faster.

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Right, but gives the processor away instead of the hint.
    Yields,
    /// The swap takes a lock whose last holder is not the one that the look has seen: it must acquire, too.
    AcquiresOnTheLook,
    RelaxedUnlock,
    /// Both look, both store.
    StoresInsteadOfSwap,
    /// Looks, swaps, and goes in whatever came out.
    IgnoresTheSwap,
    NoUnlock,
}

struct Ttas(AtomicBool, Flaw);

fn ttas(flaw: Flaw) -> Ttas {
    Ttas(AtomicBool::new(false), flaw)
}

impl Lock for Ttas {
    type Held = ();

    fn lock(&self, _me: usize) {
        let Ttas(taken, flaw) = self;
        let careless = *flaw == Flaw::AcquiresOnTheLook;
        loop {
            while taken.load(if *flaw == Flaw::None {
                Relaxed
            } else {
                Acquire
            }) {
                if *flaw == Flaw::Yields {
                    thread::yield_now();
                } else {
                    hint::spin_loop();
                }
            }
            if *flaw == Flaw::StoresInsteadOfSwap {
                return taken.store(true, Relaxed);
            }
            if !taken.swap(true, unless(careless, Acquire)) || *flaw == Flaw::IgnoresTheSwap {
                return;
            }
        }
    }

    fn unlock(&self, _me: usize, (): ()) {
        let Ttas(taken, flaw) = self;
        if *flaw != Flaw::NoUnlock {
            taken.store(false, unless(*flaw == Flaw::RelaxedUnlock, Release));
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(ttas(Flaw::None), &[2, 2])),
        right("three threads", || count(ttas(Flaw::None), &[1, 1, 1])),
        right("yields", || count(ttas(Flaw::Yields), &[2, 1])),
        wrong(Order, "acquires on the look only", Race, || {
            count(ttas(Flaw::AcquiresOnTheLook), &[1, 1]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            count(ttas(Flaw::RelaxedUnlock), &[1, 1]);
        }),
        wrong(Atomicity, "looks, then stores", Race, || {
            count(ttas(Flaw::StoresInsteadOfSwap), &[1, 1]);
        }),
        wrong(Atomicity, "ignores the swap", Race, || {
            count(ttas(Flaw::IgnoresTheSwap), &[1, 1]);
        }),
        wrong(WakeUp, "never unlocks", Spins, || {
            count(ttas(Flaw::NoUnlock), &[1, 1]);
        }),
    ]
}
