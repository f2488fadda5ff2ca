//! The notes' three threads and one barrier, and where `std::barrier`'s completion function goes.
//!
//! ```text
//! cargo run -p barrier --example phase_work
//! ```
//!
//! All three lines about phase 1 come before the first one about phase 2, in whatever order. What C++
//! would have done by a completion function, the leader does.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::thread;

use barrier::{Barrier, Turn};

fn main() {
    let sync_point = Barrier::new(3);
    thread::scope(|scope| {
        for id in 1..=3 {
            let sync_point = &sync_point;
            scope.spawn(move || phase_work(id, sync_point));
        }
    });
}

fn phase_work(id: u32, sync_point: &Barrier) {
    println!("Thread {id} completed phase 1.");
    if sync_point.wait() == Ok(Turn::Leader) {
        println!("all are here");
    }
    // Nobody starts before the leader is done.
    sync_point.wait().ok();
    println!("Thread {id} started phase 2.");
}
