//! An atomic count, which is all there is to it while nobody waits; and a line of words to sleep on.
//!
//! | bits of the count | mean |
//! |---|---|
//! | 0 to 31 | free units |
//! | 32, `LINE` | somebody stands in line, so nobody else may take any |
//! | 33, `CLOSED` | no units are given out any more |
//!
//! Who cannot be served gets in line, under the line's mutex. It sets `LINE` by exchanging a count that is
//! too small for it. So units that come back before that are seen, and who gives some back later sees
//! `LINE`, and serves the line. Each waiter sleeps on a futex word of its own.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::futex;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcquireError {
    Closed,
    TooMany { want: u32, max: u32 },
}

const FREE: u64 = u32::MAX as u64;
const LINE: u64 = 1 << 32;
const CLOSED: u64 = 1 << 33;

#[derive(Debug)]
pub struct Semaphore {
    units: u32,
    count: AtomicU64,
    line: Mutex<VecDeque<Arc<Waiter>>>,
}

#[derive(Debug)]
struct Waiter {
    units: u32,
    /// The word to sleep on: one of the three below.
    told: AtomicU32,
}

const NOTHING: u32 = 0;
const SERVED: u32 = 1;
const REFUSED: u32 = 2;

impl Waiter {
    fn tell(&self, what: u32) {
        self.told.store(what, Ordering::Release);
        futex::wake(&self.told, 1);
    }
}

#[derive(Debug)]
pub struct Permit<'a> {
    sem: &'a Semaphore,
    units: u32,
}

impl Semaphore {
    pub fn new(units: u32) -> Semaphore {
        Semaphore {
            units,
            count: AtomicU64::new(u64::from(units)),
            line: Mutex::default(),
        }
    }

    pub fn acquire(&self, n: u32) -> Result<Permit<'_>, AcquireError> {
        match self.acquire_until(n, None)? {
            Some(permit) => Ok(permit),
            None => unreachable!("there is no deadline"),
        }
    }

    pub fn try_acquire(&self, n: u32) -> Option<Permit<'_>> {
        let others_first = if n == 0 { 0 } else { LINE };
        self.take(n, others_first | CLOSED)
            .is_ok()
            .then(|| self.permit(n))
    }

    pub fn acquire_timeout(&self, n: u32, d: Duration) -> Result<Option<Permit<'_>>, AcquireError> {
        self.acquire_until(n, Instant::now().checked_add(d))
    }

    pub fn available(&self) -> u32 {
        (self.count.load(Ordering::Acquire) & FREE) as u32
    }

    pub fn close(&self) {
        let mut line = self.lock();
        self.count.fetch_or(CLOSED, Ordering::Relaxed);
        line.drain(..).for_each(|waiter| waiter.tell(REFUSED));
        self.count.fetch_and(!LINE, Ordering::Relaxed);
    }

    fn acquire_until(
        &self,
        n: u32,
        deadline: Option<Instant>,
    ) -> Result<Option<Permit<'_>>, AcquireError> {
        if n > self.units {
            return Err(AcquireError::TooMany {
                want: n,
                max: self.units,
            });
        }
        if let Some(permit) = self.try_acquire(n) {
            return Ok(Some(permit));
        }
        let Some(me) = self.get_in_line(n)? else {
            return Ok(Some(self.permit(n)));
        };
        loop {
            match me.told.load(Ordering::Acquire) {
                SERVED => return Ok(Some(self.permit(n))),
                REFUSED => return Err(AcquireError::Closed),
                _ => {}
            }
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            if left != Some(Duration::ZERO) {
                futex::wait(&me.told, NOTHING, left);
            } else if self.get_out_of_line(&me) {
                return Ok(None);
            }
        }
    }

    /// `None` if the units are there after all, and taken.
    fn get_in_line(&self, n: u32) -> Result<Option<Arc<Waiter>>, AcquireError> {
        let mut line = self.lock();
        loop {
            let Err(count) = self.take(n, LINE | CLOSED) else {
                return Ok(None);
            };
            if count & CLOSED != 0 {
                return Err(AcquireError::Closed);
            }
            // Only if it is still too small.
            let seen = self.count.compare_exchange(
                count,
                count | LINE,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            if seen.is_ok() {
                break;
            }
        }
        let me = Arc::new(Waiter {
            units: n,
            told: AtomicU32::new(NOTHING),
        });
        line.push_back(Arc::clone(&me));
        Ok(Some(me))
    }

    /// Whether it was still in line. Others may have waited for it.
    fn get_out_of_line(&self, me: &Arc<Waiter>) -> bool {
        let mut line = self.lock();
        let before = line.len();
        line.retain(|waiter| !Arc::ptr_eq(waiter, me));
        let was_there = line.len() < before;
        self.serve(&mut line);
        was_there
    }

    /// Serves the head of the line, and the next one, for as long as there is enough.
    fn serve(&self, line: &mut VecDeque<Arc<Waiter>>) {
        while let Some(head) = line.front()
            && self.take(head.units, CLOSED).is_ok()
        {
            head.tell(SERVED);
            line.pop_front();
        }
        if line.is_empty() {
            self.count.fetch_and(!LINE, Ordering::Relaxed);
        }
    }

    /// Takes units if so many are free, and if the count has none of these bits; else says what it is.
    fn take(&self, n: u32, unless: u64) -> Result<u64, u64> {
        let taken = |count| match count & unless {
            0 if count & FREE >= u64::from(n) => Some(count - u64::from(n)),
            _ => None,
        };
        self.count
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, taken)
    }

    fn give_back(&self, units: u32) {
        if units == 0 {
            return;
        }
        let before = self.count.fetch_add(u64::from(units), Ordering::Release);
        if before & LINE != 0 {
            self.serve(&mut self.lock());
        }
    }

    fn permit(&self, units: u32) -> Permit<'_> {
        Permit { sem: self, units }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Waiter>>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Permit<'a> {
    pub fn forget(mut self) {
        self.units = 0;
    }

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
