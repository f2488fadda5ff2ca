//! Peterson's lock for two: raise your flag, let the other go first, wait while it wants to and may.
//!
//! It rests on store buffering being impossible. With `SeqCst` everywhere it is; with weaker accesses it takes a
//! `SeqCst` fence behind *each* store, or a swap for the turn, which makes the later thread see the earlier one's flag.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Right: a fence behind each store.
    Fences,
    /// Right: of two swaps the later acquires what came before the earlier.
    SwapsTheTurn,
    /// Both miss the other's flag.
    AcquireRelease,
    /// The flag that is raised is not `SeqCst`: the other reads the older value.
    RelaxedFlag,
    /// A fence behind the turn, none between flag and turn. One gives way and is held up; the other gives way,
    /// fences, misses the first one's flag, and goes in; the first then reads that it is its turn.
    OneFence,
    /// The other one lets me go first, raises its flag, looks at mine, which is still down, and goes in; then I
    /// raise mine and find that it is my turn.
    TurnFirst,
    /// Looks at the flag, and raises its own only then: both find the other's down.
    LooksFirst,
    /// Both flags are up and nobody gives way.
    NoTurn,
    /// The flag stays up.
    NoUnlock,
}

struct Peterson {
    wants: [AtomicBool; 2],
    turn: AtomicUsize,
    flaw: Flaw,
}

fn peterson(flaw: Flaw) -> Peterson {
    let wants = [AtomicBool::new(false), AtomicBool::new(false)];
    Peterson {
        wants,
        turn: AtomicUsize::new(0),
        flaw,
    }
}

impl Peterson {
    fn is(&self, flaws: &[Flaw]) -> bool {
        flaws.contains(&self.flaw)
    }

    fn weak(&self) -> bool {
        self.is(&[
            Flaw::Fences,
            Flaw::SwapsTheTurn,
            Flaw::AcquireRelease,
            Flaw::OneFence,
        ])
    }

    fn load(&self) -> Ordering {
        if self.weak() { Acquire } else { SeqCst }
    }

    fn raise(&self, me: usize) {
        self.wants[me].store(
            true,
            if self.weak() || self.is(&[Flaw::RelaxedFlag]) {
                Relaxed
            } else {
                SeqCst
            },
        );
        if self.is(&[Flaw::Fences]) {
            fence(SeqCst);
        }
    }

    fn give_way(&self, other: usize) {
        match self.flaw {
            Flaw::SwapsTheTurn => _ = self.turn.swap(other, AcqRel),
            _ => self
                .turn
                .store(other, if self.weak() { Release } else { SeqCst }),
        }
        if self.is(&[Flaw::Fences, Flaw::OneFence]) {
            fence(SeqCst);
        }
    }
}

impl Lock for Peterson {
    type Held = ();

    fn lock(&self, me: usize) {
        let other = 1 - me;
        let wants = || self.wants[other].load(self.load());
        match self.flaw {
            Flaw::LooksFirst => {
                while wants() {
                    hint::spin_loop();
                }
                return self.raise(me);
            }
            Flaw::TurnFirst => {
                self.give_way(other);
                self.raise(me);
            }
            _ => {
                self.raise(me);
                self.give_way(other);
            }
        }
        while wants() && (self.flaw == Flaw::NoTurn || self.turn.load(self.load()) == other) {
            hint::spin_loop();
        }
    }

    fn unlock(&self, me: usize, (): ()) {
        if self.flaw != Flaw::NoUnlock {
            self.wants[me].store(false, if self.weak() { Release } else { SeqCst });
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("SeqCst", || count(peterson(Flaw::None), &[2, 2])),
        right("two fences", || count(peterson(Flaw::Fences), &[2, 2])),
        right("swaps the turn", || {
            count(peterson(Flaw::SwapsTheTurn), &[2, 2]);
        }),
        wrong(Order, "acquire and release", Race, || {
            count(peterson(Flaw::AcquireRelease), &[1, 1]);
        }),
        wrong(Order, "relaxed flag", Race, || {
            count(peterson(Flaw::RelaxedFlag), &[1, 1]);
        }),
        wrong(Order, "one fence", Race, || {
            count(peterson(Flaw::OneFence), &[1, 1]);
        }),
        wrong(Order, "turn before flag", Race, || {
            count(peterson(Flaw::TurnFirst), &[1, 1]);
        }),
        wrong(Atomicity, "looks, then raises", Race, || {
            count(peterson(Flaw::LooksFirst), &[1, 1]);
        }),
        wrong(WakeUp, "no turn", Spins, || {
            count(peterson(Flaw::NoTurn), &[1, 1]);
        }),
        wrong(WakeUp, "leaves the flag up", Spins, || {
            count(peterson(Flaw::NoUnlock), &[1, 1]);
        }),
    ]
}
