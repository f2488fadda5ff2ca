//! `Semaphore`: a number of units, taken by some and given back by any, in the order of asking.
//!
//! # First come, first served
//!
//! Whoever finds too few units joins a queue, and only its head is ever served: if four units are
//! wanted and one is free, the others in the queue wait as well, though one would do for them. That
//! is what keeps small requests from starving big ones. So an event that may let the head go on, may
//! let more than one go on: units that come back, and also a head that *leaves* the queue, because its time
//! is over.
//!
//! Units are handed over by whoever gives them back: it takes the head out of the queue and the units
//! out of the count, in one step. A thread that wakes up only looks whether it is still in the queue.
//! All units of a request are taken at once or not at all, or two requests could each hold what the
//! other needs.
//!
//! The state is a *monitor*: plain fields, a mutex, and one condition variable. Nobody is notified unless
//! somebody waits.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    /// What it was made with.
    units: u32,
    state: Mutex<State>,
    /// Notified when somebody has been served, and when the semaphore is closed.
    served: Condvar,
}

/// Guarded by the mutex.
#[derive(Debug)]
struct State {
    /// Units that nobody holds.
    free: u32,
    closed: bool,
    /// Those who wait, in the order of their numbers.
    queue: VecDeque<Request>,
    /// The number of the next one who has to wait.
    next: u64,
}

#[derive(Debug)]
struct Request {
    number: u64,
    units: u32,
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
        let state = State {
            free: units,
            closed: false,
            queue: VecDeque::new(),
            next: 0,
        };
        Semaphore {
            units,
            state: Mutex::new(state),
            served: Condvar::new(),
        }
    }

    /// Takes `n` units at once, as soon as all who asked before have got theirs. For 0 units it does
    /// not wait.
    ///
    /// # Errors
    ///
    /// If there are not so many units at all; if the semaphore is closed, or is while it waits.
    pub fn acquire(&self, n: u32) -> Result<Permit<'_>, AcquireError> {
        loop {
            // Without a deadline it does not end empty-handed.
            if let Some(permit) = self.acquire_until(n, None)? {
                return Ok(permit);
            }
        }
    }

    /// Takes `n` units if they are free and nobody waits; and if the semaphore is not closed.
    pub fn try_acquire(&self, n: u32) -> Option<Permit<'_>> {
        let mut state = self.lock();
        (!state.closed && state.take(n)).then(|| self.permit(n))
    }

    /// As [`Semaphore::acquire`], but waits for at most `d`. `None` if the time was over.
    ///
    /// # Errors
    ///
    /// As [`Semaphore::acquire`].
    pub fn acquire_timeout(&self, n: u32, d: Duration) -> Result<Option<Permit<'_>>, AcquireError> {
        self.acquire_until(n, Some(d))
    }

    /// Units that nobody holds.
    pub fn available(&self) -> u32 {
        self.lock().free
    }

    /// Gives out no more units. Whoever waits is told so; permits that are held stay good.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.served.notify_all();
    }

    fn acquire_until(
        &self,
        n: u32,
        limit: Option<Duration>,
    ) -> Result<Option<Permit<'_>>, AcquireError> {
        if n > self.units {
            return Err(AcquireError::TooMany {
                want: n,
                max: self.units,
            });
        }
        let mut state = self.lock();
        if state.closed {
            return Err(AcquireError::Closed);
        }
        if state.take(n) {
            return Ok(Some(self.permit(n)));
        }
        let deadline = limit.and_then(|d| Instant::now().checked_add(d));
        let me = state.join(n);
        while state.waits(me) {
            if state.closed {
                state.leave(me);
                return Err(AcquireError::Closed);
            }
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            state = match left {
                None => self.sleep(state),
                Some(Duration::ZERO) => {
                    state.leave(me);
                    // It may have been the one that all others waited for.
                    self.serve(&mut state);
                    return Ok(None);
                }
                Some(left) => self.sleep_for(state, left),
            };
        }
        // Whoever took it out of the queue has taken the units for it as well.
        Ok(Some(self.permit(n)))
    }

    fn give_back(&self, units: u32) {
        if units > 0 {
            let mut state = self.lock();
            state.free += units;
            self.serve(&mut state);
        }
    }

    /// Serves the head of the queue, and the next one, for as long as there is enough.
    fn serve(&self, state: &mut State) {
        if state.closed {
            // Whoever waits is about to be told.
            return;
        }
        let mut any = false;
        while let Some(head) = state.queue.front()
            && head.units <= state.free
        {
            state.free -= head.units;
            state.queue.pop_front();
            any = true;
        }
        if any {
            self.served.notify_all();
        }
    }

    fn permit(&self, units: u32) -> Permit<'_> {
        Permit { sem: self, units }
    }

    /// No code of others runs under the mutex, so a panic elsewhere leaves the state as it should be.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let slept = self.served.wait(state);
        slept.unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep_for<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        let slept = self.served.wait_timeout(state, time);
        slept.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl State {
    /// Takes units, if they are free and nobody else's turn is next.
    fn take(&mut self, n: u32) -> bool {
        let now = n == 0 || (self.queue.is_empty() && n <= self.free);
        if now {
            self.free -= n;
        }
        now
    }

    /// Joins the queue, at its end.
    fn join(&mut self, units: u32) -> u64 {
        let number = self.next;
        self.next += 1;
        self.queue.push_back(Request { number, units });
        number
    }

    fn waits(&self, number: u64) -> bool {
        self.queue.iter().any(|request| request.number == number)
    }

    fn leave(&mut self, number: u64) {
        self.queue.retain(|request| request.number != number);
    }
}

impl<'a> Permit<'a> {
    /// The units are gone for good: nobody gets them back.
    pub fn forget(mut self) {
        self.units = 0;
    }

    /// Makes two permits of one: `n` units for the new one, the rest stays. `None` if it has fewer.
    pub fn split(&mut self, n: u32) -> Option<Permit<'a>> {
        self.units = self.units.checked_sub(n)?;
        Some(self.sem.permit(n))
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.sem.give_back(self.units);
    }
}
