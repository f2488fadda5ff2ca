//! How often each mutex asks the kernel.
//!
//! ```text
//! cargo run -p mutex --example syscalls
//! ```
//!
//! The modules are compiled once more here, with a futex that counts its calls. With one thread the
//! three states never call; the first mutex of Drepper's wakes at each unlock. With two threads it
//! depends on the machine.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::Ordering::Relaxed;
use std::thread;

/// The futex, and a count of its calls.
mod futex {
    use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
    use std::time::Duration;

    pub(crate) static CALLS: AtomicU64 = AtomicU64::new(0);

    pub(crate) fn wait(word: &AtomicU32, expected: u32, time: Option<Duration>) -> ::futex::Wait {
        CALLS.fetch_add(1, Relaxed);
        ::futex::wait(word, expected, time)
    }

    pub(crate) fn wake(word: &AtomicU32, count: usize) -> usize {
        CALLS.fetch_add(1, Relaxed);
        ::futex::wake(word, count)
    }
}

#[path = "../src/counting.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod counting;
#[path = "../src/swapping.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod swapping;

use counting::Counting;
use swapping::Swapping;

const SECTIONS: u32 = 100_000;

fn main() {
    println!("futex calls of {SECTIONS} sections:");
    for (threads, who) in [(1, "one thread"), (2, "two threads")] {
        let lock = Swapping::new();
        let calls = calls(threads, || lock.lock(), || lock.unlock());
        row(&format!("{who}, three states"), calls);
        let lock = Counting::new();
        let calls = self::calls(threads, || lock.lock(), || lock.unlock());
        row(&format!("{who}, always wakes"), calls);
    }
}

fn row(what: &str, calls: u64) {
    println!("{what:<25} {calls:>8}");
}

fn calls(threads: u32, lock: impl Fn() + Sync, unlock: impl Fn() + Sync) -> u64 {
    let before = futex::CALLS.load(Relaxed);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..SECTIONS / threads {
                    lock();
                    unlock();
                }
            });
        }
    });
    futex::CALLS.load(Relaxed) - before
}
