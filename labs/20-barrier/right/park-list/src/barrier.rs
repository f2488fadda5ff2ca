//! A sense that turns over, and a list of the threads that are parked.

use std::sync::Mutex;
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Leader,
    Follower,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

#[derive(Debug)]
pub struct Barrier(Mutex<State>);

#[derive(Debug)]
struct State {
    parties: usize,
    arrived: usize,
    /// Two rounds are never further apart than one.
    sense: bool,
    broken: bool,
    parked: Vec<Thread>,
}

impl State {
    fn open(&mut self) {
        self.arrived = 0;
        self.sense = !self.sense;
        self.wake();
    }

    fn wake(&mut self) {
        self.parked.drain(..).for_each(|thread| thread.unpark());
    }
}

impl Barrier {
    pub fn new(n: usize) -> Barrier {
        Barrier(Mutex::new(State {
            parties: n,
            arrived: 0,
            sense: false,
            broken: false,
            parked: Vec::new(),
        }))
    }

    pub fn wait(&self) -> Result<Turn, Broken> {
        self.wait_until(None)
    }

    pub fn wait_timeout(&self, d: Duration) -> Result<Turn, Broken> {
        self.wait_until(Instant::now().checked_add(d))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<Turn, Broken> {
        let mut state = self.0.lock().unwrap();
        if state.broken {
            return Err(Broken);
        }
        state.arrived += 1;
        if state.arrived >= state.parties {
            state.open();
            return Ok(Turn::Leader);
        }
        let mine = state.sense;
        state.parked.push(thread::current());
        loop {
            drop(state);
            match deadline {
                None => thread::park(),
                Some(at) => {
                    let left = at.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        let mut state = self.0.lock().unwrap();
                        if state.sense == mine && !state.broken {
                            state.broken = true;
                            state.wake();
                        }
                    } else {
                        thread::park_timeout(left);
                    }
                }
            }
            state = self.0.lock().unwrap();
            if state.sense != mine {
                return Ok(Turn::Follower);
            }
            if state.broken {
                return Err(Broken);
            }
        }
    }

    pub fn arrive_and_drop(&self) {
        let mut state = self.0.lock().unwrap();
        state.parties = state.parties.saturating_sub(1);
        if !state.broken && state.arrived > 0 && state.arrived >= state.parties {
            state.open();
        }
    }

    pub fn is_broken(&self) -> bool {
        self.0.lock().unwrap().broken
    }
}
