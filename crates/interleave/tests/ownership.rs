//! Memory that changes hands: publication, freeing, and the last `Arc`.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::model::{Kind, Model, Report, Tracked};
use std::ptr;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicPtr, AtomicU32};
use std::sync::{Arc, Mutex};
use std::thread;

fn kind(report: &Report) -> Option<Kind> {
    report.counterexample().map(|shown| shown.kind())
}

/// A node that one thread makes and another one finds.
fn publish<T: Send + Sync + 'static>(
    order: Ordering,
    make: impl Fn() -> T + Send + Sync + Copy + 'static,
    touch: impl Fn(&T) + Copy + 'static,
) -> Report {
    Model::new().check(move || {
        let place: AtomicPtr<T> = AtomicPtr::new(ptr::null_mut());
        thread::scope(|scope| {
            scope.spawn(|| place.store(Box::into_raw(Box::new(make())), order));
            let found = place.load(Acquire);
            if !found.is_null() {
                #[expect(unsafe_code, reason = "a node that is never freed")]
                // SAFETY: it is never freed.
                touch(unsafe { &*found });
            }
        });
    })
}

#[test]
fn a_node_that_is_published_with_release_is_seen_whole() {
    publish(
        Release,
        || AtomicU32::new(1),
        |node| assert_eq!(node.load(Relaxed), 1),
    )
    .unwrap();
    publish(
        Release,
        || Tracked::new(1),
        |node| assert_eq!(node.get(), 1),
    )
    .unwrap();
}

#[test]
fn a_node_that_is_published_with_relaxed_races_with_its_making() {
    let atomic = publish(
        Relaxed,
        || AtomicU32::new(1),
        |node| assert_eq!(node.load(Relaxed), 1),
    );
    assert_eq!(kind(&atomic), Some(Kind::Race));
    let plain = publish(
        Relaxed,
        || Tracked::new(1),
        |node| assert_eq!(node.get(), 1),
    );
    assert_eq!(kind(&plain), Some(Kind::Race));
}

#[test]
fn what_was_freed_is_not_used() {
    for atomic in [false, true] {
        let report = Model::new().check(move || {
            let node = Box::into_raw(Box::new((Tracked::new(1), AtomicU32::new(1))));
            #[expect(unsafe_code, reason = "the mistake that is found")]
            {
                // SAFETY: none for the second; that is the point.
                drop(unsafe { Box::from_raw(node) });
                // SAFETY: none.
                let node = unsafe { &*node };
                if atomic {
                    node.1.load(Relaxed);
                } else {
                    node.0.get();
                }
            }
        });
        assert_eq!(kind(&report), Some(Kind::UseAfterFree));
    }
}

/// Its destructor reads what others have written, and does something that others can notice.
struct Owner {
    data: Tracked<u32>,
    nested: Box<Tracked<u32>>,
    flag: AtomicU32,
}

impl Drop for Owner {
    fn drop(&mut self) {
        let seen = self.data.get();
        self.flag.fetch_add(1, Relaxed);
        assert_eq!(self.nested.get(), seen);
    }
}

#[test]
fn the_last_arc_knows_what_the_others_did() {
    Model::new()
        .check(|| {
            let owner = Arc::new(Owner {
                data: Tracked::new(0),
                nested: Box::new(Tracked::new(0)),
                flag: AtomicU32::new(0),
            });
            let theirs = Arc::clone(&owner);
            thread::spawn(move || {
                theirs.flag.store(1, Relaxed);
                theirs.data.set(5);
                theirs.nested.set(5);
                drop(theirs);
            });
            owner.flag.load(Relaxed);
            drop(owner);
        })
        .unwrap();
}

#[test]
fn who_unwraps_an_arc_knows_what_the_others_did() {
    Model::new()
        .check(|| {
            let list = Arc::new(Mutex::new(Vec::new()));
            let theirs = Arc::clone(&list);
            let other = thread::spawn(move || {
                theirs.lock().unwrap().push(Box::new(Tracked::new(7)));
                drop(theirs);
            });
            let mut mine = list;
            let list = loop {
                match Arc::try_unwrap(mine) {
                    Ok(list) => break list,
                    Err(again) => mine = again,
                }
                thread::yield_now();
            };
            for node in list.into_inner().unwrap() {
                assert_eq!(node.get(), 7);
            }
            other.join().unwrap();
        })
        .unwrap();
}

#[test]
fn who_is_the_only_owner_of_an_arc_knows_what_the_others_did() {
    Model::new()
        .check(|| {
            let mut mine = Arc::new(Tracked::new(0));
            let theirs = Arc::clone(&mine);
            let other = thread::spawn(move || theirs.set(5));
            while Arc::get_mut(&mut mine).is_none() {
                thread::yield_now();
            }
            assert_eq!(mine.get(), 5);
            other.join().unwrap();
        })
        .unwrap();
}

#[test]
fn who_happens_to_be_the_only_owner_of_an_arc_does_not() {
    let report = Model::new().check(|| {
        let mine = Arc::new((Tracked::new(0), AtomicU32::new(0)));
        let theirs = Arc::clone(&mine);
        thread::spawn(move || {
            theirs.0.set(5);
            theirs.1.store(1, Relaxed);
        });
        while mine.1.load(Relaxed) == 0 {}
        mine.0.get();
    });
    assert_eq!(kind(&report), Some(Kind::Race));
    let shown = report.counterexample().expect("a race");
    let again = Model::new().replay(shown.replay());
    assert!(shown.replay().contains('a'), "{}", shown.replay());
    drop(again);
}

#[test]
fn a_race_before_a_free_is_a_race() {
    let report = Model::new().check(|| {
        let data = Arc::new(Tracked::new(0));
        let theirs = Arc::clone(&data);
        let other = thread::spawn(move || theirs.set(1));
        data.set(2);
        drop(data);
        other.join().unwrap();
    });
    assert_eq!(kind(&report), Some(Kind::Race));
}
