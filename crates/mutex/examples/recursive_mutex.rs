//! `std::recursive_mutex` of the notes: a function that locks calls itself.
//!
//! ```text
//! cargo run -p mutex --example recursive_mutex
//! ```
//!
//! Each level has a guard of its own, and the mutex is free when the last one has gone. The payload is a
//! `Cell`, since several guards must not all give `&mut`. Often a recursive mutex only hides that a
//! function should have been two: one that locks, and one that expects the lock to be held.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::cell::Cell;

use mutex::{Mutex, ReentrantMutex};

/// n!, by a function that locks at each level.
fn factorial(product: &ReentrantMutex<Cell<u64>>, n: u64) {
    let level = product.lock();
    if n == 0 {
        println!("depth {}", product.depth() - 1);
        return;
    }
    level.set(level.get() * n);
    factorial(product, n - 1);
}

fn main() {
    let product = ReentrantMutex::new(Cell::new(1));
    factorial(&product, 4);
    println!("4! is {}", product.lock().get());
    println!("depth {} afterwards", product.depth());

    let plain = Mutex::new(());
    let _held = plain.lock();
    if plain.try_lock().is_none() {
        println!("with a plain mutex the second level would wait for itself");
    }
}
