//! Getting out of a deadlock that is there: kill, take away, or begin again.

#![allow(unused_variables, dead_code, reason = "delete this when you begin")]

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
    /// Ends a deadlock; says what was done, in order. Nothing is done if nobody is deadlocked.
    pub fn recover(&mut self, s: Strategy) -> Vec<Action> {
        todo!()
    }
}
