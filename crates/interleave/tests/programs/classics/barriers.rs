//! Three barriers on atomics: sense-reversing, tree, dissemination.
//!
//! The client is the same for all: in each phase everyone writes his own place, waits, reads everybody's, waits.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;
use crate::world::Tracked;

trait Barrier: Sync {
    /// Waits for the others; `turn` counts this thread's calls from 1.
    fn wait(&self, me: usize, turn: u32);
}

fn phases<B: Barrier>(barrier: B, threads: usize, phases: u32) {
    let places: Vec<Tracked<u32>> = (0..threads).map(|_| Tracked::new(0)).collect();
    let work = |me: usize| {
        for phase in 1..=phases {
            places[me].set(phase);
            barrier.wait(me, 2 * phase - 1);
            assert!(
                places.iter().all(|place| place.get() == phase),
                "somebody is not there yet"
            );
            if phase < phases {
                barrier.wait(me, 2 * phase);
            }
        }
    };
    thread::scope(|scope| {
        let work = &work;
        for me in 1..threads {
            scope.spawn(move || work(me));
        }
        work(0);
    });
}

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Who goes on has not seen what the arriving one wrote.
    RelaxedArrival,
    RelaxedWait,
    RelaxedRelease,
    /// Two arrivals count as one, and all wait for ever.
    ArrivesInTwoSteps,
    /// The count is restored after the others were let go: an arrival of the next phase is wiped out.
    ResetsTooLate,
    /// Waits for a full count; who is slow finds it counted down again.
    WaitsForTheCount,
    /// Does not wait for its second child.
    ForgetsAChild,
    /// Lets only one child go.
    ReleasesOne,
    /// One round of signals where two are needed.
    OneRound,
    /// Takes its flag down when it has seen it; the partner, a phase ahead, may have raised it again before.
    TakesTheFlagDown,
    /// Signals itself.
    SignalsItself,
}

/// The last one to arrive turns the sense over, and everyone waits for that.
struct Sense {
    missing: AtomicUsize,
    sense: AtomicBool,
    threads: usize,
    flaw: Flaw,
}

fn sense(threads: usize, flaw: Flaw) -> Sense {
    Sense {
        missing: AtomicUsize::new(threads),
        sense: AtomicBool::new(false),
        threads,
        flaw,
    }
}

impl Barrier for Sense {
    fn wait(&self, _me: usize, turn: u32) {
        let mine = turn % 2 == 1;
        let last = if self.flaw == Flaw::ArrivesInTwoSteps {
            let missing = self.missing.load(Acquire);
            self.missing.store(missing - 1, Release);
            missing == 1
        } else {
            self.missing
                .fetch_sub(1, unless(self.flaw == Flaw::RelaxedArrival, AcqRel))
                == 1
        };
        if last {
            if self.flaw != Flaw::ResetsTooLate {
                self.missing.store(self.threads, Release);
            }
            self.sense
                .store(mine, unless(self.flaw == Flaw::RelaxedRelease, Release));
            if self.flaw == Flaw::ResetsTooLate {
                self.missing.store(self.threads, Release);
            }
            return;
        }
        let order = unless(self.flaw == Flaw::RelaxedWait, Acquire);
        let waits = || match self.flaw {
            Flaw::WaitsForTheCount => self.missing.load(Acquire) != self.threads,
            _ => self.sense.load(order) != mine,
        };
        while waits() {
            hint::spin_loop();
        }
    }
}

/// Everyone waits for the children, tells the parent, waits for the parent, tells the children.
struct Tree {
    arrived: Vec<AtomicU32>,
    released: Vec<AtomicU32>,
    flaw: Flaw,
}

fn tree(threads: usize, flaw: Flaw) -> Tree {
    let zeros = || (0..threads).map(|_| AtomicU32::new(0)).collect();
    Tree {
        arrived: zeros(),
        released: zeros(),
        flaw,
    }
}

impl Barrier for Tree {
    fn wait(&self, me: usize, turn: u32) {
        let children = |most: usize| (2 * me + 1..self.arrived.len()).take(most);
        let order = unless(self.flaw == Flaw::RelaxedWait, Acquire);
        for child in children(if self.flaw == Flaw::ForgetsAChild {
            1
        } else {
            2
        }) {
            while self.arrived[child].load(order) < turn {
                hint::spin_loop();
            }
        }
        if me != 0 {
            self.arrived[me].store(turn, unless(self.flaw == Flaw::RelaxedArrival, Release));
            while self.released[me].load(order) < turn {
                hint::spin_loop();
            }
        }
        for child in children(if self.flaw == Flaw::ReleasesOne { 1 } else { 2 }) {
            self.released[child].store(turn, unless(self.flaw == Flaw::RelaxedRelease, Release));
        }
    }
}

/// In round k everyone signals the one 2ᵏ places on, and waits for the one 2ᵏ places back.
struct Dissemination {
    /// By thread, then by round: how often it was signalled.
    signals: Vec<[AtomicU32; 2]>,
    flaw: Flaw,
}

fn dissemination(threads: usize, flaw: Flaw) -> Dissemination {
    let signals = (0..threads)
        .map(|_| std::array::from_fn(|_| AtomicU32::new(0)))
        .collect();
    Dissemination { signals, flaw }
}

impl Barrier for Dissemination {
    fn wait(&self, me: usize, turn: u32) {
        let threads = self.signals.len();
        let rounds = if self.flaw == Flaw::OneRound || threads == 2 {
            1
        } else {
            2
        };
        for round in 0..rounds {
            let step = if self.flaw == Flaw::SignalsItself {
                0
            } else {
                1 << round
            };
            let theirs = &self.signals[(me + step) % threads][round];
            let mine = &self.signals[me][round];
            let order = unless(self.flaw == Flaw::RelaxedArrival, Release);
            if self.flaw == Flaw::TakesTheFlagDown {
                theirs.store(1, order);
                while mine.load(Acquire) == 0 {
                    hint::spin_loop();
                }
                mine.store(0, Relaxed);
                continue;
            }
            theirs.store(turn, order);
            while mine.load(unless(self.flaw == Flaw::RelaxedWait, Acquire)) < turn {
                hint::spin_loop();
            }
        }
    }
}

pub(crate) fn sense_reversing() -> Vec<Program> {
    vec![
        right("two threads, three phases", || {
            phases(sense(2, Flaw::None), 2, 3);
        }),
        right("three threads", || phases(sense(3, Flaw::None), 3, 1)),
        wrong(Order, "relaxed arrival", Race, || {
            phases(sense(2, Flaw::RelaxedArrival), 2, 1);
        }),
        wrong(Order, "relaxed wait", Race, || {
            phases(sense(2, Flaw::RelaxedWait), 2, 1);
        }),
        wrong(Order, "relaxed release", Race, || {
            phases(sense(2, Flaw::RelaxedRelease), 2, 1);
        }),
        wrong(Atomicity, "arrives in two steps", Spins, || {
            phases(sense(2, Flaw::ArrivesInTwoSteps), 2, 1);
        }),
        wrong(Order, "restores the count too late", Spins, || {
            phases(sense(2, Flaw::ResetsTooLate), 2, 2);
        }),
        wrong(WakeUp, "no sense", Spins, || {
            phases(sense(2, Flaw::WaitsForTheCount), 2, 2);
        }),
    ]
}

pub(crate) fn trees() -> Vec<Program> {
    vec![
        right("three threads", || phases(tree(3, Flaw::None), 3, 1)),
        right("two threads, two phases", || {
            phases(tree(2, Flaw::None), 2, 2);
        }),
        right("four threads, two levels", || {
            phases(tree(4, Flaw::None), 4, 1);
        })
        .to(2),
        wrong(Order, "relaxed arrival", Race, || {
            phases(tree(2, Flaw::RelaxedArrival), 2, 1);
        }),
        wrong(Order, "relaxed wait", Race, || {
            phases(tree(2, Flaw::RelaxedWait), 2, 1);
        }),
        wrong(Order, "relaxed release", Race, || {
            phases(tree(3, Flaw::RelaxedRelease), 3, 1);
        }),
        wrong(Logic, "forgets a child", Race, || {
            phases(tree(3, Flaw::ForgetsAChild), 3, 1);
        }),
        wrong(WakeUp, "releases one child", Spins, || {
            phases(tree(3, Flaw::ReleasesOne), 3, 1);
        }),
    ]
}

pub(crate) fn disseminations() -> Vec<Program> {
    vec![
        right("three threads", || {
            phases(dissemination(3, Flaw::None), 3, 1);
        }),
        right("two threads, two phases", || {
            phases(dissemination(2, Flaw::None), 2, 2);
        }),
        wrong(Order, "relaxed signal", Race, || {
            phases(dissemination(2, Flaw::RelaxedArrival), 2, 1);
        }),
        wrong(Order, "relaxed wait", Race, || {
            phases(dissemination(2, Flaw::RelaxedWait), 2, 1);
        }),
        wrong(Logic, "one round", Race, || {
            phases(dissemination(3, Flaw::OneRound), 3, 1);
        }),
        wrong(WakeUp, "takes the flag down", Spins, || {
            phases(dissemination(2, Flaw::TakesTheFlagDown), 2, 2);
        }),
        wrong(Logic, "signals itself", Race, || {
            phases(dissemination(2, Flaw::SignalsItself), 2, 1);
        }),
    ]
}
