//! Treiber's stack: one pointer to the top. Nodes leak, so that no pointer ever comes back.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{filled, leak, leaked, unless};
use crate::world::Tracked;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// The value is read by one who has not seen it written.
    RelaxedPush,
    RelaxedPop,
    /// One of two pushes is lost.
    PushesByStore,
    /// Two threads pop the same node.
    PopsByStore,
    /// After a lost race it tries again with what it knew.
    NeverLooksAgain,
}

struct Node {
    value: Tracked<u32>,
    below: AtomicPtr<Node>,
}

struct Stack {
    top: AtomicPtr<Node>,
    flaw: Flaw,
}

fn stack(flaw: Flaw) -> Stack {
    Stack {
        top: AtomicPtr::new(ptr::null_mut()),
        flaw,
    }
}

impl Stack {
    fn push(&self, value: u32) {
        let node = Node {
            value: filled(value),
            below: AtomicPtr::new(ptr::null_mut()),
        };
        self.push_node(leak(node));
    }

    fn push_node(&self, pointer: *mut Node) {
        let Some(node) = leaked(pointer) else { return };
        let mut top = self.top.load(Relaxed);
        loop {
            node.below.store(top, Relaxed);
            if self.flaw == Flaw::PushesByStore {
                return self.top.store(pointer, Release);
            }
            let order = unless(self.flaw == Flaw::RelaxedPush, Release);
            match self.top.compare_exchange_weak(top, pointer, order, Relaxed) {
                Ok(_) => return,
                Err(_) if self.flaw == Flaw::NeverLooksAgain => {}
                Err(other) => top = other,
            }
        }
    }

    fn pop_node(&self) -> Option<*mut Node> {
        let look = unless(self.flaw == Flaw::RelaxedPop, Acquire);
        let mut top = self.top.load(look);
        loop {
            let below = leaked(top)?.below.load(Relaxed);
            if self.flaw == Flaw::PopsByStore {
                self.top.store(below, Release);
                return Some(top);
            }
            match self.top.compare_exchange_weak(top, below, Relaxed, look) {
                Ok(_) => return Some(top),
                Err(other) => top = other,
            }
        }
    }

    fn pop(&self) -> Option<u32> {
        self.pop_node()
            .and_then(leaked)
            .map(|node| node.value.get())
    }
}

/// Two threads push one value each and pop one each; the stack is empty afterwards, and no value came twice.
fn push_and_pop(flaw: Flaw) {
    let stack = stack(flaw);
    let one = |value| {
        stack.push(value);
        stack.pop()
    };
    let (mine, theirs) = thread::scope(|scope| {
        let other = scope.spawn(|| one(1));
        (one(2), other.join().ok().flatten())
    });
    let mut seen = [mine, theirs, stack.pop()];
    seen.sort_unstable();
    assert_eq!(seen, [None, Some(1), Some(2)]);
}

/// One thread pushes, another pops what is there.
fn hand_over(flaw: Flaw) {
    let stack = stack(flaw);
    thread::scope(|scope| {
        scope.spawn(|| stack.push(7));
        assert!(matches!(stack.pop(), None | Some(7)));
    });
}

/// Two threads push; both values must be there.
fn two_pushes(flaw: Flaw) {
    let stack = stack(flaw);
    thread::scope(|scope| {
        scope.spawn(|| stack.push(1));
        stack.push(2);
    });
    assert_eq!(stack.pop().unwrap_or(0) + stack.pop().unwrap_or(0), 3);
}

/// Two threads pop from a stack of two.
fn two_pops(flaw: Flaw) {
    let stack = stack(flaw);
    stack.push(1);
    stack.push(2);
    thread::scope(|scope| {
        let other = scope.spawn(|| stack.pop());
        let mine = stack.pop();
        assert_ne!(mine, other.join().ok().flatten());
    });
}

/// ABA: while one thread is about to replace the top node by the one below, the other pops both and pushes the first
/// again. The exchange succeeds, and puts a node on top that the other has taken away.
fn reuse() {
    let stack = stack(Flaw::None);
    stack.push(1);
    stack.push(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            let first = stack.pop_node();
            let second = stack.pop();
            if let Some(first) = first {
                stack.push_node(first);
            }
            assert!(second.is_none() || second != stack.pop(), "popped twice");
        });
        stack.pop();
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("push and pop", || push_and_pop(Flaw::None)),
        right("hand-over", || hand_over(Flaw::None)),
        right("two pops", || two_pops(Flaw::None)),
        wrong(Order, "relaxed push", Race, || hand_over(Flaw::RelaxedPush)),
        wrong(Order, "relaxed pop", Race, || hand_over(Flaw::RelaxedPop)),
        wrong(Atomicity, "pushes by a store", Panic, || {
            two_pushes(Flaw::PushesByStore);
        }),
        wrong(Atomicity, "pops by a store", Panic, || {
            two_pops(Flaw::PopsByStore);
        }),
        wrong(Atomicity, "a node comes back", Panic, reuse),
        wrong(WakeUp, "never looks again", Spins, || {
            two_pushes(Flaw::NeverLooksAgain);
        }),
    ]
}
