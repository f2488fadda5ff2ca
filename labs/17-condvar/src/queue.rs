//! `Queue`: a bounded queue between threads, which can be closed.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::marker::PhantomData;
use std::time::Duration;

/// The queue is closed; this is the value that it did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed<T>(pub T);

/// The time was over, and there was nothing to pop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut;

/// First in, first out.
#[derive(Debug)]
pub struct Queue<T> {
    // Yours to fill: your condition variables, and a `crate::given::Mutex` around the values.
    values: PhantomData<T>,
}

impl<T> Queue<T> {
    /// An empty queue for at most `cap` values; for none behaves as for one.
    pub fn new(cap: usize) -> Self {
        todo!()
    }

    /// Puts a value in, as soon as there is room. `Closed` if the queue is closed, or is while it
    /// waits; with the value.
    pub fn push(&self, v: T) -> Result<(), Closed<T>> {
        todo!()
    }

    /// Takes the oldest value, as soon as there is one. `None` if the queue is closed and empty.
    pub fn pop(&self) -> Option<T> {
        todo!()
    }

    /// As `pop`, for at most `d`.
    pub fn pop_timeout(&self, d: Duration) -> Result<Option<T>, TimedOut> {
        todo!()
    }

    /// Takes no more values. What is inside can still be popped; everybody who waits goes on.
    pub fn close(&self) {
        todo!()
    }
}
