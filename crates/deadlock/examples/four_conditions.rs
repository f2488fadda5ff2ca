//! Two threads on the brink of a deadlock, which the graph finds; and four versions of the same work,
//! of which each breaks one of the four necessary conditions.
//!
//! ```text
//! cargo run -p deadlock --example four_conditions
//! ```
//!
//! Two accounts, two transfers, one in each direction. At first each thread has one lock and wants the
//! other, which is busy. With `lock` both would sleep for ever, and the program with them; so they try,
//! keep what they have until the graph has been asked, and then give up.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

use deadlock::{Outcome, Rag, lock_all, try_lock_all};

const TIMES: i64 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    all_four()?;

    // No mutual exclusion: an addition that needs no lock.
    let accounts = [AtomicI64::new(0), AtomicI64::new(0)];
    both_ways(|from, to| {
        accounts[from].fetch_sub(1, Ordering::Relaxed);
        accounts[to].fetch_add(1, Ordering::Relaxed);
    });
    let sums = accounts.map(AtomicI64::into_inner);
    println!("no mutual exclusion (atomics):             {sums:?}");

    // No hold and wait: both locks or none.
    let accounts = [Mutex::new(0), Mutex::new(0)];
    both_ways(|from, to| {
        loop {
            if let Ok(Some(mut both)) = try_lock_all(&[&accounts[from], &accounts[to]]) {
                *both[0] -= 1;
                *both[1] += 1;
                return;
            }
            thread::yield_now();
        }
    });
    tell("no hold and wait (all or none):            ", &accounts);

    // Preemption: who cannot get the second lock gives up the first.
    let accounts = [Mutex::new(0), Mutex::new(0)];
    both_ways(|from, to| {
        loop {
            let mut first = lock(&accounts[from]);
            match accounts[to].try_lock() {
                Ok(mut second) => {
                    *first -= 1;
                    *second += 1;
                    return;
                }
                Err(_) => drop(first),
            }
            thread::yield_now();
        }
    });
    tell("preemption (the first lock is given up):   ", &accounts);

    // No circular wait: all in one order.
    let accounts = [Mutex::new(0), Mutex::new(0)];
    both_ways(|from, to| {
        if let Ok(mut both) = lock_all(&[&accounts[from], &accounts[to]]) {
            *both[0] -= 1;
            *both[1] += 1;
        }
    });
    tell("no circular wait (in order of addresses):  ", &accounts);
    Ok(())
}

/// Each of two threads locks its own mutex, then tries the other's; a graph is told of all of it, and
/// asked while both have one and want the other.
fn all_four() -> Result<(), Box<dyn Error>> {
    let (mutexes, both_hold) = ([Mutex::new(()), Mutex::new(())], Barrier::new(2));
    // The third is the one that asks the graph.
    let (both_want, graph_was_asked) = (Barrier::new(3), Barrier::new(3));
    let rag = Mutex::new(Rag::new(2, &[1, 1]));
    let (as_expected, cycle, deadlocked) = thread::scope(|scope| {
        let threads = [0, 1].map(|me: usize| {
            let (mutexes, rag) = (&mutexes, &rag);
            let (both_hold, both_want) = (&both_hold, &both_want);
            let graph_was_asked = &graph_was_asked;
            scope.spawn(move || {
                let mine = lock(&mutexes[me]);
                let held = lock(rag).request(me, me, 1);
                both_hold.wait();
                let blocked = lock(rag).request(me, 1 - me, 1) == Ok(Outcome::Blocked);
                // `lock` would sleep for ever here.
                let busy = matches!(mutexes[1 - me].try_lock(), Err(TryLockError::WouldBlock));
                both_want.wait();
                graph_was_asked.wait();
                drop(mine);
                held == Ok(Outcome::Granted) && blocked && busy
            })
        });
        both_want.wait();
        let (cycle, deadlocked) = {
            let rag = lock(&rag);
            (rag.cycle(), rag.deadlocked())
        };
        graph_was_asked.wait();
        let ended = threads.map(|thread| thread.join().is_ok_and(|as_expected| as_expected));
        (ended == [true, true], cycle, deadlocked)
    });
    if !as_expected {
        return Err("the two threads did not meet as they should".into());
    }
    println!("all four conditions: cycle {cycle:?}");
    println!("                     deadlocked {deadlocked:?}");
    Ok(())
}

/// Two threads, which transfer in opposite directions.
fn both_ways(transfer: impl Fn(usize, usize) + Sync) {
    thread::scope(|scope| {
        for (from, to) in [(0, 1), (1, 0)] {
            let transfer = &transfer;
            scope.spawn(move || {
                for _ in 0..TIMES {
                    transfer(from, to);
                }
            });
        }
    });
}

fn tell(what: &str, accounts: &[Mutex<i64>]) {
    let sums: Vec<i64> = accounts.iter().map(|account| *lock(account)).collect();
    println!("{what}{sums:?}");
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
