//! The filter lock: Peterson's idea for n threads. Of those who come to a level, one stays behind.

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count};

const N: usize = 3;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Two threads each miss that the other has come to the level.
    AcquireRelease,
    /// Of three, two get past the only level.
    OneLevelShort,
    /// Says who stays behind before it says that it has come.
    VictimFirst,
    /// Its level stays where it was.
    NoUnlock,
}

struct Filter {
    level: [AtomicUsize; N],
    victim: [AtomicUsize; N],
    threads: usize,
    flaw: Flaw,
}

fn filter(threads: usize, flaw: Flaw) -> Filter {
    let zeros = || std::array::from_fn(|_| AtomicUsize::new(0));
    Filter {
        level: zeros(),
        victim: zeros(),
        threads,
        flaw,
    }
}

impl Filter {
    fn orders(&self) -> (Ordering, Ordering) {
        if self.flaw == Flaw::AcquireRelease {
            (Acquire, Release)
        } else {
            (SeqCst, SeqCst)
        }
    }

    fn someone_as_far(&self, me: usize, level: usize) -> bool {
        let (load, _) = self.orders();
        (0..self.threads).any(|other| other != me && self.level[other].load(load) >= level)
    }
}

impl Lock for Filter {
    type Held = ();

    fn lock(&self, me: usize) {
        let (load, store) = self.orders();
        let levels = if self.flaw == Flaw::OneLevelShort {
            N - 1
        } else {
            self.threads
        };
        for level in 1..levels {
            if self.flaw == Flaw::VictimFirst {
                self.victim[level].store(me, store);
                self.level[me].store(level, store);
            } else {
                self.level[me].store(level, store);
                self.victim[level].store(me, store);
            }
            while self.someone_as_far(me, level) && self.victim[level].load(load) == me {
                hint::spin_loop();
            }
        }
    }

    fn unlock(&self, me: usize, (): ()) {
        if self.flaw != Flaw::NoUnlock {
            let (_, store) = self.orders();
            self.level[me].store(0, store);
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(filter(2, Flaw::None), &[2, 2])),
        right("three threads", || count(filter(3, Flaw::None), &[1, 1, 1])),
        wrong(Order, "acquire and release", Race, || {
            count(filter(2, Flaw::AcquireRelease), &[1, 1]);
        }),
        wrong(Order, "victim before level", Race, || {
            count(filter(2, Flaw::VictimFirst), &[1, 1]);
        }),
        wrong(Logic, "one level short", Race, || {
            count(filter(3, Flaw::OneLevelShort), &[1, 1, 1]);
        }),
        wrong(WakeUp, "never goes back", Spins, || {
            count(filter(2, Flaw::NoUnlock), &[1, 1]);
        }),
    ]
}
