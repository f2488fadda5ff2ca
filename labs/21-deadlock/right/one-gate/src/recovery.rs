//! Getting out of a deadlock that is there: kill, take away, or begin again. Finding it is
//! [`rag`](crate::rag)'s business.
//!
//! All of them work in the same way: while somebody is deadlocked, choose a victim and have it give
//! something back. Only then are those served who wait, so that nobody takes what was given back
//! for somebody else.

use std::collections::BTreeSet;

use crate::rag::{Pid, Rag, Rid, add};

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
    /// Ends a deadlock; says what was done, in order. Nothing is done if nobody is deadlocked.
    pub fn recover(&mut self, s: Strategy) -> Vec<Action> {
        let mut actions = Vec::new();
        match s {
            Strategy::KillAll => {
                for p in self.deadlocked() {
                    self.kill(p);
                    actions.push(Action::Killed(p));
                }
            }
            Strategy::KillOneByOne { cost } => {
                while let Some(p) = cheapest(&self.deadlocked(), &cost) {
                    self.kill(p);
                    actions.push(Action::Killed(p));
                }
            }
            Strategy::Preempt { cost } => self.preempt(&cost, &mut actions),
            Strategy::Rollback { cost } => loop {
                let deadlocked = self.deadlocked();
                let Some(p) = cheapest(&deadlocked, &cost) else {
                    break;
                };
                self.roll_back(p, &deadlocked);
                actions.push(Action::RolledBack(p));
            },
        }
        self.serve();
        actions
    }

    fn kill(&mut self, p: Pid) {
        let process = &mut self.processes[p];
        process.alive = false;
        process.wanted.fill(0);
        add(&mut self.available, &process.held);
        process.held.fill(0);
        self.queue.retain(|q| *q != p);
    }

    /// Each victim loses all that others in the deadlock want, so nobody is a victim twice: when
    /// all but one have been, everything that this one waits for is there.
    fn preempt(&mut self, cost: &[u64], actions: &mut Vec<Action>) {
        loop {
            let deadlocked = self.deadlocked();
            // Whoever waits for itself is not helped by what others lose.
            if let Some(p) = deadlocked.iter().copied().find(|p| self.is_hopeless(*p)) {
                self.kill(p);
                actions.push(Action::Killed(p));
                continue;
            }
            let holders = deadlocked.iter().copied();
            let holders = holders.filter(|p| !self.to_take(*p, &deadlocked).is_empty());
            let Some(from) = cheapest(&holders.collect(), cost) else {
                return;
            };
            for (r, n) in self.to_take(from, &deadlocked) {
                let process = &mut self.processes[from];
                process.held[r] -= n;
                process.wanted[r] += n;
                self.available[r] += n;
                actions.push(Action::Preempted { from, r, n });
            }
        }
    }

    /// Whether `p` waits for more than there would be if all others held nothing.
    fn is_hopeless(&self, p: Pid) -> bool {
        let process = &self.processes[p];
        let sum = process.held.iter().zip(&process.wanted);
        sum.zip(&self.total).any(|((held, wanted), total)| {
            u64::from(*held) + u64::from(*wanted) > u64::from(*total)
        })
    }

    /// What `p` holds of that which others in the deadlock want.
    fn to_take(&self, p: Pid, deadlocked: &BTreeSet<Pid>) -> Vec<(Rid, u32)> {
        let held = self.processes[p].held.iter().copied().enumerate();
        let wanted = |r| deadlocked.iter().any(|q| *q != p && self.wanted(*q, r) > 0);
        held.filter(|(r, n)| *n > 0 && wanted(*r)).collect()
    }

    /// Back to the latest checkpoint at which `p` held nothing that the deadlocked want; without
    /// one, to the beginning. Later would be in vain: it would run into the same deadlock again.
    fn roll_back(&mut self, p: Pid, deadlocked: &BTreeSet<Pid>) {
        let resources = 0..self.total.len();
        let wanted: Vec<bool> = resources
            .map(|r| deadlocked.iter().any(|q| self.wanted(*q, r) > 0))
            .collect();
        let process = &mut self.processes[p];
        let far_enough = |held: &Vec<u32>| held.iter().zip(&wanted).all(|(n, w)| *n == 0 || !w);
        let kept = process.checkpoints.iter().rposition(far_enough);
        process.checkpoints.truncate(kept.map_or(0, |at| at + 1));
        let then = process.checkpoints.last();
        let then = then.cloned().unwrap_or_else(|| vec![0; wanted.len()]);
        for (r, then) in then.into_iter().enumerate() {
            // What it has released since is not its own any more.
            let back = process.held[r].saturating_sub(then);
            process.held[r] -= back;
            self.available[r] += back;
        }
        process.wanted.fill(0);
        self.queue.retain(|q| *q != p);
    }
}

fn cheapest(among: &BTreeSet<Pid>, cost: &[u64]) -> Option<Pid> {
    let cost = |p: Pid| cost.get(p).copied().unwrap_or(u64::MAX);
    among.iter().copied().min_by_key(|p| (cost(*p), *p))
}
