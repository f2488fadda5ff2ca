//! What if somebody does not come? Drop out, or break it.
//!
//! ```text
//! cargo run -p barrier --example out
//! ```
//!
//! A thread that ends early says so by `arrive_and_drop`, and the rest are one fewer. If it has not
//! said so, a limit is the only help; and then *all* must know that the round will never be complete.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::thread;
use std::time::Duration;

use barrier::Barrier;

fn main() {
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        scope.spawn(|| barrier.arrive_and_drop());
        for _ in 0..2 {
            scope.spawn(|| {
                for round in 1..=3 {
                    let ended = barrier.wait();
                    assert!(ended.is_ok(), "round {round}");
                }
            });
        }
    });
    println!("one of three dropped out: the others met 3 times");

    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        let patient = scope.spawn(|| barrier.wait());
        let late = barrier.wait_timeout(Duration::from_millis(10));
        println!("one of three never came: with a limit    {late:?}");
        if let Ok(ended) = patient.join() {
            println!("                         without a limit {ended:?}");
        }
    });
    println!(
        "and for whoever comes later:             {:?}",
        barrier.wait()
    );
}
