//! `Bank`: the banker with a door that threads wait at. Which requests are granted is
//! [`banker`](crate::banker)'s business.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::banker::{BankError, Banker, Decision};

/// A banker that several threads ask at once. Whoever must wait, sleeps.
#[derive(Debug)]
pub struct Bank {
    banker: Mutex<Banker>,
    /// Something has been released.
    released: Condvar,
}

impl Bank {
    /// Opens the bank with the processes that `b` has.
    pub fn new(b: Banker) -> Bank {
        Bank {
            banker: Mutex::new(b),
            released: Condvar::new(),
        }
    }

    /// Returns when process `p` has got `req`. If all threads keep their claims and release in the
    /// end what they have got, nobody waits in a circle; but others may always be served first.
    ///
    /// # Errors
    ///
    /// Those of [`Banker::request`]: at once, and nothing changes.
    pub fn acquire(&self, p: usize, req: &[u32]) -> Result<(), BankError> {
        let mut banker = self.banker();
        // A loop: a waiter also wakes for somebody else's release, and sometimes for no reason at
        // all.
        while banker.request(p, req)? != Decision::Granted {
            let woken = self.released.wait(banker);
            banker = woken.unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Gives back `rel` of what process `p` holds.
    ///
    /// # Errors
    ///
    /// Those of [`Banker::release`].
    pub fn release(&self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        self.banker().release(p, rel)?;
        // All of them: who can go on now is known only when each has asked again.
        self.released.notify_all();
        Ok(())
    }

    /// A thread that has panicked leaves the banker whole: each of its changes is made in one go.
    fn banker(&self) -> MutexGuard<'_, Banker> {
        self.banker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
