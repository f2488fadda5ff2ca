//! Panics: guards give back what they hold, a mutex is poisoned, and two threads may unwind at the same time.

use std::hint;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::world::Tracked;

/// Notes in its destructor whether it is dropped by an unwinding.
struct Witness<'a>(&'a AtomicU32);

impl Drop for Witness<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fetch_add(1, Relaxed);
        }
    }
}

/// Two threads panic, a third does not: only two witnesses see an unwinding.
fn two_unwind() {
    let unwound = AtomicU32::new(0);
    let fails = || {
        let _witness = Witness(&unwound);
        unwound.load(Relaxed);
        panic::resume_unwind(Box::new("on purpose"));
    };
    thread::scope(|scope| {
        let first = scope.spawn(fails);
        let second = scope.spawn(fails);
        {
            let _witness = Witness(&unwound);
            unwound.load(Relaxed);
        }
        assert!(first.join().is_err());
        assert!(second.join().is_err());
    });
    assert_eq!(unwound.load(Relaxed), 2);
}

/// A panic that is caught is over: what is dropped afterwards is not unwound.
fn caught() {
    let unwound = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let caught = panic::catch_unwind(AssertUnwindSafe(|| {
                let _witness = Witness(&unwound);
                panic!("on purpose");
            }));
            assert!(caught.is_err());
            assert!(!thread::panicking());
            let _witness = Witness(&unwound);
        });
        unwound.load(Relaxed);
        assert!(!thread::panicking());
    });
    assert_eq!(unwound.load(Relaxed), 1);
}

/// The holder panics; the other finds the mutex poisoned, or not, and goes on either way.
fn poisoned() {
    let number = Mutex::new(0_u32);
    thread::scope(|scope| {
        let failing = scope.spawn(|| {
            let mut number = number.lock().unwrap_or_else(PoisonError::into_inner);
            *number += 1;
            panic::resume_unwind(Box::new("on purpose"));
        });
        *number.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        assert!(failing.join().is_err());
    });
    assert!(number.is_poisoned());
    assert_eq!(*number.lock().unwrap_or_else(PoisonError::into_inner), 2);
}

/// The same, by one who has not thought of it.
fn unwraps() {
    let number = Mutex::new(0_u32);
    thread::scope(|scope| {
        let failing = scope.spawn(|| {
            let _number = number.lock().unwrap_or_else(PoisonError::into_inner);
            panic::resume_unwind(Box::new("on purpose"));
        });
        *number.lock().expect("the mutex is poisoned") += 1;
        assert!(failing.join().is_err());
    });
}

struct Spin(AtomicBool);

struct SpinGuard<'a>(&'a Spin);

impl Spin {
    fn lock(&self) -> SpinGuard<'_> {
        while self.0.swap(true, Acquire) {
            hint::spin_loop();
        }
        SpinGuard(self)
    }
}

impl Drop for SpinGuard<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Release);
    }
}

/// The holder panics between lock and unlock. With a guard the lock is given back; by hand it stays
/// taken, and what is reported is the panic that nobody will ever join.
#[expect(
    clippy::mem_forget,
    reason = "a lock that is given back by hand, or not at all"
)]
fn panics_inside(guarded: bool) {
    let (spin, number) = (Spin(AtomicBool::new(false)), Tracked::new(0_u32));
    thread::scope(|scope| {
        let failing = scope.spawn(|| {
            let guard = spin.lock();
            number.set(number.get() + 1);
            if !guarded {
                std::mem::forget(guard);
            }
            panic::resume_unwind(Box::new("on purpose"));
        });
        let guard = spin.lock();
        number.set(number.get() + 1);
        drop(guard);
        assert!(failing.join().is_err());
    });
    assert_eq!(number.get(), 2);
}

/// The destructor gives the lock back and writes afterwards.
#[expect(
    clippy::mem_forget,
    reason = "a lock that is given back by hand, or not at all"
)]
fn destructor_writes_too_late() {
    struct Late<'a>(&'a Spin, &'a Tracked<u32>);
    impl Drop for Late<'_> {
        fn drop(&mut self) {
            self.0.0.store(false, Release);
            self.1.set(self.1.get() + 1);
        }
    }
    let (spin, number) = (Spin(AtomicBool::new(false)), Tracked::new(0_u32));
    thread::scope(|scope| {
        let failing = scope.spawn(|| {
            std::mem::forget(spin.lock());
            let _late = Late(&spin, &number);
            panic::resume_unwind(Box::new("on purpose"));
        });
        let _guard = spin.lock();
        number.set(number.get() + 1);
        drop(_guard);
        assert!(failing.join().is_err());
    });
}

/// Nobody catches it, and it is the program's end.
fn uncaught() {
    let number = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            assert_eq!(number.load(Relaxed), 0, "read too late");
        });
        number.store(1, Relaxed);
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two unwind", two_unwind),
        right("caught", caught),
        right("poisoned", poisoned),
        right("a guard gives back", || panics_inside(true)),
        wrong(
            Order,
            "the destructor writes too late",
            Race,
            destructor_writes_too_late,
        ),
        wrong(Atomicity, "nobody catches it", Panic, uncaught),
        wrong(Logic, "unwraps a poisoned lock", Panic, unwraps),
        wrong(WakeUp, "locked by hand", Panic, || panics_inside(false)),
    ]
}
