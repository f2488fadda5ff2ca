//! A thread that reads, and reads again: fine alone, a deadlock as soon as a writer comes in between.
//!
//! ```text
//! cargo run -p rwlock --example recursive_read
//! ```
//!
//! A fair lock lets no reader in while a writer waits. The writer waits for the first of the two
//! guards, and the second waits for the writer. Here the second one is given a limit, so that the
//! program ends.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::thread;
use std::time::Duration;

use rwlock::RwLock;

fn main() {
    let lock = RwLock::new(0);
    let limit = Duration::from_millis(10);
    let shown = |got: bool| if got { "got in" } else { "would wait for ever" };

    let outer = lock.read();
    println!(
        "alone:                 the second read {}",
        shown(lock.read_timeout(limit).is_some())
    );
    thread::scope(|scope| {
        scope.spawn(|| *lock.write() += 1);
        // Attempts fail as soon as the writer waits.
        while lock.try_read().is_some() {
            thread::yield_now();
        }
        println!(
            "while a writer waits:  the second read {}",
            shown(lock.read_timeout(limit).is_some())
        );
        drop(outer);
    });
    println!(
        "written after the first guard was dropped: {}",
        *lock.read()
    );
}
