//! The spin lock of the notes, `std::atomic_flag` in C++, as it is written in Rust.
//!
//! ```text
//! cargo run -p spinlock --example notes
//! ```
//!
//! ```cpp
//! std::atomic_flag flag = ATOMIC_FLAG_INIT;        // not needed since C++20: {} will do
//! void lock()   { while (flag.test_and_set(std::memory_order_acquire)) { } }
//! void unlock() { flag.clear(std::memory_order_release); }
//! ```
//!
//! It is correct. What it lacks is courtesy: it writes in every turn, and has neither a hint nor a
//! yield in it (see `traffic` and `one_cpu`).

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

/// `atomic_flag` is the one atomic that C++ promises to be lock-free; `AtomicBool` is its like.
struct Spinlock {
    flag: AtomicBool,
}

impl Spinlock {
    const fn new() -> Self {
        Spinlock {
            flag: AtomicBool::new(false),
        }
    }

    fn lock(&self) {
        while self.flag.swap(true, Ordering::Acquire) {
            // Turns round and round.
        }
    }

    fn unlock(&self) {
        self.flag.store(false, Ordering::Release);
    }
}

fn main() {
    let lock = Spinlock::new();
    // A load and a store: not one addition, unless the lock makes it one.
    let sum = AtomicU32::new(0);
    let add = || {
        let mine = Cell::new(0);
        for _ in 0..100_000 {
            lock.lock();
            sum.store(sum.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
            mine.set(mine.get() + 1);
            lock.unlock();
        }
        mine.get()
    };
    let done: u32 = thread::scope(|scope| {
        let threads = [scope.spawn(add), scope.spawn(add)];
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .sum()
    });
    println!(
        "{} of {done} additions are there",
        sum.load(Ordering::Relaxed)
    );
}
