//! The queue of Michael and Scott: a list with a dummy in front, and a tail that may lag by one. Nodes leak.

use std::hint;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{filled, leak, leaked, unless};
use crate::world::Tracked;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedLink,
    RelaxedFollow,
    /// One of two new nodes is unlinked by the other.
    LinksByStore,
    /// Two threads take the same element.
    TakesByStore,
    /// Neither the one who links moves the tail nor the one who finds it lagging.
    NobodyMovesTheTail,
}

struct Node {
    value: Tracked<u32>,
    next: AtomicPtr<Node>,
}

fn node(value: u32) -> *mut Node {
    leak(Node {
        value: filled(value),
        next: AtomicPtr::new(ptr::null_mut()),
    })
}

struct Queue {
    head: AtomicPtr<Node>,
    tail: AtomicPtr<Node>,
    flaw: Flaw,
}

fn queue(flaw: Flaw) -> Queue {
    let dummy = node(0);
    Queue {
        head: AtomicPtr::new(dummy),
        tail: AtomicPtr::new(dummy),
        flaw,
    }
}

impl Queue {
    fn push(&self, value: u32) {
        let new = node(value);
        loop {
            let tail = self.tail.load(Acquire);
            let Some(last) = leaked(tail) else { return };
            let next = last.next.load(Acquire);
            if next.is_null() {
                if self.flaw == Flaw::LinksByStore {
                    last.next.store(new, Release);
                    return self.tail.store(new, Release);
                }
                let order = unless(self.flaw == Flaw::RelaxedLink, Release);
                if last
                    .next
                    .compare_exchange(next, new, order, Relaxed)
                    .is_ok()
                {
                    self.move_tail(tail, new);
                    return;
                }
            } else {
                self.move_tail(tail, next);
            }
            hint::spin_loop();
        }
    }

    fn move_tail(&self, from: *mut Node, to: *mut Node) {
        if self.flaw != Flaw::NobodyMovesTheTail {
            // Whoever is late finds the tail moved, which is what it wanted.
            _ = self.tail.compare_exchange(from, to, Release, Relaxed);
        }
    }

    fn pop(&self) -> Option<u32> {
        loop {
            let head = self.head.load(Acquire);
            let tail = self.tail.load(Acquire);
            let follow = unless(self.flaw == Flaw::RelaxedFollow, Acquire);
            let next = leaked(head)?.next.load(follow);
            let first = leaked(next)?;
            if head == tail {
                self.move_tail(tail, next);
            }
            if self.flaw == Flaw::TakesByStore {
                self.head.store(next, Release);
                return Some(first.value.get());
            }
            if self
                .head
                .compare_exchange(head, next, Release, Relaxed)
                .is_ok()
            {
                return Some(first.value.get());
            }
            hint::spin_loop();
        }
    }
}

/// Two threads push; both elements must come out, one after the other.
fn two_pushes(flaw: Flaw) {
    let queue = queue(flaw);
    thread::scope(|scope| {
        scope.spawn(|| queue.push(1));
        queue.push(2);
    });
    let mut seen = [queue.pop(), queue.pop(), queue.pop()];
    seen.sort_unstable();
    assert_eq!(seen, [None, Some(1), Some(2)]);
}

/// One thread pushes two, the other pops: in order, and never the second first.
fn in_order(flaw: Flaw) {
    let queue = queue(flaw);
    thread::scope(|scope| {
        scope.spawn(|| {
            queue.push(1);
            queue.push(2);
        });
        let seen = (queue.pop(), queue.pop());
        assert!(
            matches!(seen, (None, None | Some(1)) | (Some(1), None | Some(2))),
            "out of order: {seen:?}"
        );
    });
}

/// Two threads pop from a queue of two.
fn two_pops(flaw: Flaw) {
    let queue = queue(flaw);
    queue.push(1);
    queue.push(2);
    thread::scope(|scope| {
        let other = scope.spawn(|| queue.pop());
        let mine = queue.pop();
        assert_ne!(mine, other.join().ok().flatten());
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two pushes", || two_pushes(Flaw::None)),
        right("in order", || in_order(Flaw::None)),
        right("two pops", || two_pops(Flaw::None)),
        wrong(Order, "relaxed link", Race, || in_order(Flaw::RelaxedLink)),
        wrong(Order, "relaxed follow", Race, || {
            in_order(Flaw::RelaxedFollow);
        }),
        wrong(Atomicity, "links by a store", Panic, || {
            two_pushes(Flaw::LinksByStore);
        }),
        wrong(Atomicity, "takes by a store", Panic, || {
            two_pops(Flaw::TakesByStore);
        }),
        wrong(WakeUp, "nobody moves the tail", Spins, || {
            two_pushes(Flaw::NobodyMovesTheTail);
        }),
    ]
}
