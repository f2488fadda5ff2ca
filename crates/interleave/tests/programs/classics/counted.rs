//! Reference counts: the last one to drop destroys. With the standard `Arc`, and with one of our own.

use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::*, fence};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;
use crate::world::Tracked;

/// Its destructor writes to the payload: it must come after every use.
struct Payload<'a> {
    value: Tracked<u32>,
    destroyed: &'a AtomicUsize,
}

impl Drop for Payload<'_> {
    fn drop(&mut self) {
        self.value.set(self.value.get() + 1);
        self.destroyed.fetch_add(1, Relaxed);
    }
}

fn payload(destroyed: &AtomicUsize) -> Payload<'_> {
    Payload {
        value: Tracked::new(1),
        destroyed,
    }
}

/// The standard `Arc`; each thread uses its own clone and drops it.
fn standard(threads: usize) {
    let destroyed = AtomicUsize::new(0);
    let shared = Arc::new(payload(&destroyed));
    thread::scope(|scope| {
        for _ in 1..threads {
            let mine = Arc::clone(&shared);
            scope.spawn(move || assert_eq!(mine.value.get(), 1));
        }
        assert_eq!(shared.value.get(), 1);
        drop(shared);
    });
    assert_eq!(destroyed.load(Relaxed), 1);
}

/// Who gets the payload back alone may write to it.
fn unwrapped() {
    let destroyed = AtomicUsize::new(0);
    let shared = Arc::new(payload(&destroyed));
    thread::scope(|scope| {
        let mine = Arc::clone(&shared);
        scope.spawn(move || assert_eq!(mine.value.get(), 1));
        assert_eq!(shared.value.get(), 1);
    });
    let alone = Arc::try_unwrap(shared);
    assert!(alone.is_ok_and(|payload| payload.value.get() == 1));
}

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// The last one has not seen what the others did before they dropped.
    RelaxedDrop,
    NoFence,
    /// Two threads each find that they are not the last.
    DropsInTwoSteps,
}

struct Inner<T> {
    count: AtomicUsize,
    flaw: Flaw,
    value: T,
}

struct Counted<T>(NonNull<Inner<T>>);

// SAFETY: a `Counted` gives out shared references only, and drops the value where the last one is.
unsafe impl<T: Send + Sync> Send for Counted<T> {}

impl<T> Counted<T> {
    fn new(value: T, flaw: Flaw) -> Self {
        let inner = Box::new(Inner {
            count: AtomicUsize::new(1),
            flaw,
            value,
        });
        Counted(NonNull::from(Box::leak(inner)))
    }

    fn inner(&self) -> &Inner<T> {
        // SAFETY: the count is at least one as long as this lives.
        unsafe { self.0.as_ref() }
    }
}

impl<T> Clone for Counted<T> {
    fn clone(&self) -> Self {
        self.inner().count.fetch_add(1, Relaxed);
        Counted(self.0)
    }
}

impl<T> Deref for Counted<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T> Drop for Counted<T> {
    fn drop(&mut self) {
        let (count, flaw) = (&self.inner().count, self.inner().flaw);
        let before = match flaw {
            Flaw::DropsInTwoSteps => {
                let before = count.load(Acquire);
                count.store(before - 1, Release);
                before
            }
            _ => count.fetch_sub(1, unless(flaw == Flaw::RelaxedDrop, Release)),
        };
        if before == 1 {
            if flaw != Flaw::NoFence {
                fence(Acquire);
            }
            // SAFETY: this was the last one.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}

fn own(flaw: Flaw) {
    let destroyed = AtomicUsize::new(0);
    let shared = Counted::new(payload(&destroyed), flaw);
    thread::scope(|scope| {
        let mine = shared.clone();
        scope.spawn(move || assert_eq!(mine.value.get(), 1));
        assert_eq!(shared.value.get(), 1);
        drop(shared);
    });
    assert_eq!(destroyed.load(Relaxed), 1, "destroyed exactly once");
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("std, two threads", || standard(2)),
        right("std, three threads", || standard(3)),
        right("std, unwrapped", unwrapped),
        right("own", || own(Flaw::None)),
        wrong(Order, "relaxed drop", Race, || own(Flaw::RelaxedDrop)),
        wrong(Order, "no fence", Race, || own(Flaw::NoFence)),
        wrong(Atomicity, "drops in two steps", Panic, || {
            own(Flaw::DropsInTwoSteps);
        }),
    ]
}
