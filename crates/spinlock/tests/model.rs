//! The same source under the model checker: every interleaving, and every value that memory may give.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[path = "../src/queue.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod queue;
#[path = "../src/spinlock.rs"]
#[allow(dead_code, unreachable_pub, reason = "only some of it is used here")]
mod spinlock;

use std::model::{Kind, Model, Tracked};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use queue::Queue;
use spinlock::{RawLock, Spin, Tas, Ticket, Ttas};

/// So many threads, each so many times through the lock; the payload is right at the end.
fn sections<L: RawLock + Send + 'static>(threads: &'static [u32]) {
    Model::new()
        .check(move || {
            let spin: Spin<L, Tracked<u32>> = Spin::new(Tracked::new(0));
            let spin = &spin;
            thread::scope(|scope| {
                for &times in threads {
                    scope.spawn(move || {
                        for _ in 0..times {
                            let sum = spin.lock();
                            sum.set(sum.get() + 1);
                        }
                    });
                }
            });
            assert_eq!(spin.lock().get(), threads.iter().sum());
        })
        .unwrap();
}

#[test]
fn two_threads_twice() {
    sections::<Tas>(&[2, 2]);
    sections::<Ttas>(&[2, 2]);
    sections::<Ticket>(&[2, 2]);
}

#[test]
fn three_threads() {
    sections::<Tas>(&[1, 1, 1]);
    sections::<Ttas>(&[1, 1, 1]);
    sections::<Ticket>(&[1, 1, 1]);
}

#[test]
fn a_queue_of_three() {
    Model::new()
        .check(|| {
            let sum = Queue::new(Tracked::new(0));
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| sum.with(|sum| sum.set(sum.get() + 1)));
                }
            });
            assert_eq!(sum.with(|sum| sum.get()), 3);
        })
        .unwrap();
}

/// Who tries gets a free lock, and what was written in it is seen.
fn tries<L: RawLock + Send + 'static>() {
    Model::new()
        .check(|| {
            let spin: Spin<L, Tracked<u32>> = Spin::new(Tracked::new(0));
            let held = spin.try_lock();
            assert!(held.is_some());
            thread::scope(|scope| {
                scope.spawn(|| assert!(spin.try_lock().is_none()));
            });
            drop(held);
            thread::scope(|scope| {
                scope.spawn(|| spin.lock().set(1));
                if let Some(value) = spin.try_lock() {
                    value.set(2);
                }
            });
            assert!(spin.try_lock().is_some());
        })
        .unwrap();
}

#[test]
fn a_try_never_waits_and_never_fails_on_a_free_lock() {
    tries::<Tas>();
    tries::<Ttas>();
    tries::<Ticket>();
}

#[test]
fn the_numbers_of_a_ticket_wrap_around() {
    Model::new()
        .check(|| {
            let near = u32::MAX - 1;
            let spin = Spin::with_raw(Ticket::from_raw(near, near), Tracked::new(0));
            let spin = &spin;
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(move || {
                        for _ in 0..2 {
                            let sum = spin.lock();
                            sum.set(sum.get() + 1);
                        }
                    });
                }
            });
            assert_eq!(spin.lock().get(), 4);
        })
        .unwrap();
}

/// The lock of the notes with other orderings: that these tests can fail.
struct Weak<const ACQUIRE: bool, const RELEASE: bool>(AtomicBool);

fn order(strong: bool, order: Ordering) -> Ordering {
    if strong { order } else { Ordering::Relaxed }
}

// SAFETY: with both orders as in `Tas`. Without one it is broken, which the model must find.
#[expect(unsafe_code, reason = "the trait's")]
unsafe impl<const ACQUIRE: bool, const RELEASE: bool> RawLock for Weak<ACQUIRE, RELEASE> {
    fn new() -> Self {
        Weak(AtomicBool::new(false))
    }

    fn lock(&self) {
        while !self.try_lock() {
            std::hint::spin_loop();
        }
    }

    fn try_lock(&self) -> bool {
        !self.0.swap(true, order(ACQUIRE, Ordering::Acquire))
    }

    unsafe fn unlock(&self) {
        self.0.store(false, order(RELEASE, Ordering::Release));
    }
}

/// What is wrong with a lock, if two threads use it once each.
fn wrong_with<L: RawLock + Send + 'static>() -> Option<Kind> {
    let report = Model::new().check(|| {
        let spin: Spin<L, Tracked<u32>> = Spin::new(Tracked::new(0));
        thread::scope(|scope| {
            scope.spawn(|| spin.lock().set(1));
            spin.lock().set(2);
        });
    });
    report.counterexample().map(|example| example.kind())
}

#[test]
fn either_ordering_is_needed() {
    assert_eq!(wrong_with::<Weak<true, true>>(), None);
    assert_eq!(wrong_with::<Weak<false, true>>(), Some(Kind::Race));
    assert_eq!(wrong_with::<Weak<true, false>>(), Some(Kind::Race));
}
