//! `std::shared_timed_mutex`: give up after a while, and keep nobody out.
//!
//! ```text
//! cargo run -p rwlock --example shared_timed_mutex
//! ```
//!
//! A writer that waits keeps new readers out. If it gives up, those who have waited because of it
//! must be let in, which is easily forgotten.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::time::Duration;

use rwlock::RwLock;

fn main() {
    let lock = RwLock::new(0);
    let limit = Duration::from_millis(10);
    let shown = |got: bool| if got { "got in" } else { "gave up" };

    let reader = lock.read();
    println!(
        "while one reads, another reader {}",
        shown(lock.read_timeout(limit).is_some())
    );
    println!(
        "                 a writer       {}",
        shown(lock.write_timeout(limit).is_some())
    );
    println!(
        "and after that,  a reader       {}",
        shown(lock.read_timeout(limit).is_some())
    );
    drop(reader);
    let writer = lock.write();
    println!(
        "while one writes, a reader      {}",
        shown(lock.read_timeout(limit).is_some())
    );
    drop(writer);
}
