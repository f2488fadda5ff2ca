//! No condition variable: whoever must wait leaves its request and its thread in a list and parks.
//! Whoever releases grants what can be granted now, and unparks just those.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};

use crate::banker::{BankError, Banker, Decision};

#[derive(Debug)]
pub struct Bank {
    counter: Mutex<Counter>,
}

#[derive(Debug)]
struct Counter {
    banker: Banker,
    waiting: Vec<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    p: usize,
    req: Vec<u32>,
    thread: Thread,
    called: Arc<AtomicBool>,
}

impl Bank {
    pub fn new(b: Banker) -> Bank {
        Bank {
            counter: Mutex::new(Counter {
                banker: b,
                waiting: Vec::new(),
            }),
        }
    }

    pub fn acquire(&self, p: usize, req: &[u32]) -> Result<(), BankError> {
        let mut counter = self.counter.lock().unwrap();
        if counter.banker.request(p, req)? == Decision::Granted {
            return Ok(());
        }
        let called = Arc::new(AtomicBool::new(false));
        counter.waiting.push(Waiter {
            p,
            req: req.to_vec(),
            thread: thread::current(),
            called: Arc::clone(&called),
        });
        drop(counter);
        // It may also come back for no reason. An unpark before the park is not lost.
        while !called.load(Ordering::Acquire) {
            thread::park();
        }
        Ok(())
    }

    pub fn release(&self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        let mut counter = self.counter.lock().unwrap();
        counter.banker.release(p, rel)?;
        let Counter { banker, waiting } = &mut *counter;
        waiting.retain(|waiter| {
            let granted = banker.request(waiter.p, &waiter.req) == Ok(Decision::Granted);
            if granted {
                waiter.called.store(true, Ordering::Release);
                waiter.thread.unpark();
            }
            !granted
        });
        Ok(())
    }
}
