//! Serves after each single step, and looks again each time.

use std::collections::BTreeSet;

use crate::rag::{Pid, Rag, Rid};

/// How to get out. `cost` has a number for each process; the cheapest victim is the first, among
/// equals the one with the lowest number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// All who are deadlocked are killed.
    KillAll,
    /// One is killed, and then it is looked again.
    KillOneByOne {
        /// For each process.
        cost: Vec<u64>,
    },
    /// A victim loses what others in the deadlock wait for, and waits for it from now on.
    Preempt {
        /// For each process.
        cost: Vec<u64>,
    },
    /// A victim returns to a checkpoint that is far enough back.
    Rollback {
        /// For each process.
        cost: Vec<u64>,
    },
}

/// What was done to somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// It is dead, and all that it held came back.
    Killed(Pid),
    /// It has lost something, and waits for it.
    Preempted {
        /// The victim.
        from: Pid,
        /// What it has lost.
        r: Rid,
        /// How many.
        n: u32,
    },
    /// It holds what it held at a checkpoint, and waits for nothing.
    RolledBack(Pid),
}

impl Rag {
    pub fn recover(&mut self, s: Strategy) -> Vec<Action> {
        let mut done = Vec::new();
        match s {
            Strategy::KillAll => {
                let all = self.deadlocked();
                for p in all {
                    self.kill(p);
                    done.push(Action::Killed(p));
                }
                self.serve_queue();
            }
            Strategy::KillOneByOne { cost } => {
                while let Some(p) = cheapest(self.deadlocked(), &cost) {
                    self.kill(p);
                    self.serve_queue();
                    done.push(Action::Killed(p));
                }
            }
            Strategy::Rollback { cost } => {
                while let Some(p) = cheapest(self.deadlocked(), &cost) {
                    self.back(p);
                    self.serve_queue();
                    done.push(Action::RolledBack(p));
                }
            }
            Strategy::Preempt { cost } => {
                // One resource at a time. It is served only when nobody is deadlocked any more.
                while let Some(action) = self.take_one(&cost) {
                    done.push(action);
                }
                self.serve_queue();
            }
        }
        done
    }

    fn take_one(&mut self, cost: &[u64]) -> Option<Action> {
        let stuck = self.deadlocked();
        let too_much = |p: &Pid| {
            let both = |r: Rid| u64::from(self.held(*p, r)) + u64::from(self.wanted(*p, r));
            (0..self.totals.len()).any(|r| both(r) > u64::from(self.totals[r]))
        };
        if let Some(p) = stuck.iter().copied().find(too_much) {
            self.kill(p);
            return Some(Action::Killed(p));
        }
        let useful = |p: Pid, r: Rid| {
            self.held(p, r) > 0 && stuck.iter().any(|q| *q != p && self.wanted(*q, r) > 0)
        };
        let has_some = |p: &Pid| (0..self.totals.len()).any(|r| useful(*p, r));
        let from = cheapest(stuck.iter().copied().filter(has_some).collect(), cost)?;
        let r = (0..self.totals.len()).find(|r| useful(from, *r))?;
        let n = self.held(from, r);
        self.set(from, r, 0);
        let request = self.requests.iter_mut().find(|(p, _)| *p == from);
        if let Some((_, wants)) = request {
            *wants.entry(r).or_default() += n;
        }
        Some(Action::Preempted { from, r, n })
    }

    fn kill(&mut self, p: Pid) {
        self.who[p].0 = false;
        self.holds.retain(|(q, _), _| *q != p);
        self.requests.retain(|(q, _)| *q != p);
    }

    fn back(&mut self, p: Pid) {
        let stuck = self.deadlocked();
        let wanted: BTreeSet<Rid> = (0..self.totals.len())
            .filter(|r| stuck.iter().any(|q| self.wanted(*q, *r) > 0))
            .collect();
        while let Some(last) = self.who[p].1.last() {
            if wanted.iter().all(|r| last.get(r).is_none_or(|n| *n == 0)) {
                break;
            }
            self.who[p].1.pop();
        }
        let then = self.who[p].1.last().cloned().unwrap_or_default();
        for r in 0..self.totals.len() {
            let kept = self.held(p, r).min(then.get(&r).copied().unwrap_or(0));
            self.set(p, r, kept);
        }
        self.requests.retain(|(q, _)| *q != p);
    }
}

fn cheapest(among: BTreeSet<Pid>, cost: &[u64]) -> Option<Pid> {
    among.into_iter().min_by_key(|p| (cost[*p], *p))
}
