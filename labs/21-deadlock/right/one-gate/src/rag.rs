//! `Rag`, the resource-allocation graph: who holds what, who waits for what, and who waits in vain.
//! Getting out of it is [`recovery`](crate::recovery)'s business.
//!
//! | edge | means | kept as |
//! |---|---|---|
//! | resource → process | so many instances are allocated to it | `held` |
//! | process → resource | it waits for so many | `wanted` |
//!
//! A process that waits for several resources at once (only [`recovery`](crate::recovery) brings
//! that about) gets them all at once or not at all. So nobody who waits is ever given a part, and
//! serving a queue makes no deadlock.

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

/// The graph.
#[derive(Clone, PartialEq, Debug)]
pub struct Rag {
    pub(crate) total: Vec<u32>,
    pub(crate) available: Vec<u32>,
    pub(crate) processes: Vec<Process>,
    /// Those who wait, in the order of their requests.
    pub(crate) queue: Vec<Pid>,
}

/// One process, with a column for each resource.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Process {
    pub(crate) alive: bool,
    pub(crate) held: Vec<u32>,
    pub(crate) wanted: Vec<u32>,
    /// What was held at each checkpoint, the oldest first.
    pub(crate) checkpoints: Vec<Vec<u32>>,
    /// How often others have got what this one waits for.
    pub(crate) passed_over: u64,
}

impl Process {
    pub(crate) fn waits(&self) -> bool {
        self.wanted.iter().any(|wanted| *wanted > 0)
    }
}

impl Rag {
    /// So many processes, which hold nothing, and so many instances of each resource.
    pub fn new(processes: usize, instances: &[u32]) -> Rag {
        let nothing = vec![0; instances.len()];
        let process = Process {
            alive: true,
            held: nothing.clone(),
            wanted: nothing,
            checkpoints: Vec::new(),
            passed_over: 0,
        };
        Rag {
            total: instances.to_vec(),
            available: instances.to_vec(),
            processes: vec![process; processes],
            queue: Vec::new(),
        }
    }

    /// Process `p` asks for `n` instances of `r`: granted if so many are there, whoever waits;
    /// otherwise it waits for them.
    ///
    /// # Errors
    ///
    /// `UnknownProcess`, `Dead`, `UnknownResource`, `AlreadyBlocked`, `MoreThanExists`; the first
    /// that applies.
    pub fn request(&mut self, p: Pid, r: Rid, n: u32) -> Result<Outcome, RagError> {
        self.check(p, Some(r))?;
        if self.processes[p].waits() {
            return Err(RagError::AlreadyBlocked(p));
        }
        let total = self.total[r];
        if n > total {
            return Err(RagError::MoreThanExists { want: n, total });
        }
        self.processes[p].wanted[r] = n;
        self.processes[p].passed_over = 0;
        if n <= self.available[r] {
            self.hand_over(p);
            Ok(Outcome::Granted)
        } else {
            self.queue.push(p);
            Ok(Outcome::Blocked)
        }
    }

    /// Process `p` gives back `n` instances of `r`. Those who wait are served: in the order of
    /// their requests, each one for whom there is enough. Returns whose wait has ended, in that
    /// order.
    ///
    /// # Errors
    ///
    /// `UnknownProcess`, `Dead`, `UnknownResource`, `NotHeld`; the first that applies.
    pub fn release(&mut self, p: Pid, r: Rid, n: u32) -> Result<Vec<Pid>, RagError> {
        self.check(p, Some(r))?;
        let have = self.processes[p].held[r];
        if n > have {
            return Err(RagError::NotHeld { have });
        }
        self.processes[p].held[r] -= n;
        self.available[r] += n;
        Ok(self.serve())
    }

    /// Process `p` could begin anew from here: what it holds now is remembered, beside what was
    /// remembered before.
    ///
    /// # Errors
    ///
    /// `UnknownProcess`, `Dead`, `AlreadyBlocked`; the first that applies.
    pub fn checkpoint(&mut self, p: Pid) -> Result<(), RagError> {
        self.check(p, None)?;
        let process = &mut self.processes[p];
        if process.waits() {
            return Err(RagError::AlreadyBlocked(p));
        }
        process.checkpoints.push(process.held.clone());
        Ok(())
    }

    /// A cycle, if there is one: along the edges, the first node once more at the end.
    ///
    /// With one instance of each resource a cycle is a deadlock. With several it need not be one.
    pub fn cycle(&self) -> Option<Vec<Node>> {
        let count = self.processes.len();
        let mut search = Search {
            rag: self,
            path: Vec::new(),
            seen: vec![false; count + self.total.len()],
        };
        (0..count).find_map(|p| search.from(Node::P(p)))
    }

    /// Those who cannot finish even if all who run finish and give back everything.
    ///
    /// Who does not wait is taken to finish. That lets others finish, and so on: the graph is
    /// *reduced*. Who is left waits in vain: members of a cycle, and those who wait behind it.
    pub fn deadlocked(&self) -> BTreeSet<Pid> {
        let mut work = self.available.clone();
        let all = 0..self.processes.len();
        let mut left: BTreeSet<Pid> = all.filter(|p| self.processes[*p].alive).collect();
        loop {
            let before = left.len();
            left.retain(|p| {
                let process = &self.processes[*p];
                let stays = !covers(&work, &process.wanted);
                if !stays {
                    add(&mut work, &process.held);
                }
                stays
            });
            if left.len() == before {
                return left;
            }
        }
    }

    /// How many instances of `r` process `p` holds; 0 if there is no such process or resource.
    pub fn held(&self, p: Pid, r: Rid) -> u32 {
        self.cell(p, r, |process| &process.held)
    }

    /// How many instances of `r` process `p` waits for.
    pub fn wanted(&self, p: Pid, r: Rid) -> u32 {
        self.cell(p, r, |process| &process.wanted)
    }

    /// How many instances of `r` nobody holds.
    pub fn available(&self, r: Rid) -> u32 {
        self.available.get(r).copied().unwrap_or(0)
    }

    /// How often others have been given something of what `p` waits for, since it waits; `None` if
    /// it does not wait. A process that is passed over again and again *starves*; it is not
    /// deadlocked, since it may be served at any time.
    pub fn passed_over(&self, p: Pid) -> Option<u64> {
        let process = self.processes.get(p)?;
        process.waits().then_some(process.passed_over)
    }

    fn cell(&self, p: Pid, r: Rid, row: fn(&Process) -> &Vec<u32>) -> u32 {
        let process = self.processes.get(p);
        process.map_or(0, |process| row(process).get(r).copied().unwrap_or(0))
    }

    fn check(&self, p: Pid, r: Option<Rid>) -> Result<(), RagError> {
        match self.processes.get(p) {
            None => return Err(RagError::UnknownProcess(p)),
            Some(process) if !process.alive => return Err(RagError::Dead(p)),
            Some(_) => {}
        }
        match r {
            Some(r) if r >= self.total.len() => Err(RagError::UnknownResource(r)),
            _ => Ok(()),
        }
    }

    /// Gives to those who wait, in their order, if there is enough. A grant only makes less: once
    /// through the queue is enough.
    pub(crate) fn serve(&mut self) -> Vec<Pid> {
        let mut served = Vec::new();
        for p in std::mem::take(&mut self.queue) {
            if covers(&self.available, &self.processes[p].wanted) {
                self.hand_over(p);
                served.push(p);
            } else {
                self.queue.push(p);
            }
        }
        served
    }

    /// Process `p` gets all that it wants. It is there.
    fn hand_over(&mut self, p: Pid) {
        let process = &mut self.processes[p];
        let none = vec![0; process.wanted.len()];
        let given = std::mem::replace(&mut process.wanted, none);
        add(&mut process.held, &given);
        for (available, given) in self.available.iter_mut().zip(&given) {
            *available -= given;
        }
        let waiting = self.processes.iter_mut().filter(|other| other.waits());
        for other in waiting {
            let mut both = given.iter().zip(&other.wanted);
            if both.any(|(given, wanted)| *given > 0 && *wanted > 0) {
                other.passed_over += 1;
            }
        }
    }
}

/// Looks for a cycle, depth first.
struct Search<'a> {
    rag: &'a Rag,
    /// From the first node to where the search stands.
    path: Vec<Node>,
    /// Processes, then resources: no cycle is to be found there any more.
    seen: Vec<bool>,
}

impl Search<'_> {
    fn from(&mut self, node: Node) -> Option<Vec<Node>> {
        if let Some(first) = self.path.iter().position(|earlier| *earlier == node) {
            // What led into the cycle is no part of it.
            let mut cycle = self.path[first..].to_vec();
            cycle.push(node);
            return Some(cycle);
        }
        let (processes, resources) = (self.rag.processes.len(), self.rag.total.len());
        let (at, next) = match node {
            Node::P(p) => (p, self.edges(resources, |r| self.rag.wanted(p, r), Node::R)),
            Node::R(r) => (
                processes + r,
                self.edges(processes, |p| self.rag.held(p, r), Node::P),
            ),
        };
        if std::mem::replace(&mut self.seen[at], true) {
            return None;
        }
        self.path.push(node);
        let found = next.into_iter().find_map(|next| self.from(next));
        self.path.pop();
        found
    }

    fn edges(&self, count: usize, n: impl Fn(usize) -> u32, node: fn(usize) -> Node) -> Vec<Node> {
        (0..count).filter(|at| n(*at) > 0).map(node).collect()
    }
}

pub(crate) fn covers(there: &[u32], wanted: &[u32]) -> bool {
    there
        .iter()
        .zip(wanted)
        .all(|(there, wanted)| there >= wanted)
}

pub(crate) fn add(to: &mut [u32], amount: &[u32]) {
    for (to, amount) in to.iter_mut().zip(amount) {
        *to += amount;
    }
}
