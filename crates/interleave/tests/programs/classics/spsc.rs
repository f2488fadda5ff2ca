//! The ring buffer of one producer and one consumer: two counters, each written by one side only.

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;
use crate::world::Tracked;

const PLACES: usize = 2;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedPublish,
    RelaxedTake,
    /// The producer overwrites a place that is still being read, for all that it knows.
    RelaxedFree,
    RelaxedLook,
    /// Counts the place as filled before it has filled it.
    PublishesFirst,
    /// Counts the place as free before it has emptied it.
    FreesFirst,
    /// One element too many.
    OffByOne,
    /// Never counts a place as free.
    NeverFrees,
}

struct Ring {
    places: [Tracked<u32>; PLACES],
    pushed: AtomicUsize,
    popped: AtomicUsize,
    flaw: Flaw,
}

impl Ring {
    fn push(&self, value: u32) {
        let pushed = self.pushed.load(Relaxed);
        let room = if self.flaw == Flaw::OffByOne {
            PLACES + 1
        } else {
            PLACES
        };
        while pushed
            - self
                .popped
                .load(unless(self.flaw == Flaw::RelaxedLook, Acquire))
            >= room
        {
            hint::spin_loop();
        }
        if self.flaw == Flaw::PublishesFirst {
            self.pushed.store(pushed + 1, Release);
        }
        self.places[pushed % PLACES].set(value);
        self.pushed.store(
            pushed + 1,
            unless(self.flaw == Flaw::RelaxedPublish, Release),
        );
    }

    fn pop(&self) -> u32 {
        let popped = self.popped.load(Relaxed);
        while self
            .pushed
            .load(unless(self.flaw == Flaw::RelaxedTake, Acquire))
            == popped
        {
            hint::spin_loop();
        }
        let free = || {
            self.popped
                .store(popped + 1, unless(self.flaw == Flaw::RelaxedFree, Release));
        };
        if self.flaw == Flaw::FreesFirst {
            free();
        }
        let value = self.places[popped % PLACES].get();
        if self.flaw != Flaw::NeverFrees {
            free();
        }
        value
    }
}

fn pass(flaw: Flaw, elements: u32) {
    let ring = Ring {
        places: std::array::from_fn(|_| Tracked::new(0)),
        pushed: AtomicUsize::new(0),
        popped: AtomicUsize::new(0),
        flaw,
    };
    thread::scope(|scope| {
        scope.spawn(|| (1..=elements).for_each(|value| ring.push(value)));
        for expected in 1..=elements {
            assert_eq!(ring.pop(), expected);
        }
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("three through two places", || pass(Flaw::None, 3)),
        right("five through two places", || pass(Flaw::None, 5)),
        wrong(Order, "relaxed publish", Race, || {
            pass(Flaw::RelaxedPublish, 1);
        }),
        wrong(Order, "relaxed take", Race, || pass(Flaw::RelaxedTake, 1)),
        wrong(Order, "relaxed free", Race, || pass(Flaw::RelaxedFree, 3)),
        wrong(Order, "relaxed look", Race, || pass(Flaw::RelaxedLook, 3)),
        wrong(Order, "publishes first", Race, || {
            pass(Flaw::PublishesFirst, 1);
        }),
        wrong(Order, "frees before it has read", Race, || {
            pass(Flaw::FreesFirst, 3);
        }),
        wrong(Logic, "one too many", Panic, || pass(Flaw::OffByOne, 3)),
        wrong(WakeUp, "never frees", Spins, || pass(Flaw::NeverFrees, 3)),
    ]
}
