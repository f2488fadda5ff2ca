//! A latch is a barrier for once: those who count down need not be those who wait.
//!
//! ```text
//! cargo run -p barrier --example latch
//! ```
//!
//! C++ has `std::latch` beside `std::barrier`. Here workers say that they are ready, by
//! `arrive_and_drop`, and go on at once; whoever waits goes on when the last of them has.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use barrier::Barrier;

fn main() {
    const WORKERS: usize = 4;
    let ready = AtomicU32::new(0);
    let latch = Barrier::new(WORKERS + 1);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                ready.fetch_add(1, Relaxed);
                latch.arrive_and_drop();
                // It goes on with something else here.
            });
        }
        latch.wait().ok();
        println!("{} of {WORKERS} are ready", ready.load(Relaxed));
    });
}
