//! Lamport's bakery: take a number larger than all that you see; the smallest goes first, of equals the lower index.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count};

const N: usize = 3;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Each misses that the other is choosing, and its number.
    AcquireRelease,
    /// One has read the other's number as 0 and not yet written its own, so the other passes; then it writes the same number and its index
    /// is lower.
    NoChoosing,
    /// Two with the same number both go in.
    NoIndex,
    /// Two with the same number wait for each other.
    Polite,
    /// Keeps its number.
    NoUnlock,
}

struct Bakery {
    choosing: [AtomicBool; N],
    number: [AtomicUsize; N],
    threads: usize,
    flaw: Flaw,
}

fn bakery(threads: usize, flaw: Flaw) -> Bakery {
    Bakery {
        choosing: std::array::from_fn(|_| AtomicBool::new(false)),
        number: std::array::from_fn(|_| AtomicUsize::new(0)),
        threads,
        flaw,
    }
}

impl Bakery {
    fn orders(&self) -> (Ordering, Ordering) {
        if self.flaw == Flaw::AcquireRelease {
            (Acquire, Release)
        } else {
            (SeqCst, SeqCst)
        }
    }

    fn goes_first(&self, (theirs, other): (usize, usize), (mine, me): (usize, usize)) -> bool {
        theirs != 0
            && match self.flaw {
                Flaw::NoIndex => theirs < mine,
                Flaw::Polite => theirs <= mine,
                _ => (theirs, other) < (mine, me),
            }
    }
}

impl Lock for Bakery {
    type Held = ();

    fn lock(&self, me: usize) {
        let (load, store) = self.orders();
        let doorway = self.flaw != Flaw::NoChoosing;
        if doorway {
            self.choosing[me].store(true, store);
        }
        let largest = (0..self.threads)
            .map(|i| self.number[i].load(load))
            .max()
            .unwrap_or(0);
        let mine = largest + 1;
        self.number[me].store(mine, store);
        if doorway {
            self.choosing[me].store(false, store);
        }
        for other in (0..self.threads).filter(|&other| other != me) {
            while doorway && self.choosing[other].load(load) {
                hint::spin_loop();
            }
            while self.goes_first((self.number[other].load(load), other), (mine, me)) {
                hint::spin_loop();
            }
        }
    }

    fn unlock(&self, me: usize, (): ()) {
        if self.flaw != Flaw::NoUnlock {
            let (_, store) = self.orders();
            self.number[me].store(0, store);
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(bakery(2, Flaw::None), &[2, 2])),
        right("three threads", || count(bakery(3, Flaw::None), &[1, 1, 1])).to(2),
        wrong(Order, "acquire and release", Race, || {
            count(bakery(2, Flaw::AcquireRelease), &[1, 1]);
        }),
        wrong(Atomicity, "no sign while choosing", Race, || {
            count(bakery(2, Flaw::NoChoosing), &[1, 1]);
        }),
        wrong(Logic, "equal numbers, no index", Race, || {
            count(bakery(2, Flaw::NoIndex), &[1, 1]);
        }),
        wrong(WakeUp, "equal numbers, both wait", Spins, || {
            count(bakery(2, Flaw::Polite), &[1, 1]);
        }),
        wrong(WakeUp, "keeps its number", Spins, || {
            count(bakery(2, Flaw::NoUnlock), &[1, 1]);
        }),
    ]
}
