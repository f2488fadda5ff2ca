//! `Queue`: a bounded queue between threads, which can be closed.
//!
//! Two conditions, so two condition variables: *not empty* for those who pop, *not full* for those
//! who push. With one for both, `notify_one` might wake somebody of the wrong side, who goes back
//! to sleep, and the right one sleeps on. Each wait is a loop: what was true when the notification
//! was sent may be over before the woken thread has the mutex.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::condvar::Condvar;
use crate::given::{Mutex, MutexGuard};

/// The queue is closed; this is the value that it did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed<T>(pub T);

/// The time was over, and there was nothing to pop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut;

/// First in, first out.
#[derive(Debug)]
pub struct Queue<T> {
    cap: usize,
    state: Mutex<State<T>>,
    not_empty: Condvar,
    not_full: Condvar,
}

/// Guarded by the mutex.
#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    /// An empty queue for at most `cap` values; for none behaves as for one.
    pub fn new(cap: usize) -> Self {
        let state = State {
            items: VecDeque::new(),
            closed: false,
        };
        Queue {
            cap: cap.max(1),
            state: Mutex::new(state),
            not_empty: Condvar::new(),
            not_full: Condvar::new(),
        }
    }

    /// Puts a value in, as soon as there is room.
    ///
    /// # Errors
    ///
    /// If the queue is closed, or is while it waits; with the value.
    pub fn push(&self, v: T) -> Result<(), Closed<T>> {
        let full = |state: &mut State<T>| state.items.len() >= self.cap && !state.closed;
        let mut state = self.not_full.wait_while(self.state.lock(), full);
        if state.closed {
            return Err(Closed(v));
        }
        state.items.push_back(v);
        drop(state);
        self.not_empty.notify_one();
        Ok(())
    }

    /// Takes the oldest value, as soon as there is one. `None` if the queue is closed and empty.
    pub fn pop(&self) -> Option<T> {
        let empty = |state: &mut State<T>| state.items.is_empty() && !state.closed;
        let state = self.not_empty.wait_while(self.state.lock(), empty);
        self.take(state)
    }

    /// As [`Queue::pop`], for at most `d`.
    ///
    /// # Errors
    ///
    /// If the time was over.
    pub fn pop_timeout(&self, d: Duration) -> Result<Option<T>, TimedOut> {
        // A time that no clock reaches is no limit.
        let deadline = Instant::now().checked_add(d);
        let mut state = self.state.lock();
        while state.items.is_empty() && !state.closed {
            // Of the whole time, what is left: it may be woken more than once.
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            state = match left {
                None => self.not_empty.wait(state),
                Some(Duration::ZERO) => return Err(TimedOut),
                Some(left) => self.not_empty.wait_timeout(state, left).0,
            };
        }
        Ok(self.take(state))
    }

    /// Takes no more values. What is inside can still be popped; everybody who waits goes on.
    pub fn close(&self) {
        self.state.lock().closed = true;
        self.not_empty.notify_all();
        self.not_full.notify_all();
    }

    fn take(&self, mut state: MutexGuard<'_, State<T>>) -> Option<T> {
        let item = state.items.pop_front();
        drop(state);
        if item.is_some() {
            self.not_full.notify_one();
        }
        item
    }
}
