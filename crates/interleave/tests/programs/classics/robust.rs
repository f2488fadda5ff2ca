//! The robust lock: its owner may die, and the next one hears of it and repairs what was left half done.
//!
//! The kernel helps: it knows the words that a dying thread owns, and the one that it was about to take or leave.
//! On real threads nobody dies here.

use std::sync::atomic::{AtomicU32, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;
use crate::world::{Tracked, futex, may_die};

use futex::robust::{self, OWNER, OWNER_DIED, WAITERS};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedTake,
    RelaxedUnlock,
    /// Two threads find it free, and each writes its number.
    TakesInTwoSteps,
    /// The kernel does not hear of the word at all.
    NotListed,
    /// Dies between taking it and listing it.
    NotPendingAtLock,
    /// Dies between freeing it and waking.
    NotPendingAtUnlock,
    /// Takes the mark of death for an owner.
    IgnoresDeath,
    /// A woken thread forgets that others may sleep, too.
    ForgetsWaiters,
    /// Goes on with what is half done.
    DoesNotRepair,
}

struct Robust(AtomicU32, Flaw);

impl Robust {
    /// Says whether the last owner has died.
    fn lock(&self) -> bool {
        let Robust(word, flaw) = self;
        if !matches!(flaw, Flaw::NotListed | Flaw::NotPendingAtLock) {
            robust::set_pending(Some(word));
        }
        let me = futex::thread_id();
        let mut others = 0;
        let died = loop {
            let now = word.load(Relaxed);
            let taken = now & OWNER != 0 || *flaw == Flaw::IgnoresDeath && now & OWNER_DIED != 0;
            if !taken {
                let kept = if *flaw == Flaw::ForgetsWaiters {
                    0
                } else {
                    now & WAITERS | others
                };
                if *flaw == Flaw::TakesInTwoSteps {
                    word.load(Acquire);
                    word.store(me | kept, Relaxed);
                    break now & OWNER_DIED != 0;
                }
                let order = unless(*flaw == Flaw::RelaxedTake, Acquire);
                if word
                    .compare_exchange(now, me | kept, order, Relaxed)
                    .is_ok()
                {
                    break now & OWNER_DIED != 0;
                }
                continue;
            }
            let marked = now | WAITERS;
            if now == marked || word.compare_exchange(now, marked, Relaxed, Relaxed).is_ok() {
                futex::wait(word, marked);
                others = WAITERS;
            }
        };
        if *flaw != Flaw::NotListed {
            robust::add(word);
            robust::set_pending(None);
        }
        died
    }

    fn unlock(&self) {
        let Robust(word, flaw) = self;
        if *flaw != Flaw::NotPendingAtUnlock {
            robust::set_pending(Some(word));
        }
        robust::remove(word);
        if word.swap(0, unless(*flaw == Flaw::RelaxedUnlock, Release)) & WAITERS != 0 {
            futex::wake(word, 1);
        }
        robust::set_pending(None);
    }
}

/// Two numbers that are equal whenever nobody is inside. Each thread adds one to both; those that may die, may die
/// in between.
fn pairs(flaw: Flaw, mortal: &[bool]) {
    let lock = Robust(AtomicU32::new(0), flaw);
    let (one, other) = (Tracked::new(0_u32), Tracked::new(0_u32));
    let add = |mortal: bool| {
        if mortal {
            may_die();
        }
        if lock.lock() && flaw != Flaw::DoesNotRepair {
            other.set(one.get());
        }
        assert_eq!(one.get(), other.get(), "half an addition");
        one.set(one.get() + 1);
        // A place at which it may die.
        lock.0.load(Relaxed);
        other.set(other.get() + 1);
        lock.unlock();
    };
    thread::scope(|scope| {
        let add = &add;
        for &mortal in mortal {
            scope.spawn(move || add(mortal));
        }
        add(false);
    });
    // Whoever died last has left it to the next one.
    add(false);
    assert_eq!(one.get(), other.get());
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("one may die", || pairs(Flaw::None, &[true])),
        right("two may die", || pairs(Flaw::None, &[true, true])).to(2),
        wrong(Order, "relaxed take", Race, || {
            pairs(Flaw::RelaxedTake, &[false]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            pairs(Flaw::RelaxedUnlock, &[false]);
        }),
        wrong(Atomicity, "takes in two steps", Race, || {
            pairs(Flaw::TakesInTwoSteps, &[false]);
        }),
        wrong(Logic, "does not repair", Panic, || {
            pairs(Flaw::DoesNotRepair, &[true]);
        }),
        wrong(WakeUp, "not listed", Stuck, || {
            pairs(Flaw::NotListed, &[true]);
        }),
        wrong(WakeUp, "not pending at lock", Stuck, || {
            pairs(Flaw::NotPendingAtLock, &[true]);
        }),
        wrong(WakeUp, "not pending at unlock", Stuck, || {
            pairs(Flaw::NotPendingAtUnlock, &[true]);
        }),
        wrong(WakeUp, "ignores death", Stuck, || {
            pairs(Flaw::IgnoresDeath, &[true]);
        }),
        wrong(WakeUp, "forgets waiters", Stuck, || {
            pairs(Flaw::ForgetsWaiters, &[false, false]);
        }),
    ]
}
