//! Dekker's lock for two, the oldest: raise your flag; if the other's is up and it is its turn, lower yours for a while.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Both miss the other's flag.
    AcquireRelease,
    /// Both find the other's flag down before either raises its own.
    LooksFirst,
    /// Both keep their flags up and wait.
    NeverLowers,
    /// The one whose turn it is not waits for it for ever.
    KeepsTheTurn,
}

struct Dekker {
    wants: [AtomicBool; 2],
    turn: AtomicUsize,
    flaw: Flaw,
}

fn dekker(flaw: Flaw) -> Dekker {
    let wants = [AtomicBool::new(false), AtomicBool::new(false)];
    Dekker {
        wants,
        turn: AtomicUsize::new(0),
        flaw,
    }
}

impl Dekker {
    fn orders(&self) -> (Ordering, Ordering) {
        if self.flaw == Flaw::AcquireRelease {
            (Acquire, Release)
        } else {
            (SeqCst, SeqCst)
        }
    }
}

impl Lock for Dekker {
    type Held = ();

    fn lock(&self, me: usize) {
        let (load, store) = self.orders();
        let other = 1 - me;
        if self.flaw == Flaw::LooksFirst {
            while self.wants[other].load(load) {
                hint::spin_loop();
            }
            return self.wants[me].store(true, store);
        }
        self.wants[me].store(true, store);
        while self.wants[other].load(load) {
            if self.turn.load(load) == me || self.flaw == Flaw::NeverLowers {
                hint::spin_loop();
                continue;
            }
            self.wants[me].store(false, store);
            while self.turn.load(load) != me {
                hint::spin_loop();
            }
            self.wants[me].store(true, store);
        }
    }

    fn unlock(&self, me: usize, (): ()) {
        let (_, store) = self.orders();
        if self.flaw != Flaw::KeepsTheTurn {
            self.turn.store(1 - me, store);
        }
        self.wants[me].store(false, store);
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("SeqCst", || count(dekker(Flaw::None), &[2, 2])),
        wrong(Order, "acquire and release", Race, || {
            count(dekker(Flaw::AcquireRelease), &[1, 1]);
        }),
        wrong(Atomicity, "looks, then raises", Race, || {
            count(dekker(Flaw::LooksFirst), &[1, 1]);
        }),
        wrong(WakeUp, "never lowers its flag", Spins, || {
            count(dekker(Flaw::NeverLowers), &[1, 1]);
        }),
        wrong(WakeUp, "keeps the turn", Spins, || {
            count(dekker(Flaw::KeepsTheTurn), &[1, 1]);
        }),
    ]
}
