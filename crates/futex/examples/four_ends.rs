//! A wait on a futex can end in four ways; here is each of them.
//!
//! ```text
//! cargo run -p futex --example four_ends
//! ```
//!
//! Whoever wants to be sure that somebody sleeps cannot ask the futex: the kernel knows, and
//! `/proc/self/task/TID/syscall` tells.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use nix::unistd::Pid;

#[path = "common/asleep.rs"]
mod asleep;
#[path = "common/handler.rs"]
mod handler;

fn main() -> Result<(), Box<dyn Error>> {
    let word = AtomicU32::new(7);

    println!(
        "expected 8, the word is 7:  {:?}",
        futex::wait(&word, 8, None)
    );

    let began = Instant::now();
    let time = Duration::from_millis(20);
    let ended = futex::wait(&word, 7, Some(time));
    println!(
        "nobody wakes for 20 ms:     {ended:?}, not early: {}",
        began.elapsed() >= time
    );

    handler::install()?;
    let ended = sleeper(&word, |thread| {
        // Again and again: the signal may come in just before it sleeps.
        handler::send(thread).is_ok()
    })?;
    println!("a signal is handled:        {ended:?}");

    let ended = sleeper(&word, |_| futex::wake(&word, 1) == 0)?;
    println!("another thread wakes it:    {ended:?}");
    println!("the word is still           {}", word.load(Relaxed));
    println!(
        "wake, and nobody sleeps:    {} woken",
        futex::wake(&word, 1)
    );
    Ok(())
}

/// How the wait of a thread ends that is disturbed, once it sleeps, for as long as `disturb` wants to
/// go on.
fn sleeper(word: &AtomicU32, disturb: impl Fn(Pid) -> bool) -> Result<futex::Wait, Box<dyn Error>> {
    thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        let waiter = scope.spawn(move || {
            tell.send(asleep::me()).ok();
            futex::wait(word, 7, None)
        });
        let thread = told.recv()?;
        asleep::until_in_futex(thread)?;
        while disturb(thread) && !waiter.is_finished() {
            thread::yield_now();
        }
        waiter.join().map_err(|_| "the waiter panicked".into())
    })
}
