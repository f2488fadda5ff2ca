//! A queue of waiters, each with a word of its own: only who is served is woken.
//!
//! In the reference all who wait share a condition variable, and all wake up to find out that
//! it was not their turn. With a hundred waiters that is a hundred wake-ups for each unit.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::futex;

/// A fair counting semaphore.
#[derive(Debug)]
pub struct Semaphore {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    free: u32,
    queue: VecDeque<(u32, Arc<AtomicU32>)>,
}

impl Semaphore {
    /// With so many units.
    pub fn new(units: u32) -> Self {
        let state = State {
            free: units,
            queue: VecDeque::new(),
        };
        Semaphore {
            state: Mutex::new(state),
        }
    }

    /// Takes so many units at once, when all who asked before have got theirs.
    pub fn acquire(&self, n: u32) {
        let mut state = self.lock();
        if state.queue.is_empty() && n <= state.free {
            state.free -= n;
            return;
        }
        let served = Arc::new(AtomicU32::new(0));
        state.queue.push_back((n, Arc::clone(&served)));
        drop(state);
        while served.load(Ordering::Acquire) == 0 {
            futex::wait(&served, 0, None);
        }
    }

    /// Gives so many units.
    pub fn release(&self, n: u32) {
        let mut state = self.lock();
        state.free += n;
        while let Some((units, served)) = state.next() {
            state.free -= units;
            served.store(1, Ordering::Release);
            futex::wake(&served, 1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The head of the queue, if there is enough for it.
    fn next(&mut self) -> Option<(u32, Arc<AtomicU32>)> {
        let (units, _) = self.queue.front()?;
        (*units <= self.free).then(|| self.queue.pop_front())?
    }
}
