//! What waiting costs the others: read-modify-writes and turns for each of the three locks.
//!
//! ```text
//! cargo run -p spinlock --example traffic
//! ```
//!
//! The locks are executed by the model checker, in which a thread's operations can be counted: one
//! thread owns the lock for a hundred turns, the others wait. Each turn is a load and a spin hint, or, with
//! test-and-set, a read-modify-write and a hint. A read-modify-write takes the cache line away from
//! everybody else; a load shares it.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[path = "../src/spinlock.rs"]
#[allow(dead_code, unreachable_pub, reason = "only some of it is used here")]
mod spinlock;

use std::cell::Cell;
use std::model::{Model, counts};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use spinlock::{RawLock, Spin, Tas, Ticket, Ttas};

const TURNS: u32 = 100;

fn main() {
    println!("lock     threads  waiters  most read-modify-writes  most hints   of one acquisition");
    for threads in 1..=4 {
        row::<Tas>("Tas", threads);
        row::<Ttas>("Ttas", threads);
        row::<Ticket>("Ticket", threads);
    }
}

fn row<L: RawLock + Send + 'static>(name: &str, threads: u32) {
    let found = Model::new()
        .budget(0)
        .free_choice(false)
        .outcomes(move || most::<L>(threads));
    for (updates, hints) in found {
        println!(
            "{name:<6} {threads:>3} {:>6} {updates:>8} {hints:>8}",
            threads - 1
        );
    }
}

/// The most that one of the threads did for one acquisition.
fn most<L: RawLock + Send>(threads: u32) -> (u64, u64) {
    let spin: Spin<L, ()> = Spin::new(());
    let acquire = || {
        let before = counts();
        let guard = spin.lock();
        let after = counts();
        let cost = (
            after.updates - before.updates,
            after.spin_hints - before.spin_hints,
        );
        (guard, cost)
    };
    let (guard, own) = acquire();
    thread::scope(|scope| {
        let waiters: Vec<_> = (1..threads).map(|_| scope.spawn(|| acquire().1)).collect();
        let nothing = AtomicU32::new(0);
        for _ in 0..TURNS {
            nothing.load(Relaxed);
            thread::yield_now();
        }
        drop(guard);
        let most = Cell::new(own);
        for waiter in waiters {
            if let Ok((updates, hints)) = waiter.join() {
                let (most_updates, most_hints) = most.get();
                most.set((most_updates.max(updates), most_hints.max(hints)));
            }
        }
        most.get()
    })
}
