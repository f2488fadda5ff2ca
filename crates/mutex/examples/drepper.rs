//! The mutexes of *Futexes Are Tricky*, and what goes wrong between them, found by the model checker.
//!
//! ```text
//! cargo run -p mutex --example drepper
//! ```
//!
//! The first one is correct, but for a word that overflows after 2³² attempts. The obvious repair, three
//! states, loses a wake-up if whoever was woken takes the mutex as if nobody else slept: the checker
//! shows how. The second and the third one are right.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

/// The model's futex in the place of the real one.
mod futex {
    pub(crate) use std::futex::*;
}

#[path = "../src/counting.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod counting;
#[path = "../src/swapping.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod swapping;
#[path = "../src/three_states.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod three_states;

use std::model::{Model, Report, Tracked};
use std::sync::atomic::{AtomicU32, Ordering::*};
use std::thread;

use counting::Counting;
use swapping::Swapping;
use three_states::ThreeStates;

fn main() {
    println!(
        "1. counting: {}",
        check(Counting::new, Counting::lock, Counting::unlock)
    );
    println!("\n1. counting, after 2^32 attempts: {}", overflowed());
    println!(
        "\nbetween 1 and 2, woken takes 1: {}",
        check(|| AtomicU32::new(0), lock_as_one, unlock)
    );
    println!(
        "\n2. three states: {}",
        check(ThreeStates::new, ThreeStates::lock, ThreeStates::unlock)
    );
    println!(
        "3. swapping: {}",
        check(Swapping::new, Swapping::lock, Swapping::unlock)
    );
}

/// Three threads, each once through the lock.
fn check<L: Sync + 'static>(new: impl Fn() -> L + 'static, lock: fn(&L), unlock: fn(&L)) -> Report {
    Model::new().check(move || {
        let (word, sum) = (new(), Tracked::new(0));
        let (word, sum) = (&word, &sum);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(move || {
                    lock(word);
                    sum.set(sum.get() + 1);
                    unlock(word);
                });
            }
        });
    })
}

/// The right idea, and a mistake: it sleeps on 2, and takes the lock as 1 whoever else sleeps.
fn lock_as_one(word: &AtomicU32) {
    while word.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
        if word.swap(2, Acquire) == 0 {
            word.store(1, Relaxed);
            return;
        }
        std::futex::wait(word, 2, None);
    }
}

fn unlock(word: &AtomicU32) {
    if word.swap(0, Release) == 2 {
        std::futex::wake(word, 1);
    }
}

/// Somebody is inside, and 2³² − 1 attempts were made since.
fn overflowed() -> Report {
    Model::new().check(|| {
        let (lock, data) = (Counting::after(u32::MAX), Tracked::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                lock.lock();
                data.set(1);
                lock.unlock();
            });
            scope.spawn(|| {
                lock.lock();
                data.set(2);
                lock.unlock();
            });
            data.set(3);
            lock.unlock();
        });
    })
}
