//! `Barrier`: nobody goes on before all have come, round after round.
//!
//! # Why a count is not enough
//!
//! Whoever comes last opens the barrier, and the others have to notice. If they look at the count,
//! they may look too late: a fast thread is in the next round by then, and has changed it. So each
//! round has a number, its *generation*. A thread notes it when it arrives, and waits until it is
//! another one. Nobody can go so fast that it would become the same again: the next round ends only
//! when the slow thread has come, too.
//!
//! The state is a *monitor*: plain fields, a mutex that guards all of them, and a condition variable
//! for those who wait. Faster barriers are in [`stages`](crate::stages).

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a thread is in the round that it has completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The one that arrived last; there is one in each round, unless a drop completed it.
    Leader,
    /// All others.
    Follower,
}

/// Somebody has waited for too long: the barrier is of no use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// A meeting point for a number of threads, again and again.
#[derive(Debug)]
pub struct Barrier {
    state: Mutex<State>,
    /// Notified when a round is complete, and when the barrier breaks.
    changed: Condvar,
}

/// Guarded by the mutex.
#[derive(Debug)]
struct State {
    /// How many must come in this round.
    parties: usize,
    /// How many have come, fewer than that.
    arrived: usize,
    /// The number of the round. It wraps around, which harms nobody: two rounds are never far apart.
    generation: u32,
    /// Whether somebody has waited for too long.
    broken: bool,
}

impl Barrier {
    /// A barrier for `n` threads. None behaves as one: whoever comes goes on.
    pub fn new(n: usize) -> Barrier {
        let state = State {
            parties: n,
            arrived: 0,
            generation: 0,
            broken: false,
        };
        Barrier {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Arrives, and sleeps until all have arrived.
    ///
    /// # Errors
    ///
    /// If the barrier is broken, or breaks before this round is complete.
    pub fn wait(&self) -> Result<Turn, Broken> {
        self.wait_until(None)
    }

    /// Arrives, and sleeps until all have arrived, but not for longer than `d`. Then the barrier
    /// breaks, for all: a round without one of its parties can never be complete.
    ///
    /// # Errors
    ///
    /// If the time is over, and as [`Barrier::wait`].
    pub fn wait_timeout(&self, d: Duration) -> Result<Turn, Broken> {
        // A time that no clock reaches is no limit.
        self.wait_until(Instant::now().checked_add(d))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<Turn, Broken> {
        let mut state = self.lock();
        if state.broken {
            return Err(Broken);
        }
        state.arrived += 1;
        if state.arrived >= state.parties {
            self.open(&mut state);
            return Ok(Turn::Leader);
        }
        let mine = state.generation;
        while state.generation == mine && !state.broken {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            state = match left {
                None => self.sleep(state),
                Some(Duration::ZERO) => {
                    state.broken = true;
                    self.changed.notify_all();
                    state
                }
                Some(left) => self.sleep_for(state, left),
            };
        }
        // A round that is complete stays so, whatever breaks afterwards.
        match state.generation == mine {
            true => Err(Broken),
            false => Ok(Turn::Follower),
        }
    }

    /// Counts as arrived in this round without waiting for the others, who are one fewer from the
    /// next round on. If that completes the round, it has no leader. A broken round stays broken.
    pub fn arrive_and_drop(&self) {
        let mut state = self.lock();
        // Whether it is counted as one that has come or not at all: as many are missing.
        state.parties = state.parties.saturating_sub(1);
        if !state.broken && state.arrived > 0 && state.arrived >= state.parties {
            self.open(&mut state);
        }
    }

    /// Whether somebody has waited for too long.
    pub fn is_broken(&self) -> bool {
        self.lock().broken
    }

    /// This round is complete.
    fn open(&self, state: &mut State) {
        state.arrived = 0;
        state.generation = state.generation.wrapping_add(1);
        self.changed.notify_all();
    }

    /// No code of others runs under the mutex, so a panic elsewhere leaves the state as it should be.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let slept = self.changed.wait(state);
        slept.unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep_for<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        let slept = self.changed.wait_timeout(state, time);
        slept.unwrap_or_else(PoisonError::into_inner).0
    }
}
