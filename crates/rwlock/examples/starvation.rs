//! Readers that relay each other, and a writer that waits: with reader preference, and in phases.
//!
//! ```text
//! cargo run -p rwlock --example starvation
//! ```
//!
//! Two threads read in turn, and each leaves only when the other one is inside; so there is always a
//! reader. With reader preference the writer waits until the relay is given up, after a thousand.
//! With phases the relay itself stumbles: the next reader has to wait for the writer, so the one that
//! is inside would wait for ever. It gives up waiting when it sees that, and the writer gets in.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::thread;

use rwlock::{RwLock, stages::reader_preference};

/// Readers before the relay is given up.
const ENOUGH: u32 = 1000;

/// What happens in a relay.
struct Relay {
    /// Readers before it is given up.
    limit: u32,
    /// Readers that have got in.
    came: AtomicU32,
    wrote: AtomicBool,
}

impl Relay {
    fn of(limit: u32) -> Self {
        Relay {
            limit,
            came: AtomicU32::new(0),
            wrote: AtomicBool::new(false),
        }
    }

    /// Inside: stays until the next reader has come, or may not.
    fn hand_over(&self, kept_out: impl Fn() -> bool) {
        let me = self.came.fetch_add(1, SeqCst) + 1;
        while self.came.load(SeqCst) == me && !self.is_over() && !kept_out() {
            thread::yield_now();
        }
    }

    fn is_over(&self) -> bool {
        self.wrote.load(SeqCst) || self.came.load(SeqCst) >= self.limit
    }
}

fn main() {
    let (lock, relay) = (reader_preference::RwLock::default(), Relay::of(ENOUGH));
    let before = run(
        &relay,
        || lock.read(|| relay.hand_over(|| false)),
        |wrote| lock.write(wrote),
    );
    println!(
        "reader preference: the writer waited for {before} readers, until the relay was given up"
    );

    let (lock, relay) = (RwLock::new(()), Relay::of(u32::MAX));
    let before = run(
        &relay,
        || {
            let _guard = lock.read();
            // An attempt that fails: somebody waits to write.
            relay.hand_over(|| lock.try_read().is_none());
        },
        |wrote| {
            let _guard = lock.write();
            wrote();
        },
    );
    println!("phases:            the relay stumbled after {before} readers, and the writer wrote");
}

/// How many readers got in between the writer's question and its turn.
fn run(relay: &Relay, read: impl Fn() + Sync, write: impl FnOnce(&dyn Fn()) + Send) -> u32 {
    let (asked, got_in) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !relay.is_over() {
                    read();
                }
            });
        }
        while relay.came.load(SeqCst) < 10 {
            thread::yield_now();
        }
        asked.store(relay.came.load(SeqCst), SeqCst);
        write(&|| {
            got_in.store(relay.came.load(SeqCst), SeqCst);
            relay.wrote.store(true, SeqCst);
        });
    });
    got_in.load(SeqCst) - asked.load(SeqCst)
}
