//! The lost wake-up: a notification between looking and sleeping.
//!
//! ```text
//! cargo run -p condvar --example lost
//! ```
//!
//! This condition variable is right but for one line: it reads its counter after it has given the
//! mutex back. If the notification comes in between, the counter has changed already when it is read, and
//! the sleep begins with a value that stays. It takes two instructions to meet; the model checker
//! finds it in a moment.

#![expect(clippy::unwrap_used, reason = "nobody panics with the lock held")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::model::Model;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};
use std::{futex, thread};

struct Condvar {
    notified: AtomicU32,
}

impl Condvar {
    fn wait<'a>(
        &self,
        ready: MutexGuard<'a, bool>,
        mutex: &'a Mutex<bool>,
        too_late: bool,
    ) -> MutexGuard<'a, bool> {
        let mut seen = self.notified.load(Relaxed);
        drop(ready);
        if too_late {
            seen = self.notified.load(Relaxed);
        }
        futex::wait(&self.notified, seen, None);
        mutex.lock().unwrap()
    }

    fn notify_one(&self) {
        self.notified.fetch_add(1, Relaxed);
        futex::wake(&self.notified, 1);
    }
}

fn main() {
    for too_late in [true, false] {
        let report = Model::new().check(move || {
            let ready = Mutex::new(false);
            let changed = Condvar {
                notified: AtomicU32::new(0),
            };
            thread::scope(|scope| {
                scope.spawn(|| {
                    let mut guard = ready.lock().unwrap();
                    while !*guard {
                        guard = changed.wait(guard, &ready, too_late);
                    }
                });
                *ready.lock().unwrap() = true;
                changed.notify_one();
            });
        });
        match too_late {
            true => println!("read after the mutex was given back:\n\n{report}\n"),
            false => println!("read before: {report}"),
        }
    }
}
