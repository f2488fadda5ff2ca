//! No condition variable: who must wait asks again, and lets others run in between.

use std::sync::Mutex;
use std::thread;

use crate::banker::{BankError, Banker, Decision};

#[derive(Debug)]
pub struct Bank(Mutex<Banker>);

impl Bank {
    pub fn new(b: Banker) -> Bank {
        Bank(Mutex::new(b))
    }

    pub fn acquire(&self, p: usize, req: &[u32]) -> Result<(), BankError> {
        loop {
            let decision = self.0.lock().unwrap().request(p, req)?;
            if decision == Decision::Granted {
                return Ok(());
            }
            thread::yield_now();
        }
    }

    pub fn release(&self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        self.0.lock().unwrap().release(p, rel)
    }
}
