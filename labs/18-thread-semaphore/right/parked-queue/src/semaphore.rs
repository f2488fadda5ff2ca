//! Waiters are parked threads with a word of their own: waiting, served or closed.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU8, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcquireError {
    Closed,
    TooMany { want: u32, max: u32 },
}

const WAITS: u8 = 0;
const SERVED: u8 = 1;
const CLOSED: u8 = 2;

#[derive(Debug)]
struct Waiter {
    units: u32,
    thread: Thread,
    told: AtomicU8,
}

impl Waiter {
    fn tell(&self, what: u8) {
        self.told.store(what, SeqCst);
        self.thread.unpark();
    }
}

#[derive(Debug)]
struct State {
    free: u32,
    closed: bool,
    queue: VecDeque<Arc<Waiter>>,
}

impl State {
    fn serve(&mut self) {
        while let Some(first) = self.queue.front().cloned() {
            if first.units > self.free {
                return;
            }
            self.queue.pop_front();
            self.free -= first.units;
            first.tell(SERVED);
        }
    }
}

#[derive(Debug)]
pub struct Semaphore {
    units: u32,
    state: Mutex<State>,
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
            state: Mutex::new(State {
                free: units,
                closed: false,
                queue: VecDeque::new(),
            }),
        }
    }

    pub fn acquire(&self, n: u32) -> Result<Permit<'_>, AcquireError> {
        let got = self.acquire_until(n, None)?;
        Ok(got.expect("without a deadline"))
    }

    pub fn try_acquire(&self, n: u32) -> Option<Permit<'_>> {
        let mut state = self.state.lock().unwrap();
        if state.closed || n > state.free || (n > 0 && !state.queue.is_empty()) {
            return None;
        }
        state.free -= n;
        Some(Permit {
            sem: self,
            units: n,
        })
    }

    pub fn acquire_timeout(&self, n: u32, d: Duration) -> Result<Option<Permit<'_>>, AcquireError> {
        self.acquire_until(n, Some(Instant::now() + d))
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
        let me = Arc::new(Waiter {
            units: n,
            thread: thread::current(),
            told: AtomicU8::new(WAITS),
        });
        {
            let mut state = self.state.lock().unwrap();
            if state.closed {
                return Err(AcquireError::Closed);
            }
            state.queue.push_back(Arc::clone(&me));
            // Units may have come back since.
            state.serve();
        }
        loop {
            match me.told.load(SeqCst) {
                SERVED => {
                    return Ok(Some(Permit {
                        sem: self,
                        units: n,
                    }));
                }
                CLOSED => return Err(AcquireError::Closed),
                _ => {}
            }
            let Some(deadline) = deadline else {
                thread::park();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                thread::park_timeout(left);
                continue;
            }
            let mut state = self.state.lock().unwrap();
            if me.told.load(SeqCst) == WAITS {
                state.queue.retain(|waiter| !Arc::ptr_eq(waiter, &me));
                state.serve();
                return Ok(None);
            }
        }
    }

    pub fn available(&self) -> u32 {
        self.state.lock().unwrap().free
    }

    pub fn close(&self) {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
        state.queue.drain(..).for_each(|waiter| waiter.tell(CLOSED));
    }
}

impl<'a> Permit<'a> {
    pub fn forget(mut self) {
        self.units = 0;
    }

    pub fn split(&mut self, n: u32) -> Option<Permit<'a>> {
        if n > self.units {
            return None;
        }
        self.units -= n;
        Some(Permit {
            sem: self.sem,
            units: n,
        })
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.sem.state.lock().unwrap();
        state.free += self.units;
        state.serve();
    }
}
