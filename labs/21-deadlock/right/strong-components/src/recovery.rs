//! Preemption from the other side: it chooses not whom to rob but whom to save, and takes no more
//! than that one is short of. Whoever has been saved can finish, so there are fewer each time.

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
                let all = self.deadlocked().into_iter();
                done.extend(all.map(|p| self.kill(p)));
            }
            Strategy::KillOneByOne { cost } => {
                while let Some(p) = by_cost(&self.deadlocked(), &cost).first() {
                    done.push(self.kill(*p));
                }
            }
            Strategy::Preempt { cost } => loop {
                let stuck = self.deadlocked();
                let hopeful = stuck.iter().filter(|p| self.could_run_alone(**p));
                match hopeful.min_by_key(|p| self.short_of(**p, &stuck).len()) {
                    Some(p) => self.save(*p, &stuck, &cost, &mut done),
                    None => {
                        done.extend(stuck.into_iter().map(|p| self.kill(p)));
                        break;
                    }
                }
            },
            Strategy::Rollback { cost } => loop {
                let stuck = self.deadlocked();
                let Some(p) = by_cost(&stuck, &cost).first().copied() else {
                    break;
                };
                self.back(p, &stuck);
                done.push(Action::RolledBack(p));
            },
        }
        self.serve();
        done
    }

    fn kill(&mut self, p: Pid) -> Action {
        for resource in &mut self.resources {
            resource.set(p, 0);
        }
        self.processes[p].dead = true;
        self.processes[p].wish = None;
        Action::Killed(p)
    }

    /// Whether there would be enough for `p` if all others held nothing.
    fn could_run_alone(&self, p: Pid) -> bool {
        let mut all = self.resources.iter().enumerate();
        all.all(|(r, it)| {
            let both = it.of(p).checked_add(self.wanted(p, r));
            both.is_some_and(|both| both <= it.total)
        })
    }

    /// What `p` is short of when all who are not stuck have finished.
    fn short_of(&self, p: Pid, stuck: &BTreeSet<Pid>) -> Vec<(Rid, u32)> {
        let all = self.resources.iter().enumerate();
        all.filter_map(|(r, it)| {
            let lasting: u32 = stuck.iter().map(|q| it.of(*q)).sum();
            let short = self.wanted(p, r).saturating_sub(it.total - lasting);
            (short > 0).then_some((r, short))
        })
        .collect()
    }

    /// Others lose what `p` is short of, the cheapest first.
    fn save(&mut self, p: Pid, stuck: &BTreeSet<Pid>, cost: &[u64], done: &mut Vec<Action>) {
        for (r, mut short) in self.short_of(p, stuck) {
            for from in by_cost(stuck, cost) {
                let held = self.held(from, r);
                let n = held.min(short);
                if from == p || n == 0 {
                    continue;
                }
                self.resources[r].set(from, held - n);
                if let Some(wish) = self.processes[from].wish.as_mut() {
                    match wish.what.iter_mut().find(|(other, _)| *other == r) {
                        Some((_, wanted)) => *wanted += n,
                        None => wish.what.push((r, n)),
                    }
                }
                done.push(Action::Preempted { from, r, n });
                short -= n;
            }
        }
    }

    fn back(&mut self, p: Pid, stuck: &BTreeSet<Pid>) {
        let wanted = |r: Rid| stuck.iter().any(|q| self.wanted(*q, r) > 0);
        let in_the_way = |it: &Vec<(Rid, u32)>| it.iter().any(|(r, n)| *n > 0 && wanted(*r));
        let mut checkpoints = self.processes[p].checkpoints.clone();
        while checkpoints.pop_if(|last| in_the_way(last)).is_some() {}
        let then = checkpoints.last().cloned().unwrap_or_default();
        for (r, resource) in self.resources.iter_mut().enumerate() {
            let then = then.iter().find(|(other, _)| *other == r);
            resource.set(p, resource.of(p).min(then.map_or(0, |(_, n)| *n)));
        }
        self.processes[p].checkpoints = checkpoints;
        self.processes[p].wish = None;
    }
}

/// The cheapest first, among equals the lowest number.
fn by_cost(among: &BTreeSet<Pid>, cost: &[u64]) -> Vec<Pid> {
    let mut all: Vec<Pid> = among.iter().copied().collect();
    all.sort_by_key(|p| cost[*p]);
    all
}
