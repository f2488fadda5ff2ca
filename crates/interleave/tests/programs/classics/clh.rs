//! The lock of Craig, Landin and Hagersten: a queue in which everyone spins on the node of the one before him.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, leak, leaked, unless};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedWait,
    RelaxedUnlock,
    /// Two threads queue behind the same node.
    EnqueuesInTwoSteps,
    /// Waits for its own node, which only itself can lower.
    WaitsForItself,
}

struct Clh {
    tail: AtomicPtr<AtomicBool>,
    flaw: Flaw,
}

fn clh(flaw: Flaw) -> Clh {
    Clh {
        tail: AtomicPtr::new(leak(AtomicBool::new(false))),
        flaw,
    }
}

impl Lock for Clh {
    type Held = *mut AtomicBool;

    fn lock(&self, _me: usize) -> *mut AtomicBool {
        let mine = leak(AtomicBool::new(true));
        let before = if self.flaw == Flaw::EnqueuesInTwoSteps {
            let before = self.tail.load(Acquire);
            self.tail.store(mine, Release);
            before
        } else {
            self.tail.swap(mine, AcqRel)
        };
        let watched = if self.flaw == Flaw::WaitsForItself {
            mine
        } else {
            before
        };
        if let Some(taken) = leaked(watched) {
            while taken.load(unless(self.flaw == Flaw::RelaxedWait, Acquire)) {
                hint::spin_loop();
            }
        }
        mine
    }

    fn unlock(&self, _me: usize, mine: *mut AtomicBool) {
        if let Some(taken) = leaked(mine) {
            taken.store(false, unless(self.flaw == Flaw::RelaxedUnlock, Release));
        }
    }
}

/// Raises its own node again, which the one behind may still be watching, instead of taking over the one before:
/// it then waits for the one behind, who waits for it.
struct Reuses {
    tail: AtomicPtr<AtomicBool>,
    own: [*mut AtomicBool; 2],
}

// SAFETY: the pointers lead to atomics that are never freed.
unsafe impl Sync for Reuses {}

fn reuses() -> Reuses {
    let node = || leak(AtomicBool::new(false));
    Reuses {
        tail: AtomicPtr::new(node()),
        own: [node(), node()],
    }
}

impl Lock for Reuses {
    type Held = ();

    fn lock(&self, me: usize) {
        if let Some(mine) = leaked(self.own[me]) {
            mine.store(true, Relaxed);
        }
        if let Some(taken) = leaked(self.tail.swap(self.own[me], AcqRel)) {
            while taken.load(Acquire) {
                hint::spin_loop();
            }
        }
    }

    fn unlock(&self, me: usize, (): ()) {
        if let Some(mine) = leaked(self.own[me]) {
            mine.store(false, Release);
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(clh(Flaw::None), &[2, 2])),
        right("three threads", || count(clh(Flaw::None), &[1, 1, 1])),
        wrong(Order, "relaxed wait", Race, || {
            count(clh(Flaw::RelaxedWait), &[1, 1]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            count(clh(Flaw::RelaxedUnlock), &[1, 1]);
        }),
        wrong(Atomicity, "enqueues in two steps", Race, || {
            count(clh(Flaw::EnqueuesInTwoSteps), &[1, 1]);
        }),
        wrong(WakeUp, "waits for itself", Spins, || {
            count(clh(Flaw::WaitsForItself), &[1, 1]);
        }),
        wrong(WakeUp, "reuses its own node", Spins, || {
            count(reuses(), &[2, 1]);
        }),
    ]
}
