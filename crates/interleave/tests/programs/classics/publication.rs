//! Objects that one thread makes and another one uses: the way between them must be an edge.

use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering, Ordering::*, fence};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{leak, leaked};
use crate::world::Tracked;

/// Written by its constructor only.
struct Object {
    plain: Tracked<u32>,
    atomic: AtomicU32,
}

fn object() -> Object {
    Object {
        plain: Tracked::new(7),
        atomic: AtomicU32::new(7),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Look {
    Plain,
    Atomic,
}

/// Published through a pointer, with these orderings.
fn through_a_pointer(store: Ordering, load: Ordering, look: Look) {
    let shared = AtomicPtr::new(ptr::null_mut());
    thread::scope(|scope| {
        scope.spawn(|| shared.store(leak(object()), store));
        if let Some(object) = leaked::<Object>(shared.load(load)) {
            match look {
                Look::Plain => assert_eq!(object.plain.get(), 7),
                Look::Atomic => assert_eq!(object.atomic.load(Relaxed), 7),
            }
        }
    });
}

/// Published by fences around relaxed accesses.
fn through_fences() {
    let shared = AtomicPtr::new(ptr::null_mut());
    thread::scope(|scope| {
        scope.spawn(|| {
            let object = leak(object());
            fence(Release);
            shared.store(object, Relaxed);
        });
        let object = shared.load(Relaxed);
        fence(Acquire);
        if let Some(object) = leaked::<Object>(object) {
            assert_eq!(object.plain.get() + object.atomic.load(Relaxed), 14);
        }
    });
}

/// Handed over by a spawn, a mutex, a channel, a join: it moves in memory on its way.
fn by_value() {
    let made = object();
    let place = Mutex::new(Vec::with_capacity(1));
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            made.plain.set(made.plain.get() + 1);
            place.lock().expect("nobody panics").push(object());
            sender.send(Box::new(object())).expect("the receiver lives");
            object()
        });
        let boxed = receiver.recv().expect("the sender has sent");
        assert_eq!(boxed.plain.get() + boxed.atomic.load(Relaxed), 14);
        let joined = first.join().expect("it has not panicked");
        assert_eq!(joined.plain.get() + joined.atomic.load(Relaxed), 14);
    });
    let pushed = place.into_inner().expect("nobody panics");
    assert!(pushed.iter().all(|object| object.plain.get() == 7));
    assert_eq!(made.plain.get(), 8);
}

/// A vector of the first thread's, into which the second one pushes, and the third looks.
fn grows() {
    let list = Mutex::new(Vec::<Object>::new());
    let add = || {
        let mut list = list.lock().expect("nobody panics");
        list.push(object());
        assert!(
            list.iter()
                .all(|object| object.plain.get() + object.atomic.load(Relaxed) == 14)
        );
    };
    thread::scope(|scope| {
        scope.spawn(add);
        scope.spawn(add);
        add();
    });
}

/// More places than fit into a small view, behind one flag.
fn sixteen_places() {
    let places: [AtomicU32; 16] = std::array::from_fn(|_| AtomicU32::new(0));
    let flag = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            places.iter().for_each(|place| place.store(1, Relaxed));
            flag.store(1, Release);
        });
        if flag.load(Acquire) == 1 {
            assert!(places.iter().all(|place| place.load(Relaxed) == 1));
        }
    });
}

/// Waits for one thread and reads what another one writes.
fn joins_the_wrong_one() {
    let payload = leak(Tracked::new(0));
    let shared = AtomicPtr::new(payload);
    let idle = thread::spawn(|| ());
    let writer = thread::spawn(move || {
        if let Some(payload) = leaked(shared.into_inner()) {
            payload.set(1);
        }
    });
    assert!(idle.join().is_ok());
    if let Some(payload) = leaked(payload) {
        assert!(payload.get() < 2);
    }
    assert!(writer.join().is_ok());
}

/// Waits until it is the only owner, as `Arc` says.
fn only_owner() {
    let mut mine = Arc::new(object());
    let theirs = Arc::clone(&mine);
    let thread = thread::spawn(move || theirs.plain.set(8));
    let alone = loop {
        if let Some(object) = Arc::get_mut(&mut mine) {
            break object;
        }
        thread::yield_now();
    };
    assert_eq!(alone.plain.get(), 8);
    assert!(thread.join().is_ok());
}

/// Counts the owners.
fn counts_owners() {
    let mine = Arc::new(object());
    let theirs = Arc::clone(&mine);
    let thread = thread::spawn(move || theirs.atomic.store(8, Relaxed));
    while Arc::strong_count(&mine) > 1 {
        thread::yield_now();
    }
    assert!(thread.join().is_ok());
    assert_eq!(mine.atomic.load(Relaxed), 8);
}

/// Whoever is last gets the object out, and looks at what the other has done.
fn last_one_unwraps() {
    let ends = |shared: Arc<Object>| {
        shared.atomic.fetch_add(1, Relaxed);
        Arc::into_inner(shared).map(|object| object.atomic.into_inner())
    };
    let mine = Arc::new(object());
    let theirs = Arc::clone(&mine);
    let thread = thread::spawn(move || ends(theirs));
    let (mine, theirs) = (ends(mine), thread.join().ok().flatten());
    assert_eq!(mine.xor(theirs), Some(9));
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("release and acquire", || {
            through_a_pointer(Release, Acquire, Look::Plain);
        }),
        right("fences", through_fences),
        right("by value", by_value),
        right("a list that grows", grows),
        right("sixteen places", sixteen_places),
        right("the only owner", only_owner),
        right("counts the owners", counts_owners),
        right("the last one unwraps", last_one_unwraps),
        wrong(Order, "joins the wrong one", Race, joins_the_wrong_one),
        wrong(Order, "relaxed store", Race, || {
            through_a_pointer(Relaxed, Acquire, Look::Plain);
        }),
        wrong(Order, "relaxed load", Race, || {
            through_a_pointer(Release, Relaxed, Look::Plain);
        }),
        wrong(Order, "relaxed store, an atomic field", Race, || {
            through_a_pointer(Relaxed, Acquire, Look::Atomic);
        }),
        wrong(Order, "relaxed load, an atomic field", Race, || {
            through_a_pointer(Release, Relaxed, Look::Atomic);
        }),
    ]
}
