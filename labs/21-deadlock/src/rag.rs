//! `Rag`, the resource-allocation graph: who holds what, who waits for what, and who waits in vain.

#![allow(unused_variables, dead_code, reason = "delete this when you begin")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;

/// The number of a process, from 0.
pub type Pid = usize;

/// The number of a resource, from 0.
pub type Rid = usize;

/// What a request that is in order comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The process holds it now.
    Granted,
    /// The process waits until it has been released, and gets no part of it before.
    Blocked,
}

/// A node of the graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Node {
    /// A process.
    P(Pid),
    /// A resource.
    R(Rid),
}

/// Something that makes no sense. The graph is as it was before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RagError {
    /// There is no such process.
    UnknownProcess(Pid),
    /// The process has been killed.
    Dead(Pid),
    /// There is no such resource.
    UnknownResource(Rid),
    /// The process waits already, so it cannot ask for more.
    AlreadyBlocked(Pid),
    /// More than all instances of the resource.
    MoreThanExists {
        /// So many are asked for.
        want: u32,
        /// So many there are.
        total: u32,
    },
    /// A release of more than the process holds.
    NotHeld {
        /// So many it holds.
        have: u32,
    },
}

impl fmt::Display for RagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProcess(p) => write!(f, "there is no process {p}"),
            Self::Dead(p) => write!(f, "process {p} has been killed"),
            Self::UnknownResource(r) => write!(f, "there is no resource {r}"),
            Self::AlreadyBlocked(p) => write!(f, "process {p} waits already"),
            Self::MoreThanExists { want, total } => write!(f, "{want} instances of {total}"),
            Self::NotHeld { have } => write!(f, "only {have} are held"),
        }
    }
}

impl Error for RagError {}

/// The graph. What you keep in it is up to you.
#[derive(Clone, PartialEq, Debug)]
pub struct Rag {
    available: Vec<u32>,
}

impl Rag {
    /// So many processes, which hold nothing, and so many instances of each resource.
    pub fn new(processes: usize, instances: &[u32]) -> Rag {
        todo!()
    }

    /// Process `p` asks for `n` instances of `r`: granted if so many are there, whoever waits;
    /// otherwise it waits for them.
    ///
    /// Errors: `UnknownProcess`, `Dead`, `UnknownResource`, `AlreadyBlocked`, `MoreThanExists`; the
    /// first that applies.
    pub fn request(&mut self, p: Pid, r: Rid, n: u32) -> Result<Outcome, RagError> {
        todo!()
    }

    /// Process `p` gives back `n` instances of `r`. Those who wait are served: in the order of
    /// their requests, each one for whom there is enough. Returns whose wait has ended, in that
    /// order.
    ///
    /// Errors: `UnknownProcess`, `Dead`, `UnknownResource`, `NotHeld`; the first that applies.
    pub fn release(&mut self, p: Pid, r: Rid, n: u32) -> Result<Vec<Pid>, RagError> {
        todo!()
    }

    /// Process `p` could begin anew from here.
    ///
    /// Errors: `UnknownProcess`, `Dead`, `AlreadyBlocked`; the first that applies.
    pub fn checkpoint(&mut self, p: Pid) -> Result<(), RagError> {
        todo!()
    }

    /// A cycle, if there is one: along the edges, the first node once more at the end.
    pub fn cycle(&self) -> Option<Vec<Node>> {
        todo!()
    }

    /// Those who cannot finish even if all who run finish and give back everything.
    pub fn deadlocked(&self) -> BTreeSet<Pid> {
        todo!()
    }

    /// How many instances of `r` process `p` holds; 0 if there is no such process or resource.
    pub fn held(&self, p: Pid, r: Rid) -> u32 {
        todo!()
    }

    /// How many instances of `r` process `p` waits for.
    pub fn wanted(&self, p: Pid, r: Rid) -> u32 {
        todo!()
    }

    /// How many instances of `r` nobody holds.
    pub fn available(&self, r: Rid) -> u32 {
        todo!()
    }

    /// How many grants to others, since `p` waits, held something of what `p` waits for; `None` if
    /// it does not wait.
    pub fn passed_over(&self, p: Pid) -> Option<u64> {
        todo!()
    }
}
