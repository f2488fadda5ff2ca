//! The semaphores and the pool under real threads.

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use thread_semaphore::{AcquireError, Pool, Semaphore, stages};

const LIMIT: Duration = Duration::from_millis(20);

/// Never more inside than there are units.
fn bounded(units: u32, inside: impl Fn(&dyn Fn()) + Sync) {
    let (now, most) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..500 {
                    inside(&|| {
                        most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                        now.fetch_sub(1, SeqCst);
                    });
                }
            });
        }
    });
    assert!(most.load(SeqCst) <= units);
}

#[test]
fn never_more_inside_than_units() {
    let semaphore = Semaphore::new(3);
    bounded(3, |work| {
        let _permit = semaphore.acquire(1).unwrap();
        work();
    });
    assert_eq!(semaphore.available(), 3);
    let word = stages::word::Semaphore::new(3);
    bounded(3, |work| {
        word.acquire();
        work();
        word.release();
    });
    let barging = stages::barging::Semaphore::new(3);
    bounded(3, |work| {
        barging.acquire();
        work();
        barging.release();
    });
    let queued = stages::queued::Semaphore::new(3);
    bounded(3, |work| {
        queued.acquire(1);
        work();
        queued.release(1);
    });
}

/// The unit that did not fit carried into the bit of the sleepers, and all were gone.
#[test]
fn a_word_refuses_a_unit_that_does_not_fit() {
    const MOST: u32 = 1 << 30;
    let semaphore = stages::word::Semaphore::new(MOST);
    for _ in 0..2 {
        assert!(catch_unwind(|| semaphore.release()).is_err());
    }
    // As many as before: one fits again when one was taken, and no second one.
    assert!(semaphore.try_acquire());
    semaphore.release();
    assert!(catch_unwind(|| semaphore.release()).is_err());
    assert!(catch_unwind(|| stages::word::Semaphore::new(MOST + 1)).is_err());
}

#[test]
fn permits_are_split_and_forgotten() {
    let semaphore = Semaphore::new(5);
    let mut permit = semaphore.acquire(4).unwrap();
    assert!(permit.split(5).is_none());
    let three = permit.split(3).unwrap();
    assert_eq!(semaphore.available(), 1);
    drop(permit);
    assert_eq!(semaphore.available(), 2);
    three.forget();
    assert_eq!(semaphore.available(), 2);
}

#[test]
fn too_many_are_refused_and_none_are_free() {
    let semaphore = Semaphore::new(2);
    let refused = AcquireError::TooMany { want: 3, max: 2 };
    assert_eq!(semaphore.acquire(3).err(), Some(refused));
    assert_eq!(semaphore.acquire_timeout(3, LIMIT).err(), Some(refused));
    assert!(semaphore.try_acquire(3).is_none());
    let _all = semaphore.acquire(2).unwrap();
    assert!(semaphore.acquire(0).is_ok());
    assert!(semaphore.try_acquire(0).is_some());
}

#[test]
fn a_limit_is_kept_and_the_queue_goes_on() {
    let semaphore = Semaphore::new(2);
    let held = semaphore.acquire(1).unwrap();
    let gave_up = AtomicBool::new(false);
    thread::scope(|scope| {
        let big = scope.spawn(|| {
            let began = Instant::now();
            let got = semaphore.acquire_timeout(2, LIMIT);
            gave_up.store(true, SeqCst);
            assert!(matches!(got, Ok(None)));
            assert!(began.elapsed() >= LIMIT);
        });
        // Before the big one waits, this one gets in; afterwards it waits for it.
        while semaphore.try_acquire(1).is_some() && !gave_up.load(SeqCst) {}
        assert!(semaphore.acquire(1).is_ok());
        big.join().unwrap();
    });
    drop(held);
    assert_eq!(semaphore.available(), 2);
}

#[test]
fn a_closed_semaphore_gives_nothing_out_and_takes_back() {
    let semaphore = Semaphore::new(2);
    let held = semaphore.acquire(1).unwrap();
    semaphore.close();
    assert_eq!(semaphore.acquire(1).err(), Some(AcquireError::Closed));
    assert!(semaphore.try_acquire(1).is_none());
    drop(held);
    assert_eq!(semaphore.available(), 2);
}

#[test]
fn a_panic_gives_back_what_was_held() {
    let (semaphore, pool) = (Semaphore::new(2), Pool::new(vec![1]));
    let ended = thread::scope(|scope| {
        let fails = scope.spawn(|| {
            let _permit = semaphore.acquire(2).unwrap();
            *pool.get() += 1;
            let _lease = pool.get();
            panic!("inside");
        });
        fails.join()
    });
    assert!(ended.is_err());
    assert_eq!(semaphore.available(), 2);
    assert_eq!(*pool.get(), 2);
}

#[test]
fn a_pool_keeps_what_was_changed() {
    let pool = Pool::new(vec![0; 3]);
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| *pool.get() += 1);
        }
    });
    let all = [pool.get(), pool.get(), pool.get()];
    assert_eq!(all.iter().map(|item| **item).sum::<u32>(), 100);
}
