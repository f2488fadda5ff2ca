//! The semaphores and the pool under the model: every interleaving, within a budget.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "the files are modules of a crate, and public there"
)]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

mod futex {
    pub(crate) use std::futex::*;
}
#[path = "../src/pool.rs"]
mod pool;
#[path = "../src/semaphore.rs"]
mod semaphore;
#[path = "../src/stages/mod.rs"]
mod stages;

use std::model::{Kind, Model, Tracked};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use pool::Pool;
use semaphore::{AcquireError, Semaphore};

/// So many threads at so many units: never more inside than that, and all come through.
fn judge<S: Sync + 'static>(
    threads: u32,
    units: u32,
    make: fn(u32) -> S,
    inside: fn(&S, &dyn Fn()),
) {
    let report = Model::new().free_choice(false).check(move || {
        let (semaphore, count) = (make(units), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    inside(&semaphore, &|| {
                        assert!(count.fetch_add(1, SeqCst) < units, "too many inside");
                        count.fetch_sub(1, SeqCst);
                    });
                });
            }
        });
    });
    report.unwrap();
}

#[test]
fn a_monitor() {
    for (threads, units) in [(3, 1), (3, 2)] {
        judge(threads, units, Semaphore::new, |semaphore, work| {
            let permit = semaphore.acquire(1).unwrap();
            work();
            drop(permit);
        });
    }
}

#[test]
fn barging() {
    judge(3, 1, stages::barging::Semaphore::new, |semaphore, work| {
        semaphore.acquire();
        work();
        semaphore.release();
    });
}

#[test]
fn word() {
    for (threads, units) in [(2, 1), (3, 2)] {
        judge(
            threads,
            units,
            stages::word::Semaphore::new,
            |semaphore, work| {
                semaphore.acquire();
                work();
                semaphore.release();
            },
        );
    }
}

/// An attempt gave up when another thread changed the number in between.
#[test]
fn an_attempt_at_a_word_fails_only_if_nothing_is_free() {
    let report = Model::new().check(|| {
        let semaphore = stages::word::Semaphore::new(2);
        thread::scope(|scope| {
            scope.spawn(|| semaphore.release());
            scope.spawn(|| assert!(semaphore.try_acquire(), "one of two or three"));
            assert!(semaphore.try_acquire(), "one of two or three");
        });
        assert!(semaphore.try_acquire() && !semaphore.try_acquire());
    });
    report.unwrap();
}

#[test]
fn queued() {
    judge(3, 1, stages::queued::Semaphore::new, |semaphore, work| {
        semaphore.acquire(1);
        work();
        semaphore.release(1);
    });
}

#[test]
fn what_one_did_inside_the_next_one_sees() {
    let report = Model::new().check(|| {
        let (semaphore, value) = (Semaphore::new(1), Tracked::new(0));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let _permit = semaphore.acquire(1).unwrap();
                    value.set(value.get() + 1);
                });
            }
        });
        assert_eq!(value.get(), 2);
    });
    report.unwrap();
}

#[test]
fn requests_for_several_units_do_not_wait_for_each_other() {
    let report = Model::new().check(|| {
        let semaphore = Semaphore::new(3);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| drop(semaphore.acquire(2)));
            }
        });
        assert_eq!(semaphore.available(), 3);
    });
    report.unwrap();
}

#[test]
fn whoever_gives_up_keeps_nobody_waiting() {
    let report = Model::new().check(|| {
        let semaphore = Semaphore::new(2);
        let held = semaphore.acquire(1).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| drop(semaphore.acquire_timeout(2, Duration::from_secs(1))));
            scope.spawn(|| drop(semaphore.acquire(1)));
        });
        drop(held);
        assert_eq!(semaphore.available(), 2);
    });
    report.unwrap();
}

#[test]
fn closing_ends_all_waits() {
    let report = Model::new().check(|| {
        let semaphore = Semaphore::new(1);
        let held = semaphore.acquire(1).unwrap();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let refused = semaphore.acquire(1);
                    assert_eq!(refused.err(), Some(AcquireError::Closed));
                });
            }
            semaphore.close();
        });
        drop(held);
        assert_eq!(semaphore.available(), 1);
    });
    report.unwrap();
}

#[test]
fn nobody_has_what_another_one_has() {
    let report = Model::new().free_choice(false).check(|| {
        let pool = Pool::new(vec![Tracked::new(0), Tracked::new(0)]);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let item = pool.get();
                    item.set(item.get() + 1);
                });
            }
        });
        let (one, other) = (pool.get(), pool.get());
        assert_eq!(one.get() + other.get(), 3);
    });
    report.unwrap();
}

/// A test and a decrement that are two steps.
#[test]
fn a_number_without_a_lock_is_found() {
    let report = Model::new().check(|| {
        let (units, inside) = (AtomicU32::new(1), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    if units.load(SeqCst) > 0 {
                        units.fetch_sub(1, SeqCst);
                        assert_eq!(inside.fetch_add(1, SeqCst), 0, "too many inside");
                        inside.fetch_sub(1, SeqCst);
                        units.fetch_add(1, SeqCst);
                    }
                });
            }
        });
    });
    let kind = report.counterexample().map(|found| found.kind());
    assert_eq!(kind, Some(Kind::Panic), "{report}");
}
