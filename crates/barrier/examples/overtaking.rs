//! A barrier without a generation, and how a fast thread leaves a slow one behind.
//!
//! ```text
//! cargo run -p barrier --example overtaking
//! ```
//!
//! Both wrong barriers work for one round. The model checker finds an execution of two rounds in which
//! they do not, and prints it. The first resets its count when the last thread has come; a slow one, which still
//! waits for the count to be full, sees the next round's. The second opens a turnstile as many
//! times as there are threads; a fast one comes round and goes through in the place of a slow one.

#![expect(clippy::unwrap_used, reason = "nobody panics with the lock held")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::model::Model;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Condvar, Mutex};
use std::{hint, thread};

const THREADS: u32 = 2;

/// Waits for the count to be full.
struct Counting {
    arrived: AtomicU32,
}

impl Counting {
    fn wait(&self) {
        if self.arrived.fetch_add(1, SeqCst) + 1 == THREADS {
            self.arrived.store(0, SeqCst);
            return;
        }
        while self.arrived.load(SeqCst) != 0 {
            hint::spin_loop();
        }
    }
}

/// One turnstile: a semaphore that the last one raises for everybody.
struct Turnstile {
    arrived: AtomicU32,
    tickets: Mutex<u32>,
    risen: Condvar,
}

impl Turnstile {
    fn wait(&self) {
        if self.arrived.fetch_add(1, SeqCst) + 1 == THREADS {
            self.arrived.store(0, SeqCst);
            *self.tickets.lock().unwrap() += THREADS;
            self.risen.notify_all();
        }
        let mut tickets = self.tickets.lock().unwrap();
        while *tickets == 0 {
            tickets = self.risen.wait(tickets).unwrap();
        }
        *tickets -= 1;
    }
}

/// Two rounds; nobody may be in the second before all have come to the end of the first.
fn two_rounds(wait: impl Fn() + Sync) {
    let finished = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for round in 1..=2 {
                    finished.fetch_add(1, SeqCst);
                    wait();
                    let all = finished.load(SeqCst);
                    assert!(all >= round * THREADS, "round {round} has begun too early");
                }
            });
        }
    });
}

fn main() {
    let counting = Model::new().check(|| {
        let barrier = Counting {
            arrived: AtomicU32::new(0),
        };
        two_rounds(|| barrier.wait());
    });
    println!("waiting for the count:\n\n{counting}\n");
    let turnstile = Model::new().check(|| {
        let barrier = Turnstile {
            arrived: AtomicU32::new(0),
            tickets: Mutex::new(0),
            risen: Condvar::new(),
        };
        two_rounds(|| barrier.wait());
    });
    println!("one turnstile:\n\n{turnstile}");
}
