//! The locks with real threads and the real kernel.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use mutex::adaptive::Adaptive;
use mutex::counting::Counting;
use mutex::process::ProcessShared;
use mutex::swapping::Swapping;
use mutex::three_states::ThreeStates;
use mutex::{Mutex, ReentrantMutex};

const THREADS: u32 = 4;
const SECTIONS: u32 = 10_000;

/// The sum that four threads come to, with a load and a store in place of an addition.
fn sum(lock: impl Fn() + Sync, unlock: impl Fn() + Sync) -> u32 {
    let sum = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..SECTIONS {
                    lock();
                    sum.store(sum.load(Relaxed) + 1, Relaxed);
                    unlock();
                }
            });
        }
    });
    sum.into_inner()
}

#[test]
fn no_stage_loses_a_section() {
    let all = THREADS * SECTIONS;
    let lock = Counting::new();
    assert_eq!(sum(|| lock.lock(), || lock.unlock()), all);
    let lock = ThreeStates::new();
    assert_eq!(sum(|| lock.lock(), || lock.unlock()), all);
    let lock = Swapping::new();
    assert_eq!(sum(|| lock.lock(), || lock.unlock()), all);
    let lock = Adaptive::new();
    assert_eq!(sum(|| lock.lock(), || lock.unlock()), all);
    let lock = ProcessShared::new();
    assert_eq!(sum(|| lock.lock(), || lock.unlock()), all);
}

#[test]
fn a_mutex_loses_no_section() {
    let sum = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..SECTIONS).for_each(|_| *sum.lock() += 1));
        }
    });
    assert_eq!(*sum.lock(), THREADS * SECTIONS);
}

#[test]
fn nobody_gives_up_early_and_the_mutex_works_afterwards() {
    let mutex = Mutex::new(1);
    for time in [
        Duration::ZERO,
        Duration::from_micros(1),
        Duration::from_millis(5),
    ] {
        let held = mutex.lock();
        thread::scope(|scope| {
            scope.spawn(|| {
                let began = Instant::now();
                assert!(mutex.lock_timeout(time).is_none());
                assert!(began.elapsed() >= time);
            });
        });
        drop(held);
        assert_eq!(mutex.lock_timeout(time).as_deref(), Some(&1));
    }
}

#[test]
fn a_time_that_no_clock_can_hold_is_no_end() {
    let mutex = Mutex::new(());
    let held = mutex.lock();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| mutex.lock_timeout(Duration::MAX).is_some());
        drop(held);
        assert_eq!(waiter.join().ok(), Some(true));
    });
}

#[test]
fn a_panic_inside_leaves_a_free_mutex() {
    let mutex = Mutex::new(0);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        *mutex.lock() = 7;
        let _inside = mutex.lock();
        panic!("inside");
    }));
    assert!(panicked.is_err());
    assert_eq!(mutex.try_lock().as_deref(), Some(&7));
}

#[test]
fn levels_end_in_any_order() {
    let mutex = ReentrantMutex::new(Cell::new(0));
    let first = mutex.lock();
    let second = mutex.lock();
    second.set(5);
    assert_eq!(mutex.depth(), 2);
    let others = || {
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                let got_it = mutex.try_lock().is_some();
                (got_it, mutex.depth())
            });
            other.join().ok()
        })
    };
    drop(first);
    assert_eq!(others(), Some((false, 0)));
    drop(second);
    assert_eq!(others(), Some((true, 0)));
    assert_eq!(mutex.lock().get(), 5);
}
