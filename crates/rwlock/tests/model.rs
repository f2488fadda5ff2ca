//! The reader-writer locks under the model: every interleaving, within a budget.

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
#[path = "../src/rwlock.rs"]
mod rwlock;
#[path = "../src/stages/mod.rs"]
mod stages;

use std::model::{Kind, Model, Tracked};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use rwlock::RwLock;

/// So many readers and writers, once each, at a payload that nothing else protects.
fn judge<L: Sync + 'static>(
    readers: u32,
    writers: u32,
    make: fn() -> L,
    read: fn(&L, &dyn Fn()),
    write: fn(&L, &dyn Fn()),
) {
    let report = Model::new().check(move || {
        let (lock, value) = (make(), Tracked::new(0));
        thread::scope(|scope| {
            for _ in 0..writers {
                scope.spawn(|| write(&lock, &|| value.set(value.get() + 1)));
            }
            for _ in 0..readers {
                scope.spawn(|| read(&lock, &|| assert!(value.get() <= writers)));
            }
        });
        assert_eq!(value.get(), writers);
    });
    report.unwrap();
}

#[test]
fn a_monitor() {
    for (readers, writers) in [(2, 1), (1, 2), (2, 2)] {
        judge(
            readers,
            writers,
            || RwLock::new(()),
            |lock, look| {
                let _guard = lock.read();
                look();
            },
            |lock, change| {
                let _guard = lock.write();
                change();
            },
        );
    }
}

#[test]
fn reader_preference() {
    for (readers, writers) in [(2, 1), (1, 2)] {
        judge(
            readers,
            writers,
            stages::reader_preference::RwLock::default,
            |lock, look| lock.read(look),
            |lock, change| lock.write(change),
        );
    }
}

#[test]
fn word() {
    for (readers, writers) in [(2, 1), (1, 2), (2, 2)] {
        judge(
            readers,
            writers,
            || stages::word::RwLock::new(()),
            |lock, look| lock.read(|()| look()),
            |lock, change| lock.write(|()| change()),
        );
    }
}

#[test]
fn slots() {
    for (readers, writers) in [(2, 1), (1, 2)] {
        judge(
            readers,
            writers,
            || stages::slots::RwLock::new(()),
            |lock, look| lock.read(|()| look()),
            |lock, change| lock.write(|()| change()),
        );
    }
}

#[test]
fn slots_are_read_twice_though_a_writer_waits() {
    let report = Model::new().check(|| {
        let (lock, value) = (stages::slots::RwLock::new(()), Tracked::new(0));
        thread::scope(|scope| {
            scope.spawn(|| lock.write(|()| value.set(1)));
            let (first, second) = lock.read(|()| (value.get(), lock.read(|()| value.get())));
            assert_eq!(first, second);
        });
    });
    report.unwrap();
}

/// Readers and writers take turns. Writers do not: one that waits is notified, and one that comes
/// may be faster.
#[test]
fn among_writers_there_is_no_order() {
    let report = Model::new().check(|| {
        let lock = RwLock::new(false);
        thread::scope(|scope| {
            let reader = lock.read();
            scope.spawn(|| *lock.write() = true);
            let one_waits = lock.try_read().is_none();
            drop(reader);
            assert!(!one_waits || *lock.write(), "overtaken");
        });
    });
    let kind = report.counterexample().map(|found| found.kind());
    assert_eq!(kind, Some(Kind::Panic), "{report}");
}

#[test]
fn nobody_writes_between_a_write_and_its_downgrade() {
    let report = Model::new().check(|| {
        let lock = RwLock::new(Tracked::new(0));
        thread::scope(|scope| {
            scope.spawn(|| lock.write().set(1));
            scope.spawn(|| lock.read().get());
            let guard = lock.write();
            guard.set(2);
            assert_eq!(guard.downgrade().get(), 2);
        });
    });
    report.unwrap();
}

#[test]
fn whoever_gives_up_keeps_nobody_out() {
    let report = Model::new().check(|| {
        let lock = RwLock::new(Tracked::new(0));
        thread::scope(|scope| {
            scope.spawn(|| drop(lock.write_timeout(Duration::from_secs(1))));
            scope.spawn(|| drop(lock.read_timeout(Duration::from_secs(1))));
            let first = lock.read();
            scope.spawn(|| lock.read().get());
            first.get();
        });
        assert!(lock.try_write().is_some());
    });
    report.unwrap();
}

#[test]
fn an_attempt_never_waits() {
    let report = Model::new().check(|| {
        let lock = RwLock::new(Tracked::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                if let Some(value) = lock.try_write() {
                    value.set(1);
                }
            });
            if let Some(value) = lock.try_read() {
                value.get();
            }
        });
        assert!(lock.try_read().is_some() && lock.try_write().is_some());
    });
    report.unwrap();
}

/// The last reader looks at a count that is not its own any more.
#[test]
fn a_count_outside_of_the_lock_is_found() {
    let report = Model::new().check(|| {
        let (readers, writing, value) = (AtomicU32::new(0), AtomicU32::new(0), Tracked::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                if readers.load(SeqCst) == 0 && writing.swap(1, SeqCst) == 0 {
                    value.set(1);
                    writing.store(0, SeqCst);
                }
            });
            if writing.load(SeqCst) == 0 {
                readers.fetch_add(1, SeqCst);
                value.get();
                readers.fetch_sub(1, SeqCst);
            }
        });
    });
    let kind = report.counterexample().map(|found| found.kind());
    assert_eq!(kind, Some(Kind::Race), "{report}");
}
