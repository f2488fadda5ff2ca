//! A pointer that readers follow and a writer replaces; the old object is freed when no reader can still have it.
//!
//! Readers count themselves in before they follow the pointer; the writer swaps the pointer before it looks at the count.
//! That is store buffering again: both sides need `SeqCst`.

use std::hint;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{filled, leak, leaked, unless};
use crate::world::Tracked;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Reader and writer miss each other.
    AcquireRelease,
    /// The writer does not see that the reader had finished reading.
    RelaxedLeave,
    /// The new object is followed before it is filled.
    RelaxedSwap,
    /// Frees what a reader is reading.
    FreesAtOnce,
    /// Follows the pointer first and counts itself in afterwards.
    CountsTooLate,
    /// A reader never leaves.
    NeverLeaves,
}

struct Shared {
    current: AtomicPtr<Tracked<u32>>,
    readers: AtomicUsize,
    flaw: Flaw,
}

impl Shared {
    fn order(&self, order: Ordering) -> Ordering {
        if self.flaw == Flaw::AcquireRelease {
            order
        } else {
            SeqCst
        }
    }

    fn read(&self) -> u32 {
        if self.flaw == Flaw::CountsTooLate {
            let object = self.current.load(SeqCst);
            self.readers.fetch_add(1, SeqCst);
            let value = leaked(object).map(Tracked::get);
            self.readers.fetch_sub(1, Release);
            return value.unwrap_or(0);
        }
        self.readers.fetch_add(1, self.order(AcqRel));
        let object = self.current.load(self.order(Acquire));
        let value = leaked(object).map(Tracked::get);
        if self.flaw != Flaw::NeverLeaves {
            self.readers
                .fetch_sub(1, unless(self.flaw == Flaw::RelaxedLeave, Release));
        }
        value.unwrap_or(0)
    }

    fn replace(&self, value: u32) {
        let new = leak(filled(value));
        let order = unless(self.flaw == Flaw::RelaxedSwap, self.order(AcqRel));
        let old = self.current.swap(new, order);
        if self.flaw != Flaw::FreesAtOnce {
            while self.readers.load(self.order(Acquire)) != 0 {
                hint::spin_loop();
            }
        }
        free(old);
    }
}

/// Destroys the object: the write stands for all that a destructor may do to it.
fn free(object: *mut Tracked<u32>) {
    if let Some(object) = leaked(object) {
        object.set(u32::MAX);
    }
    // SAFETY: the object came from `leak`, the pointer to it has been replaced, and no reader is counted in.
    drop(unsafe { Box::from_raw(object) });
}

fn replaced(flaw: Flaw, readers: usize) {
    let shared = Shared {
        current: AtomicPtr::new(leak(Tracked::new(1))),
        readers: AtomicUsize::new(0),
        flaw,
    };
    thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| assert!(matches!(shared.read(), 1 | 2)));
        }
        shared.replace(2);
    });
    free(shared.current.load(Relaxed));
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("one reader", || replaced(Flaw::None, 1)),
        right("two readers", || replaced(Flaw::None, 2)),
        wrong(Order, "acquire and release", Freed, || {
            replaced(Flaw::AcquireRelease, 1);
        }),
        wrong(Order, "relaxed leave", Race, || {
            replaced(Flaw::RelaxedLeave, 1);
        }),
        wrong(Order, "relaxed swap", Race, || {
            replaced(Flaw::RelaxedSwap, 1);
        }),
        wrong(Atomicity, "counts itself in too late", Freed, || {
            replaced(Flaw::CountsTooLate, 1);
        }),
        wrong(Logic, "frees at once", Race, || {
            replaced(Flaw::FreesAtOnce, 1);
        }),
        wrong(WakeUp, "never leaves", Spins, || {
            replaced(Flaw::NeverLeaves, 1);
        }),
    ]
}
