//! A condition variable on a futex: a number that every notification changes.

use std::sync::atomic::{AtomicU32, Ordering::*};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::world::{Tracked, futex};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Looks at the number when the mutex is free again: a notification in between is missed.
    LooksTooLate,
    /// Wakes without changing the number: who is about to sleep sleeps.
    DoesNotCount,
    /// Wakes one of two.
    WakesOne,
    /// The waiter takes every return for a notification.
    IfForWhile,
    /// The condition changes without the mutex: between the waiter's look and its sleep.
    ChangesUnlocked,
    /// The number is changed before the condition is.
    NotifiesFirst,
    /// Gives the mutex back while it still decides.
    DecidesUnlocked,
}

struct Condition(AtomicU32, Flaw);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Condition {
    fn wait<'a, T>(&self, mutex: &'a Mutex<T>, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let Condition(number, flaw) = self;
        let mut seen = number.load(Relaxed);
        drop(guard);
        if *flaw == Flaw::LooksTooLate {
            seen = number.load(Relaxed);
        }
        futex::wait(number, seen);
        locked(mutex)
    }

    fn notify(&self, sleepers: u32) {
        let Condition(number, flaw) = self;
        if *flaw != Flaw::DoesNotCount {
            number.fetch_add(1, Relaxed);
        }
        futex::wake(number, sleepers);
    }
}

/// Waiters sleep until the flag is up; then everyone reads the number.
fn flag(flaw: Flaw, waiters: usize) {
    let (mutex, condition) = (Mutex::new(false), Condition(AtomicU32::new(0), flaw));
    let number = Tracked::new(0);
    let wait = || {
        let mut ready = locked(&mutex);
        if flaw == Flaw::IfForWhile {
            if !*ready {
                ready = condition.wait(&mutex, ready);
            }
        } else {
            while !*ready {
                ready = condition.wait(&mutex, ready);
            }
        }
        drop(ready);
        assert_eq!(number.get(), 7);
    };
    thread::scope(|scope| {
        for _ in 0..waiters {
            scope.spawn(wait);
        }
        number.set(7);
        if flaw == Flaw::NotifiesFirst {
            condition.notify(u32::MAX);
        }
        *locked(&mutex) = true;
        if flaw != Flaw::NotifiesFirst {
            condition.notify(if flaw == Flaw::WakesOne { 1 } else { u32::MAX });
        }
    });
}

/// The condition is an atomic that changes without the mutex.
fn unlocked_change() {
    let (mutex, condition) = (
        Mutex::new(()),
        Condition(AtomicU32::new(0), Flaw::ChangesUnlocked),
    );
    let ready = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = locked(&mutex);
            while ready.load(Acquire) == 0 {
                guard = condition.wait(&mutex, guard);
            }
        });
        ready.store(1, Release);
        condition.notify(1);
    });
}

/// Two consumers, two items: each looks, gives the mutex back, and takes what may be gone.
fn take_items(decides_unlocked: bool) {
    let flaw = if decides_unlocked {
        Flaw::DecidesUnlocked
    } else {
        Flaw::None
    };
    let (items, condition) = (Mutex::new(0_u32), Condition(AtomicU32::new(0), flaw));
    let take = || {
        let mut left = locked(&items);
        while *left == 0 {
            left = condition.wait(&items, left);
        }
        if decides_unlocked {
            drop(left);
            left = locked(&items);
        }
        assert!(*left > 0, "there is nothing left to take");
        *left -= 1;
    };
    thread::scope(|scope| {
        scope.spawn(take);
        scope.spawn(take);
        for _ in 0..2 {
            *locked(&items) += 1;
            condition.notify(1);
        }
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("one waiter", || flag(Flaw::None, 1)),
        right("two waiters", || flag(Flaw::None, 2)),
        right("two consumers", || take_items(false)),
        wrong(Atomicity, "decides unlocked", Panic, || take_items(true)),
        wrong(
            Atomicity,
            "changes without the mutex",
            Stuck,
            unlocked_change,
        ),
        wrong(Order, "notifies before the change", Stuck, || {
            flag(Flaw::NotifiesFirst, 1);
        }),
        wrong(Logic, "if for while", Race, || flag(Flaw::IfForWhile, 1)),
        wrong(WakeUp, "looks too late", Stuck, || {
            flag(Flaw::LooksTooLate, 1);
        }),
        wrong(WakeUp, "does not count", Stuck, || {
            flag(Flaw::DoesNotCount, 1);
        }),
        wrong(WakeUp, "wakes one of two", Stuck, || {
            flag(Flaw::WakesOne, 2);
        }),
    ]
}
