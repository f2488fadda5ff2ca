//! The notes' thread that waits until another one says that it is ready.
//!
//! ```text
//! cargo run -p condvar --example print_message
//! ```
//!
//! It does not matter which of the two is first. If `ready` is set before anybody waits, the
//! notification is lost and nobody needs it: the waiter looks at `ready` first. C++'s `wait` takes the
//! condition to wait *for*, Rust's `wait_while` the one to wait *out*.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::thread;

use condvar::{Condvar, Mutex};

static READY: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn main() {
    let waits = thread::spawn(print_message);
    let sets = thread::spawn(set_ready);
    waits.join().ok();
    sets.join().ok();
}

fn print_message() {
    let ready = CHANGED.wait_while(READY.lock(), |ready| !*ready);
    println!("Thread is notified! ready is {}", *ready);
}

fn set_ready() {
    let mut ready = READY.lock();
    *ready = true;
    CHANGED.notify_one();
}
