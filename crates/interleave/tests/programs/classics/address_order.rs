//! Two accounts, a mutex each: a transfer takes both, the one at the lower address first.

use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::world::Tracked;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// Right: the first by `lock`, the second by `try_lock`, and back to the start if it is taken.
    BacksOff,
    /// Two transfers in opposite directions each hold what the other needs.
    ByArgument,
    /// The balance changes between the look and the withdrawal.
    LooksFirst,
    /// Reads a balance without its mutex.
    LooksUnlocked,
}

struct Account {
    mutex: Mutex<()>,
    balance: Tracked<u32>,
}

fn account(balance: u32) -> Account {
    Account {
        mutex: Mutex::new(()),
        balance: Tracked::new(balance),
    }
}

fn locked(account: &Account) -> MutexGuard<'_, ()> {
    account.mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn both<'a>(flaw: Flaw, from: &'a Account, to: &'a Account) -> [MutexGuard<'a, ()>; 2] {
    match flaw {
        Flaw::ByArgument => [locked(from), locked(to)],
        Flaw::BacksOff => loop {
            let first = locked(from);
            if let Ok(second) = to.mutex.try_lock() {
                return [first, second];
            }
            drop(first);
            thread::yield_now();
        },
        _ if ptr::from_ref(from) < ptr::from_ref(to) => [locked(from), locked(to)],
        _ => {
            let second = locked(to);
            [locked(from), second]
        }
    }
}

fn transfer(flaw: Flaw, from: &Account, to: &Account, amount: u32) {
    if flaw == Flaw::LooksUnlocked && from.balance.get() < amount {
        return;
    }
    if flaw == Flaw::LooksFirst {
        let guard = locked(from);
        let enough = from.balance.get() >= amount;
        drop(guard);
        if !enough {
            return;
        }
    }
    let _guards = both(flaw, from, to);
    let left = from.balance.get().checked_sub(amount);
    assert!(left.is_some() || flaw != Flaw::LooksFirst, "overdrawn");
    if let Some(left) = left {
        from.balance.set(left);
        to.balance.set(to.balance.get() + amount);
    }
}

fn to_and_fro(flaw: Flaw) {
    let (a, b) = (Box::new(account(3)), Box::new(account(3)));
    thread::scope(|scope| {
        scope.spawn(|| transfer(flaw, &a, &b, 2));
        transfer(flaw, &b, &a, 1);
    });
    assert_eq!((a.balance.get(), b.balance.get()), (2, 4));
}

fn twice_the_same(flaw: Flaw) {
    let (a, b) = (account(3), account(0));
    thread::scope(|scope| {
        scope.spawn(|| transfer(flaw, &a, &b, 2));
        transfer(flaw, &a, &b, 2);
    });
    assert_eq!((a.balance.get(), b.balance.get()), (1, 2));
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("to and fro", || to_and_fro(Flaw::None)),
        right("twice the same", || twice_the_same(Flaw::None)),
        right("backs off", || to_and_fro(Flaw::BacksOff)),
        wrong(Order, "by argument", Stuck, || to_and_fro(Flaw::ByArgument)),
        wrong(Atomicity, "looks first", Panic, || {
            twice_the_same(Flaw::LooksFirst);
        }),
        wrong(Logic, "looks without the mutex", Race, || {
            twice_the_same(Flaw::LooksUnlocked);
        }),
    ]
}
