//! Two phases, as with two turnstiles: all get in, then all get out, and only then the next ones get in.

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Leader,
    Follower,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

#[derive(Debug)]
pub struct Barrier {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    parties: usize,
    inside: usize,
    leaving: bool,
    broken: bool,
}

impl Barrier {
    pub fn new(n: usize) -> Barrier {
        let state = State {
            parties: n,
            inside: 0,
            leaving: false,
            broken: false,
        };
        Barrier {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    pub fn wait(&self) -> Result<Turn, Broken> {
        self.wait_until(None)
    }

    pub fn wait_timeout(&self, d: Duration) -> Result<Turn, Broken> {
        self.wait_until(Instant::now().checked_add(d))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<Turn, Broken> {
        let mut state = self.state.lock().unwrap();
        // The first turnstile: not before the last round has left. It will soon, so there is no limit.
        while state.leaving {
            state = self.changed.wait(state).unwrap();
        }
        if state.broken {
            return Err(Broken);
        }
        state.inside += 1;
        let last = state.inside >= state.parties;
        if last {
            state.leaving = true;
            self.changed.notify_all();
        }
        // The second one.
        while !state.leaving {
            if state.broken {
                return Err(Broken);
            }
            state = match deadline {
                None => self.changed.wait(state).unwrap(),
                Some(at) => {
                    let left = at.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        state.broken = true;
                        self.changed.notify_all();
                        return Err(Broken);
                    }
                    self.changed.wait_timeout(state, left).unwrap().0
                }
            };
        }
        state.inside -= 1;
        if state.inside == 0 {
            state.leaving = false;
            self.changed.notify_all();
        }
        Ok(if last { Turn::Leader } else { Turn::Follower })
    }

    pub fn arrive_and_drop(&self) {
        let mut state = self.state.lock().unwrap();
        state.parties = state.parties.saturating_sub(1);
        if state.leaving || state.broken {
            return;
        }
        if state.inside > 0 && state.inside >= state.parties {
            state.leaving = true;
            self.changed.notify_all();
        }
    }

    pub fn is_broken(&self) -> bool {
        self.state.lock().unwrap().broken
    }
}
