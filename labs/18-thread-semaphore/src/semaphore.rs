//! `Semaphore`: a number of units, taken by some and given back by any, in the order of asking.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::time::Duration;

/// Why units cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcquireError {
    /// The semaphore is closed.
    Closed,
    /// There never are so many.
    TooMany {
        /// What was asked for.
        want: u32,
        /// What the semaphore was made with.
        max: u32,
    },
}

/// A counting semaphore that is fair.
#[derive(Debug)]
pub struct Semaphore {
    // Yours to fill: `std::sync`, `std::thread`, and `crate::futex` if you want to sleep on a word.
}

/// The right to so many units, which go back when it is dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    sem: &'a Semaphore,
    units: u32,
}

impl Semaphore {
    /// A semaphore with so many units, all of them free.
    pub fn new(units: u32) -> Semaphore {
        todo!()
    }

    /// Takes `n` units at once, as soon as all who asked before have got theirs. For 0 units it does
    /// not wait.
    pub fn acquire(&self, n: u32) -> Result<Permit<'_>, AcquireError> {
        todo!()
    }

    /// Takes `n` units if they are free and nobody waits; and if the semaphore is not closed.
    pub fn try_acquire(&self, n: u32) -> Option<Permit<'_>> {
        todo!()
    }

    /// As `acquire`, but waits for at most `d`. `None` if the time was over.
    pub fn acquire_timeout(&self, n: u32, d: Duration) -> Result<Option<Permit<'_>>, AcquireError> {
        todo!()
    }

    /// Units that nobody holds.
    pub fn available(&self) -> u32 {
        todo!()
    }

    /// Gives out no more units. Whoever waits is told so; permits that are held stay good.
    pub fn close(&self) {
        todo!()
    }
}

impl<'a> Permit<'a> {
    /// The units are gone for good: nobody gets them back.
    pub fn forget(self) {
        todo!()
    }

    /// Makes two permits of one: `n` units for the new one, the rest stays. `None` if it has fewer.
    pub fn split(&mut self, n: u32) -> Option<Permit<'a>> {
        todo!()
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        todo!()
    }
}
