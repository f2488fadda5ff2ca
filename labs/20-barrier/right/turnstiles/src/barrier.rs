//! Two turnstiles made of semaphores: all are in before anybody gets out, and out before anybody gets in.
//!
//! Whoever comes last puts a token for each into the first one; whoever counts itself out last, into the
//! second one. So a fast thread cannot come round and take the token of a slow one. A barrier that breaks
//! hands out the tokens of the round as well: each takes one, and learns what has happened.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Leader,
    Follower,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// A counting semaphore of tokens.
#[derive(Debug, Default)]
struct Turnstile {
    tokens: Mutex<usize>,
    added: Condvar,
}

impl Turnstile {
    fn let_through(&self, n: usize) {
        *self.tokens.lock().unwrap() += n;
        self.added.notify_all();
    }

    /// Takes a token; whether there was one before the time was over.
    fn pass(&self, deadline: Option<Instant>) -> bool {
        let mut tokens = self.tokens.lock().unwrap();
        while *tokens == 0 {
            let Some(at) = deadline else {
                tokens = self.added.wait(tokens).unwrap();
                continue;
            };
            let left = at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            tokens = self.added.wait_timeout(tokens, left).unwrap().0;
        }
        *tokens -= 1;
        true
    }
}

#[derive(Debug)]
pub struct Barrier {
    state: Mutex<State>,
    /// For those who have arrived.
    first: Turnstile,
    /// For those who have counted themselves out.
    second: Turnstile,
}

#[derive(Debug)]
struct State {
    parties: usize,
    inside: usize,
    /// How many the round that is complete was made of; 0 while it is not.
    complete: usize,
    broken: bool,
}

impl State {
    /// Whether the round is complete by what has just happened.
    fn completes(&mut self) -> bool {
        let completes = self.is_open() && self.inside > 0 && self.inside >= self.parties;
        if completes {
            self.complete = self.inside;
        }
        completes
    }

    /// Whether the round may still break, or become complete.
    fn is_open(&self) -> bool {
        self.complete == 0 && !self.broken
    }
}

impl Barrier {
    pub fn new(n: usize) -> Barrier {
        let state = State {
            parties: n,
            inside: 0,
            complete: 0,
            broken: false,
        };
        Barrier {
            state: Mutex::new(state),
            first: Turnstile::default(),
            second: Turnstile::default(),
        }
    }

    pub fn wait(&self) -> Result<Turn, Broken> {
        self.wait_until(None)
    }

    pub fn wait_timeout(&self, d: Duration) -> Result<Turn, Broken> {
        self.wait_until(Instant::now().checked_add(d))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<Turn, Broken> {
        let last = {
            let mut state = self.lock();
            if state.broken {
                return Err(Broken);
            }
            state.inside += 1;
            let last = state.completes();
            if last {
                self.first.let_through(state.inside);
            }
            last
        };
        if !self.first.pass(deadline) {
            self.break_round();
            // There is a token now, for a round that is broken, or complete after all.
            self.first.pass(None);
        }
        self.count_out()?;
        // All others are through the first one, or will be soon: so there is no limit.
        self.second.pass(None);
        Ok(if last { Turn::Leader } else { Turn::Follower })
    }

    pub fn arrive_and_drop(&self) {
        let mut state = self.lock();
        state.parties = state.parties.saturating_sub(1);
        if state.completes() {
            self.first.let_through(state.inside);
        }
    }

    pub fn is_broken(&self) -> bool {
        self.lock().broken
    }

    /// The time is over. If the round has become complete meanwhile, nothing breaks.
    fn break_round(&self) {
        let mut state = self.lock();
        if state.is_open() {
            state.broken = true;
            self.first.let_through(state.inside);
        }
    }

    fn count_out(&self) -> Result<(), Broken> {
        let mut state = self.lock();
        if state.broken {
            return Err(Broken);
        }
        state.inside -= 1;
        if state.inside == 0 {
            let all = std::mem::take(&mut state.complete);
            self.second.let_through(all);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}
