//! The notes' four threads and three units.
//!
//! ```text
//! cargo run -p thread-semaphore --example counting_semaphore
//! ```
//!
//! In `std::counting_semaphore<3> sem(3)` it is the *second* 3 that lets three in; the first one is how
//! many must fit at least. Instead of sleeping for a second, each thread stays inside until three are
//! there, so that one can see it: the fourth is not among them.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

use thread_semaphore::Semaphore;

static INSIDE: AtomicU32 = AtomicU32::new(0);
static CAME: AtomicU32 = AtomicU32::new(0);

fn main() {
    let sem = Semaphore::new(3);
    thread::scope(|scope| {
        for id in 1..=4 {
            let sem = &sem;
            scope.spawn(move || access_resource(id, sem));
        }
    });
}

fn access_resource(id: u32, sem: &Semaphore) {
    let Ok(_unit) = sem.acquire(1) else { return };
    let inside = INSIDE.fetch_add(1, SeqCst) + 1;
    println!("Thread {id} is accessing resource, {inside} inside.");
    CAME.fetch_add(1, SeqCst);
    while CAME.load(SeqCst) < 3 {
        thread::yield_now();
    }
    INSIDE.fetch_sub(1, SeqCst);
    // The unit goes back by itself.
}
