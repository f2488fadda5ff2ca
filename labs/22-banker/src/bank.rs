//! `Bank`: the banker with a door that threads wait at.

#![allow(
    unused_variables,
    dead_code,
    unused_imports,
    reason = "delete this when you begin"
)]

use std::sync::{Condvar, Mutex};

use crate::banker::{BankError, Banker, Decision};

/// A banker that several threads ask at once. Whoever must wait, sleeps.
#[derive(Debug)]
pub struct Bank {
    banker: Mutex<Banker>,
}

impl Bank {
    /// Opens the bank with the processes that `b` has.
    pub fn new(b: Banker) -> Bank {
        todo!()
    }

    /// Returns when process `p` has got `req`.
    ///
    /// Errors: those of `Banker::request`, at once and without waiting.
    pub fn acquire(&self, p: usize, req: &[u32]) -> Result<(), BankError> {
        todo!()
    }

    /// Gives back `rel` of what process `p` holds.
    ///
    /// Errors: those of `Banker::release`.
    pub fn release(&self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        todo!()
    }
}
