//! The reader-writer locks under real threads.

use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Barrier, OnceLock};
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

/// A room whose reader or writer panicked stayed taken for ever.
#[test]
fn a_panic_inside_leaves_the_stages_free() {
    let preference = stages::reader_preference::RwLock::default();
    let (word, slots) = (stages::word::RwLock::new(0), stages::slots::RwLock::new(0));
    let panics: [&(dyn Fn() + Sync); 6] = [
        &|| preference.read(|| panic!("inside")),
        &|| preference.write(|| panic!("inside")),
        &|| word.read(|_| panic!("inside")),
        &|| word.write(|_| panic!("inside")),
        &|| slots.read(|_| panic!("inside")),
        &|| slots.write(|_| panic!("inside")),
    ];
    for inside in panics {
        assert!(thread::scope(|scope| scope.spawn(inside).join()).is_err());
        preference.write(|| word.write(|a| slots.write(|b| (*a, *b) = (1, 1))));
        assert_eq!(preference.read(|| word.read(|a| slots.read(|b| a + b))), 2);
    }
}

/// One test, not two: while 40 threads have taken all slots, another one's thread would get none.
#[test]
fn who_has_a_slot_reads_twice_and_who_has_none_reads_all_the_same() {
    let lock = stages::slots::RwLock::new(7);
    // This thread gets its slot before the others take them all.
    assert_eq!(lock.read(|value| *value), 7);
    let together = Barrier::new(40);
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                assert_eq!(lock.read(|value| *value), 7);
                together.wait();
            });
        }
    });
    let writer = OnceLock::new();
    thread::scope(|scope| {
        let sum = lock.read(|a| {
            scope.spawn(|| {
                writer
                    .set(fs::read_link("/proc/thread-self").unwrap())
                    .unwrap();
                lock.write(|value| *value += 1);
            });
            while !writer.get().is_some_and(|thread| sleeps(thread)) {
                thread::yield_now();
            }
            // The writer waits for this thread, which does not wait for it.
            lock.read(|b| a + b)
        });
        assert_eq!(sum, 14);
    });
    assert_eq!(lock.read(|value| *value), 8);
}

/// Whether a thread sleeps, by its state in `/proc/PID/task/TID/stat`.
fn sleeps(thread: &Path) -> bool {
    let stat =
        fs::read_to_string(Path::new("/proc").join(thread).join("stat")).expect("the thread lives");
    let after_name = stat.rsplit_once(") ").expect("a name in brackets").1;
    after_name.starts_with('S')
}

#[test]
fn a_value_that_is_not_sync_can_be_kept() {
    let lock = RwLock::new(Rc::new(1));
    assert_eq!(**lock.read(), 1);
}
