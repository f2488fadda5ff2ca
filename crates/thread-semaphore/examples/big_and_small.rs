//! Somebody who wants four units, and a stream of others who want one.
//!
//! ```text
//! cargo run -p thread-semaphore --example big_and_small
//! ```
//!
//! If whoever finds enough may take it, four units are hardly ever free at once while small requests
//! keep coming. In a queue, those who come later wait behind the big one, though there is a unit for
//! them; that is the price.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

use thread_semaphore::Semaphore;

fn main() {
    let semaphore = Semaphore::new(4);
    let after = AtomicU32::new(0);
    let held = semaphore.acquire(1);
    thread::scope(|scope| {
        let big = scope.spawn(|| {
            let got = semaphore.acquire(4);
            println!(
                "the big one has its 4 units; small ones served since it asked: {}",
                after.load(SeqCst)
            );
            drop(got);
        });
        // As soon as it waits, an attempt fails though three units are free.
        while semaphore.try_acquire(1).is_some() {
            thread::yield_now();
        }
        println!(
            "the big one waits: {} units are free, and none is given out",
            semaphore.available()
        );
        let small = scope.spawn(|| {
            let got = semaphore.acquire(1);
            after.fetch_add(1, SeqCst);
            drop(got);
        });
        drop(held);
        big.join().ok();
        small.join().ok();
    });
    println!(
        "and then the small one had its turn: {}",
        after.load(SeqCst)
    );
}
