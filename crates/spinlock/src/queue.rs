//! A queue in which everyone looks at a word of its own: the lock of Mellor-Crummey and Scott (1991).
//!
//! Behind a ticket all waiters look at `serving`, and each hand-over takes that cache line away from
//! all of them. Here a waiter stands behind another one, and is told by it alone. The node in
//! which it stands is on its stack, so the lock is used through a closure; it never allocates.

#![expect(unsafe_code, reason = "a queue of nodes on other threads' stacks")]

use std::cell::UnsafeCell;
use std::hint;
use std::ptr;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr};
use std::thread;

/// A payload that one thread at a time gets at, in the order in which they came.
///
/// | `tail` | |
/// |---|---|
/// | null | free |
/// | a node | somebody is inside, and this one is the last of the queue |
#[derive(Debug)]
pub struct Queue<T: ?Sized> {
    tail: AtomicPtr<Node>,
    value: UnsafeCell<T>,
}

// SAFETY: the payload goes from thread to thread, one at a time.
unsafe impl<T: ?Sized + Send> Sync for Queue<T> {}

/// A place in the queue. On a cache line of its own: nobody is disturbed by a neighbour.
#[derive(Debug)]
#[repr(align(128))]
struct Node {
    waits: AtomicBool,
    /// Who comes next; null while nobody has said so.
    next: AtomicPtr<Node>,
}

/// After so many turns whoever is in front is probably not running.
const TURNS: u32 = 256;

impl<T> Queue<T> {
    /// A free lock around a payload.
    pub const fn new(value: T) -> Self {
        Queue {
            tail: AtomicPtr::new(ptr::null_mut()),
            value: UnsafeCell::new(value),
        }
    }
}

impl<T: ?Sized> Queue<T> {
    /// Waits until it is this thread's turn, and does something with the payload.
    #[inline]
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let node = Node {
            waits: AtomicBool::new(true),
            next: AtomicPtr::new(ptr::null_mut()),
        };
        let turn = Turn {
            tail: &self.tail,
            node: &node,
        };
        turn.wait();
        // SAFETY: it is this thread's turn, until `turn` is dropped.
        let result = work(unsafe { &mut *self.value.get() });
        drop(turn);
        result
    }
}

/// A node in the queue. Its drop lets the next one in, on a panic as well.
struct Turn<'a> {
    tail: &'a AtomicPtr<Node>,
    node: &'a Node,
}

impl Turn<'_> {
    #[inline]
    fn wait(&self) {
        let mine = ptr::from_ref(self.node).cast_mut();
        // Acquire: nobody in front means that the last owner has released the tail. Release: whoever
        // comes next finds the node ready.
        let in_front = self.tail.swap(mine, AcqRel);
        // SAFETY: whoever is in front keeps its node until it has told the next one, and it
        // cannot before the store below.
        if let Some(in_front) = unsafe { in_front.as_ref() } {
            in_front.next.store(mine, Release);
            until(|| !self.node.waits.load(Acquire));
        }
    }
}

impl Drop for Turn<'_> {
    #[inline]
    fn drop(&mut self) {
        let mine = ptr::from_ref(self.node).cast_mut();
        if self.node.next.load(Acquire).is_null() {
            let free = ptr::null_mut();
            if self
                .tail
                .compare_exchange(mine, free, Release, Relaxed)
                .is_ok()
            {
                return;
            }
            // Somebody stands behind us, and has not said so yet.
            until(|| !self.node.next.load(Acquire).is_null());
        }
        let next = self.node.next.load(Acquire);
        // SAFETY: the next one keeps its node until it has been told, and that is now.
        if let Some(next) = unsafe { next.as_ref() } {
            next.waits.store(false, Release);
        }
    }
}

#[inline]
fn until(so: impl Fn() -> bool) {
    let mut turns = 0;
    while !so() {
        if turns < TURNS {
            turns += 1;
            hint::spin_loop();
        } else {
            thread::yield_now();
        }
    }
}
