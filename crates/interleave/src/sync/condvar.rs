//! Shadow of `std::sync::Condvar`. It wakes up for no reason, if the search wants it to.

use std::fmt;
use std::panic::Location as Place;
use std::sync::{LockResult, PoisonError};
use std::time::Duration;

use super::MutexGuard;
use crate::engine::locks::Handle;
use crate::engine::waiting::{self, deadline};
use crate::objects::Sort;

/// Shadow of [`std::sync::Condvar`].
pub struct Condvar {
    handle: Handle,
}

/// Shadow of [`std::sync::WaitTimeoutResult`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether the time was over.
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

type Timed<'a, T> = (MutexGuard<'a, T>, WaitTimeoutResult);

impl Condvar {
    /// A new condition variable.
    #[track_caller]
    pub const fn new() -> Self {
        Condvar {
            handle: Handle::new(Sort::Condvar),
        }
    }

    /// Sleeps with the mutex left, until somebody notifies, or for no reason.
    ///
    /// # Errors
    ///
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        guard.sleep(&self.handle, None, Place::caller()).0
    }

    /// Sleeps as long as the condition holds.
    ///
    /// # Errors
    ///
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait_while<'a, T, F: FnMut(&mut T) -> bool>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: F,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut *guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// As [`Condvar::wait`], for at most so long.
    ///
    /// # Errors
    ///
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        time: Duration,
    ) -> LockResult<Timed<'a, T>> {
        let until = deadline(Some(time));
        let (guard, timed_out) = guard.sleep(&self.handle, until, Place::caller());
        let timed_out = WaitTimeoutResult(timed_out);
        match guard {
            Ok(guard) => Ok((guard, timed_out)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), timed_out))),
        }
    }

    /// The deprecated `wait_timeout_ms`: false if the time was over.
    ///
    /// # Errors
    ///
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait_timeout_ms<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        milliseconds: u32,
    ) -> LockResult<(MutexGuard<'a, T>, bool)> {
        let time = Duration::from_millis(milliseconds.into());
        match self.wait_timeout(guard, time) {
            Ok((guard, result)) => Ok((guard, !result.timed_out())),
            Err(poisoned) => {
                let (guard, result) = poisoned.into_inner();
                Err(PoisonError::new((guard, !result.timed_out())))
            }
        }
    }

    /// As [`Condvar::wait_while`], for at most so long.
    ///
    /// # Errors
    ///
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait_timeout_while<'a, T, F: FnMut(&mut T) -> bool>(
        &self,
        mut guard: MutexGuard<'a, T>,
        time: Duration,
        mut condition: F,
    ) -> LockResult<Timed<'a, T>> {
        let place = Place::caller();
        let start = waiting::now(place);
        loop {
            if !condition(&mut *guard) {
                return Ok((guard, WaitTimeoutResult(false)));
            }
            let elapsed = Duration::from_nanos(waiting::now(place) - start);
            let Some(left) = time.checked_sub(elapsed) else {
                return Ok((guard, WaitTimeoutResult(true)));
            };
            if left.is_zero() {
                return Ok((guard, WaitTimeoutResult(true)));
            }
            guard = self.wait_timeout(guard, left)?.0;
        }
    }

    /// Wakes one that sleeps.
    #[track_caller]
    pub fn notify_one(&self) {
        self.handle.notify(false, Place::caller());
    }

    /// Wakes all that sleep.
    #[track_caller]
    pub fn notify_all(&self) {
        self.handle.notify(true, Place::caller());
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}
