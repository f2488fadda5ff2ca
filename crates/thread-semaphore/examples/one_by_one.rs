//! Two units, taken one by one: a deadlock between two threads with one unit each.
//!
//! ```text
//! cargo run -p thread-semaphore --example one_by_one
//! ```
//!
//! Two units, and two threads that need both. If each takes one first, the other is never free again.
//! The model checker finds it. Taking all at once or nothing is what helps.

#![expect(clippy::unwrap_used, reason = "nobody panics with the lock held")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::model::Model;
use std::sync::{Condvar, Mutex};
use std::thread;

struct Semaphore {
    free: Mutex<u32>,
    risen: Condvar,
}

impl Semaphore {
    fn acquire(&self, n: u32) {
        let free = self.free.lock().unwrap();
        let mut free = self.risen.wait_while(free, |free| *free < n).unwrap();
        *free -= n;
    }

    fn release(&self, n: u32) {
        *self.free.lock().unwrap() += n;
        self.risen.notify_all();
    }
}

fn main() {
    for at_once in [false, true] {
        let report = Model::new().check(move || {
            let units = Semaphore {
                free: Mutex::new(2),
                risen: Condvar::new(),
            };
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        if at_once {
                            units.acquire(2);
                        } else {
                            units.acquire(1);
                            units.acquire(1);
                        }
                        units.release(2);
                    });
                }
            });
        });
        match at_once {
            false => println!("one by one:\n\n{report}\n"),
            true => println!("both at once: {report}"),
        }
    }
}
