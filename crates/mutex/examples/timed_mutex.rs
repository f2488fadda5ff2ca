//! `std::timed_mutex` of the notes: give up after a while.
//!
//! ```text
//! cargo run -p mutex --example timed_mutex
//! ```
//!
//! `try_lock_for` in C++ is `lock_timeout` here. Whoever gets nothing gets no guard, so there is nothing
//! that it could unlock by mistake.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::thread;
use std::time::{Duration, Instant};

use mutex::Mutex;

fn main() {
    let account = Mutex::new(100);
    let held = account.lock();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (began, time) = (Instant::now(), Duration::from_millis(10));
            let late = account.lock_timeout(time).is_none();
            let answer = if late && began.elapsed() >= time {
                "too late"
            } else {
                "?"
            };
            println!("held, asked for 10 ms: {answer}");
        });
    });
    thread::scope(|scope| {
        scope.spawn(|| {
            let got_it = account.lock_timeout(Duration::ZERO).is_some();
            println!("held, asked at once: {}", if got_it { "yes" } else { "no" });
        });
    });
    drop(held);
    if let Some(mut balance) = account.lock_timeout(Duration::from_millis(10)) {
        *balance -= 30;
        println!("free: got it, and {} are left", *balance);
    }
}
