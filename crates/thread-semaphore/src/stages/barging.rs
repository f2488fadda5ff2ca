//! The textbook's semaphore. Whoever comes at the right moment gets the unit; nobody stands in line.

use std::sync::{Condvar, Mutex, PoisonError};

/// A counting semaphore.
#[derive(Debug)]
pub struct Semaphore {
    free: Mutex<u32>,
    risen: Condvar,
}

impl Semaphore {
    /// With so many units.
    pub fn new(units: u32) -> Self {
        Semaphore {
            free: Mutex::new(units),
            risen: Condvar::new(),
        }
    }

    /// P: waits for a unit and takes it.
    pub fn acquire(&self) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            let slept = self.risen.wait(free);
            free = slept.unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
    }

    /// V: gives a unit, whether it was ever taken or not.
    pub fn release(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.risen.notify_one();
    }
}
