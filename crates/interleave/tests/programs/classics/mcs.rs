//! The lock of Mellor-Crummey and Scott: a queue in which everyone spins on a node of his own.

use std::hint;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, leak, leaked, unless};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// The successor goes in without having seen what the holder wrote.
    RelaxedHandOver,
    RelaxedWait,
    /// The queue is found empty by a compare-exchange that releases nothing.
    RelaxedLastOut,
    /// Two threads find the queue empty, or one queues behind a node that has gone.
    EnqueuesInTwoSteps,
    /// A successor has swapped the tail but not yet linked itself: the holder goes, and nobody lets it in.
    DoesNotWaitForTheLink,
    /// Empties the queue although a successor has come.
    StoresNull,
}

struct Node {
    waits: AtomicBool,
    next: AtomicPtr<Node>,
}

struct Mcs {
    tail: AtomicPtr<Node>,
    flaw: Flaw,
}

fn mcs(flaw: Flaw) -> Mcs {
    Mcs {
        tail: AtomicPtr::new(ptr::null_mut()),
        flaw,
    }
}

impl Lock for Mcs {
    type Held = *mut Node;

    fn lock(&self, _me: usize) -> *mut Node {
        let pointer = leak(Node {
            waits: AtomicBool::new(true),
            next: AtomicPtr::new(ptr::null_mut()),
        });
        let before = if self.flaw == Flaw::EnqueuesInTwoSteps {
            let before = self.tail.load(Acquire);
            self.tail.store(pointer, Release);
            before
        } else {
            self.tail.swap(pointer, AcqRel)
        };
        if let (Some(before), Some(node)) = (leaked(before), leaked(pointer)) {
            before.next.store(pointer, Release);
            while node
                .waits
                .load(unless(self.flaw == Flaw::RelaxedWait, Acquire))
            {
                hint::spin_loop();
            }
        }
        pointer
    }

    fn unlock(&self, _me: usize, pointer: *mut Node) {
        let Some(node) = leaked(pointer) else { return };
        if node.next.load(Acquire).is_null() {
            if self.flaw == Flaw::StoresNull {
                return self.tail.store(ptr::null_mut(), Release);
            }
            let order = unless(self.flaw == Flaw::RelaxedLastOut, Release);
            let last = self
                .tail
                .compare_exchange(pointer, ptr::null_mut(), order, Relaxed)
                .is_ok();
            if last || self.flaw == Flaw::DoesNotWaitForTheLink {
                return;
            }
        }
        loop {
            if let Some(next) = leaked(node.next.load(Acquire)) {
                return next
                    .waits
                    .store(false, unless(self.flaw == Flaw::RelaxedHandOver, Release));
            }
            hint::spin_loop();
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(mcs(Flaw::None), &[2, 2])),
        right("three threads", || count(mcs(Flaw::None), &[1, 1, 1])),
        wrong(Order, "relaxed hand-over", Race, || {
            count(mcs(Flaw::RelaxedHandOver), &[1, 1]);
        }),
        wrong(Order, "relaxed wait", Race, || {
            count(mcs(Flaw::RelaxedWait), &[1, 1]);
        }),
        wrong(Order, "last one out relaxed", Race, || {
            count(mcs(Flaw::RelaxedLastOut), &[1, 1]);
        }),
        wrong(Atomicity, "enqueues in two steps", Spins, || {
            count(mcs(Flaw::EnqueuesInTwoSteps), &[1, 1]);
        }),
        wrong(WakeUp, "does not wait for the link", Spins, || {
            count(mcs(Flaw::DoesNotWaitForTheLink), &[1, 1]);
        }),
        wrong(WakeUp, "empties the queue", Spins, || {
            count(mcs(Flaw::StoresNull), &[1, 1]);
        }),
    ]
}
