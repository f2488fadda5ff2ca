//! `if` where a `while` must be: a pop from an empty queue.
//!
//! ```text
//! cargo run -p condvar --example if_vs_while
//! ```
//!
//! Between the notification and the moment at which the woken thread has the mutex again, anybody may
//! take what it was woken for. And a wait may end for no reason at all. The model checker tries both.

#![expect(clippy::unwrap_used, reason = "nobody panics with the lock held")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::collections::VecDeque;
use std::model::Model;
use std::sync::{Condvar, Mutex};
use std::thread;

struct Queue {
    items: Mutex<VecDeque<u32>>,
    pushed: Condvar,
}

impl Queue {
    fn push(&self, item: u32) {
        self.items.lock().unwrap().push_back(item);
        self.pushed.notify_one();
    }

    fn pop_if(&self) -> Option<u32> {
        let mut items = self.items.lock().unwrap();
        if items.is_empty() {
            items = self.pushed.wait(items).unwrap();
        }
        items.pop_front()
    }

    fn pop_while(&self) -> Option<u32> {
        let mut items = self.items.lock().unwrap();
        while items.is_empty() {
            items = self.pushed.wait(items).unwrap();
        }
        items.pop_front()
    }
}

fn main() {
    for (name, pop) in [
        ("if", Queue::pop_if as fn(&Queue) -> Option<u32>),
        ("while", Queue::pop_while),
    ] {
        let report = Model::new().check(move || {
            let queue = Queue {
                items: Mutex::new(VecDeque::new()),
                pushed: Condvar::new(),
            };
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| assert!(pop(&queue).is_some(), "there is nothing to pop"));
                }
                queue.push(1);
                queue.push(2);
            });
        });
        println!("{name}: {report}\n");
    }
}
