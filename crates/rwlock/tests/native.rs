//! The reader-writer locks under real threads.

use std::rc::Rc;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use rwlock::{RwLock, stages};

const LIMIT: Duration = Duration::from_millis(20);

#[test]
fn readers_overlap() {
    let (lock, inside) = (RwLock::new(7), Barrier::new(4));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let value = lock.read();
                inside.wait();
                assert_eq!(*value, 7);
            });
        }
    });
}

#[test]
fn no_update_is_lost() {
    const EACH: u64 = 2000;
    let reference = RwLock::new(0);
    let word = stages::word::RwLock::new(0);
    let slots = stages::slots::RwLock::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..EACH {
                    *reference.write() += 1;
                    assert!(*reference.read() > 0);
                    word.write(|n| *n += 1);
                    assert!(word.read(|n| *n) > 0);
                    slots.write(|n| *n += 1);
                    assert!(slots.read(|n| *n) > 0);
                }
            });
        }
    });
    assert_eq!(*reference.read(), 4 * EACH);
    assert_eq!(
        (word.read(|n| *n), slots.read(|n| *n)),
        (4 * EACH, 4 * EACH)
    );
}

#[test]
fn attempts_fail_while_somebody_is_inside() {
    let lock = RwLock::new(0);
    let reader = lock.read();
    assert!(lock.try_read().is_some());
    assert!(lock.try_write().is_none());
    drop(reader);
    let writer = lock.write();
    assert!(lock.try_read().is_none() && lock.try_write().is_none());
    drop(writer);
    assert!(lock.try_write().is_some());
}

#[test]
fn limits_are_kept() {
    let lock = RwLock::new(0);
    let reader = lock.read();
    let began = Instant::now();
    assert!(lock.write_timeout(LIMIT).is_none());
    assert!(began.elapsed() >= LIMIT);
    // The writer that gave up keeps nobody out.
    assert!(lock.try_read().is_some());
    drop(reader);
    let writer = lock.write_timeout(Duration::MAX);
    assert!(writer.is_some());
    let began = Instant::now();
    assert!(lock.read_timeout(LIMIT).is_none());
    assert!(began.elapsed() >= LIMIT);
}

#[test]
fn a_writer_that_gives_up_lets_the_readers_in_that_waited_for_it() {
    let lock = RwLock::new(0);
    let reader = lock.read();
    thread::scope(|scope| {
        scope.spawn(|| assert!(lock.write_timeout(LIMIT).is_none()));
        // Either it comes before the writer, or it waits for it.
        scope.spawn(|| assert_eq!(*lock.read(), 0));
    });
    drop(reader);
}

#[test]
fn a_downgraded_lock_can_be_read_by_others() {
    let lock = RwLock::new(1);
    let mut writer = lock.write();
    *writer = 2;
    let reader = writer.downgrade();
    assert_eq!((*reader, lock.try_read().map(|value| *value)), (2, Some(2)));
    assert!(lock.try_write().is_none());
    drop(reader);
    assert!(lock.try_write().is_some());
}

#[test]
fn a_panic_inside_leaves_the_lock_free() {
    let lock = RwLock::new(0);
    let caught = thread::scope(|scope| {
        let ends = scope.spawn(|| {
            *lock.write() += 1;
            let _guard = lock.write();
            panic!("inside");
        });
        ends.join()
    });
    assert!(caught.is_err());
    assert_eq!(*lock.read(), 1);
}

#[test]
fn slots_are_given_to_more_threads_than_there_are() {
    let lock = stages::slots::RwLock::new(7);
    let together = Barrier::new(40);
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                assert_eq!(lock.read(|value| *value), 7);
                together.wait();
            });
        }
    });
    // A thread that reads may read again, though a writer waits.
    assert_eq!(lock.read(|a| lock.read(|b| a + b)), 14);
}

#[test]
fn a_value_that_is_not_sync_can_be_kept() {
    let lock = RwLock::new(Rc::new(1));
    assert_eq!(**lock.read(), 1);
}
