//! The condition variables and the queue under the model: every interleaving, within a budget.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "the files are modules of a crate, and public there"
)]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[path = "../src/condvar.rs"]
mod condvar;
mod futex {
    pub(crate) use std::futex::*;
}
#[path = "../src/given.rs"]
mod given;
#[path = "../src/queue.rs"]
mod queue;
#[path = "../src/stages/mod.rs"]
mod stages;

use std::model::{Kind, Model, Tracked};
use std::thread;
use std::time::Duration;

use condvar::Condvar;
use given::{Mutex, MutexGuard};
use queue::{Closed, Queue, TimedOut};

type Wait<C> = for<'a> fn(&C, MutexGuard<'a, bool>) -> MutexGuard<'a, bool>;

/// Two wait for a flag that a third sets: nobody sleeps for ever, and what was written is seen.
fn judge<C: Sync + 'static>(make: fn() -> C, wait: Wait<C>, notify_all: fn(&C)) {
    let report = Model::new().check(move || {
        let (ready, changed, data) = (Mutex::new(false), make(), Tracked::new(0));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut ready = ready.lock();
                    while !*ready {
                        ready = wait(&changed, ready);
                    }
                    assert_eq!(data.get(), 7);
                });
            }
            data.set(7);
            *ready.lock() = true;
            notify_all(&changed);
        });
    });
    report.unwrap();
}

/// Of two that wait, each notification wakes one; they take turns at one token.
fn judge_one<C: Sync + 'static>(make: fn() -> C, wait: Wait<C>, notify_one: fn(&C)) {
    let report = Model::new().check(move || {
        let (token, put, taken) = (Mutex::new(false), make(), Tracked::new(0));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut token = token.lock();
                    while !*token {
                        token = wait(&put, token);
                    }
                    taken.set(taken.get() + 1);
                    if taken.get() == 2 {
                        *token = false;
                    }
                    drop(token);
                    notify_one(&put);
                });
            }
            *token.lock() = true;
            notify_one(&put);
        });
        assert_eq!(taken.get(), 2);
    });
    report.unwrap();
}

#[test]
fn the_reference() {
    judge(Condvar::new, Condvar::wait, Condvar::notify_all);
    judge_one(Condvar::new, Condvar::wait, Condvar::notify_one);
}

#[test]
fn counter() {
    use stages::counter::Condvar;
    judge(Condvar::new, Condvar::wait, Condvar::notify_all);
    judge_one(Condvar::new, Condvar::wait, Condvar::notify_one);
}

#[test]
fn parking() {
    use stages::parking::Condvar;
    judge(Condvar::new, Condvar::wait, Condvar::notify_all);
    judge_one(Condvar::new, Condvar::wait, Condvar::notify_one);
}

#[test]
fn any() {
    use stages::any::CondvarAny;
    fn wait<'a>(changed: &CondvarAny, guard: MutexGuard<'a, bool>) -> MutexGuard<'a, bool> {
        let mutex = MutexGuard::mutex(&guard);
        changed.wait(guard, || mutex.lock())
    }
    judge(CondvarAny::new, wait, CondvarAny::notify_all);
    judge_one(CondvarAny::new, wait, CondvarAny::notify_one);
}

#[test]
fn every_item_goes_through_once() {
    let report = Model::new().free_choice(false).check(|| {
        let (queue, sum) = (Queue::new(1), Mutex::new(0));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let item: u32 = queue.pop().unwrap();
                    *sum.lock() += item;
                });
            }
            for item in [1, 2] {
                scope.spawn({
                    let queue = &queue;
                    move || queue.push(item).unwrap()
                });
            }
        });
        assert_eq!(*sum.lock(), 3);
    });
    report.unwrap();
}

#[test]
fn closing_ends_all_waits() {
    let report = Model::new().check(|| {
        let queue = Queue::new(1);
        queue.push(1).unwrap();
        let pushed = thread::scope(|scope| {
            let pusher = scope.spawn(|| queue.push(2));
            queue.close();
            pusher.join().unwrap()
        });
        assert_eq!(pushed, Err(Closed(2)));
        assert_eq!((queue.pop(), queue.pop()), (Some(1), None));
    });
    report.unwrap();
    let report = Model::new().check(|| {
        let queue = Queue::<u32>::new(1);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| assert_eq!(queue.pop(), None));
            }
            queue.close();
        });
    });
    report.unwrap();
}

#[test]
fn a_timed_pop_takes_an_item_or_leaves_it() {
    let report = Model::new().check(|| {
        let queue = Queue::new(1);
        let popped = thread::scope(|scope| {
            let popper = scope.spawn(|| queue.pop_timeout(Duration::from_secs(1)));
            queue.push(1).unwrap();
            popper.join().unwrap()
        });
        match popped {
            Ok(item) => assert_eq!(item, Some(1)),
            Err(TimedOut) => assert_eq!(queue.pop(), Some(1)),
        }
    });
    report.unwrap();
}

#[test]
fn with_if_an_item_is_popped_that_is_not_there() {
    let report = Model::new().check(|| {
        let (items, pushed) = (Mutex::new(0u32), Condvar::new());
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut items = items.lock();
                    if *items == 0 {
                        items = pushed.wait(items);
                    }
                    assert!(*items > 0, "nothing to pop");
                    *items -= 1;
                });
            }
            for _ in 0..2 {
                *items.lock() += 1;
                pushed.notify_one();
            }
        });
    });
    let kind = report.counterexample().map(|found| found.kind());
    assert_eq!(kind, Some(Kind::Panic), "{report}");
}
