//! The condition variable's own loop.

use std::sync::{Condvar, Mutex};

use crate::banker::{BankError, Banker, Decision};

#[derive(Debug)]
pub struct Bank {
    banker: Mutex<Banker>,
    changed: Condvar,
}

impl Bank {
    pub fn new(b: Banker) -> Bank {
        Bank {
            banker: Mutex::new(b),
            changed: Condvar::new(),
        }
    }

    pub fn acquire(&self, p: usize, req: &[u32]) -> Result<(), BankError> {
        let mut answer = Ok(());
        let must_wait = |banker: &mut Banker| match banker.request(p, req) {
            Ok(Decision::MustWait(_)) => true,
            Ok(Decision::Granted) => false,
            Err(error) => {
                answer = Err(error);
                false
            }
        };
        let banker = self.banker.lock().unwrap();
        drop(self.changed.wait_while(banker, must_wait).unwrap());
        answer
    }

    pub fn release(&self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        let released = self.banker.lock().unwrap().release(p, rel);
        // The lock is free already: whoever wakes need not wait for it.
        self.changed.notify_all();
        released
    }
}
