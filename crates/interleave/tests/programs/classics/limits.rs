//! Wrong programs that the checker passes. They are its stated limits, kept here so that a change is noticed.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU32, Ordering::*};
use std::thread;

use crate::programs::program::{Program, missed};

/// Each thread reads what the other stores afterwards: C11 allows it, and no execution in program order shows it.
fn load_buffering() {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            let seen = x.load(Relaxed);
            y.store(1, Relaxed);
            seen
        });
        let seen = y.load(Relaxed);
        x.store(1, Relaxed);
        assert!(seen + other.join().unwrap_or(0) < 2, "both loads came last");
    });
}

/// Both locations end with the store that was executed first.
fn two_plus_two_writes() {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            x.store(1, Relaxed);
            y.store(2, Relaxed);
        });
        y.store(1, Relaxed);
        x.store(2, Relaxed);
    });
    assert!(
        x.into_inner() + y.into_inner() > 2,
        "both second stores came first"
    );
}

/// A plain field of one's own, which nobody watches.
struct Plain(UnsafeCell<u32>);

// SAFETY: it is not, and that is what nobody sees.
unsafe impl Sync for Plain {}

impl Plain {
    fn add(&self) {
        // SAFETY: there is none: another thread may do the same.
        unsafe { *self.0.get() += 1 }
    }
}

/// Two threads write to it without a lock. The checker changes threads at operations that it knows, and this is none.
fn own_cell() {
    let plain = Plain(UnsafeCell::new(0));
    thread::scope(|scope| {
        scope.spawn(|| plain.add());
        plain.add();
    });
    assert_eq!(plain.0.into_inner(), 2);
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        missed(
            "load buffering",
            "a load never reads from a later store",
            load_buffering,
        ),
        missed(
            "2+2W",
            "stores are ordered as they are executed",
            two_plus_two_writes,
        ),
        missed(
            "a cell of one's own",
            "only the tracked payload is watched",
            own_cell,
        ),
    ]
}
