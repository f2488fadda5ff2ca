//! One condition variable for two conditions: a wake-up reaches the wrong side.
//!
//! ```text
//! cargo run -p condvar --example wrong_side
//! ```
//!
//! A queue for one item, two that push, two that pop, and one condition variable for "there is room"
//! and "there is something". A pusher's `notify_one` may wake the other pusher, who finds no room and
//! sleeps again; the one who could have popped sleeps on. Either `notify_all`, or a condition variable
//! for each condition.

#![expect(clippy::unwrap_used, reason = "nobody panics with the lock held")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::model::Model;
use std::sync::{Condvar, Mutex};
use std::thread;

/// Waits until there is an item, or is none, and changes that.
fn flip(full: &Mutex<bool>, changed: &Condvar, to: bool, all: bool) {
    let mut guard = full.lock().unwrap();
    while *guard == to {
        guard = changed.wait(guard).unwrap();
    }
    *guard = to;
    match all {
        true => changed.notify_all(),
        false => changed.notify_one(),
    }
}

fn main() {
    for (name, all) in [("notify_one", false), ("notify_all", true)] {
        let report = Model::new().check(move || {
            let (full, changed) = (Mutex::new(false), Condvar::new());
            thread::scope(|scope| {
                for to in [false, false, true, true] {
                    let (full, changed) = (&full, &changed);
                    scope.spawn(move || flip(full, changed, to, all));
                }
            });
        });
        println!("{name}: {report}\n");
    }
}
