//! Holdings and requests as lists of edges; who is deadlocked is found from the other end:
//! everybody who waits is suspected, until it is shown that it can be served.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
    MoreThanExists { want: u32, total: u32 },
    /// A release of more than the process holds.
    NotHeld { have: u32 },
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

#[derive(Clone, PartialEq, Debug)]
pub struct Rag {
    pub(crate) totals: Vec<u32>,
    /// Alive, checkpoints, times passed over.
    pub(crate) who: Vec<(bool, Vec<BTreeMap<Rid, u32>>, u64)>,
    /// Never 0.
    pub(crate) holds: BTreeMap<(Pid, Rid), u32>,
    /// In order of arrival; a victim of preemption has several resources in one entry.
    pub(crate) requests: VecDeque<(Pid, BTreeMap<Rid, u32>)>,
}

impl Rag {
    pub fn new(processes: usize, instances: &[u32]) -> Rag {
        Rag {
            totals: instances.to_vec(),
            who: vec![(true, Vec::new(), 0); processes],
            holds: BTreeMap::new(),
            requests: VecDeque::new(),
        }
    }

    pub fn request(&mut self, p: Pid, r: Rid, n: u32) -> Result<Outcome, RagError> {
        self.alive(p)?;
        let total = *self.totals.get(r).ok_or(RagError::UnknownResource(r))?;
        if self.request_of(p).is_some() {
            return Err(RagError::AlreadyBlocked(p));
        }
        if n > total {
            return Err(RagError::MoreThanExists { want: n, total });
        }
        self.who[p].2 = 0;
        if n > self.available(r) {
            self.requests.push_back((p, BTreeMap::from([(r, n)])));
            return Ok(Outcome::Blocked);
        }
        self.give(p, &BTreeMap::from([(r, n)]));
        Ok(Outcome::Granted)
    }

    pub fn release(&mut self, p: Pid, r: Rid, n: u32) -> Result<Vec<Pid>, RagError> {
        self.alive(p)?;
        if r >= self.totals.len() {
            return Err(RagError::UnknownResource(r));
        }
        let have = self.held(p, r);
        if n > have {
            return Err(RagError::NotHeld { have });
        }
        self.set(p, r, have - n);
        Ok(self.serve_queue())
    }

    pub fn checkpoint(&mut self, p: Pid) -> Result<(), RagError> {
        self.alive(p)?;
        if self.request_of(p).is_some() {
            return Err(RagError::AlreadyBlocked(p));
        }
        let now = (0..self.totals.len())
            .map(|r| (r, self.held(p, r)))
            .collect();
        self.who[p].1.push(now);
        Ok(())
    }

    /// Who can be reached from whom, by breadth; then back along the way to itself.
    pub fn cycle(&self) -> Option<Vec<Node>> {
        (0..self.who.len()).find_map(|start| {
            let mut came: BTreeMap<Pid, (Pid, Rid)> = BTreeMap::new();
            let mut next = VecDeque::from([start]);
            while let Some(p) = next.pop_front() {
                for (&r, _) in self.request_of(p).into_iter().flatten() {
                    for q in (0..self.who.len()).filter(|q| self.held(*q, r) > 0) {
                        if !came.contains_key(&q) {
                            came.insert(q, (p, r));
                            next.push_back(q);
                        }
                    }
                }
            }
            let mut way = vec![Node::P(start)];
            let mut at = start;
            loop {
                let (before, r) = *came.get(&at)?;
                way.push(Node::R(r));
                way.push(Node::P(before));
                at = before;
                if at == start {
                    way.reverse();
                    return Some(way);
                }
            }
        })
    }

    pub fn deadlocked(&self) -> BTreeSet<Pid> {
        let mut suspects: BTreeSet<Pid> = self.requests.iter().map(|(p, _)| *p).collect();
        loop {
            let kept = |r: Rid| {
                suspects
                    .iter()
                    .map(|p| u64::from(self.held(*p, r)))
                    .sum::<u64>()
            };
            let could = |r: Rid| u64::from(self.totals[r]) - kept(r);
            let cleared = self.requests.iter().find(|(p, wants)| {
                suspects.contains(p) && wants.iter().all(|(r, n)| u64::from(*n) <= could(*r))
            });
            match cleared {
                Some((p, _)) => suspects.remove(p),
                None => return suspects,
            };
        }
    }

    pub fn held(&self, p: Pid, r: Rid) -> u32 {
        self.holds.get(&(p, r)).copied().unwrap_or(0)
    }

    pub fn wanted(&self, p: Pid, r: Rid) -> u32 {
        self.request_of(p)
            .and_then(|wants| wants.get(&r).copied())
            .unwrap_or(0)
    }

    pub fn available(&self, r: Rid) -> u32 {
        let held: u32 = (0..self.who.len()).map(|p| self.held(p, r)).sum();
        self.totals.get(r).map_or(0, |total| total - held)
    }

    pub fn passed_over(&self, p: Pid) -> Option<u64> {
        self.request_of(p).map(|_| self.who[p].2)
    }

    pub(crate) fn request_of(&self, p: Pid) -> Option<&BTreeMap<Rid, u32>> {
        self.requests
            .iter()
            .find(|(q, _)| *q == p)
            .map(|(_, wants)| wants)
    }

    pub(crate) fn set(&mut self, p: Pid, r: Rid, n: u32) {
        if n == 0 {
            self.holds.remove(&(p, r));
        } else {
            self.holds.insert((p, r), n);
        }
    }

    pub(crate) fn serve_queue(&mut self) -> Vec<Pid> {
        let mut served = Vec::new();
        let mut at = 0;
        while let Some((p, wants)) = self.requests.get(at).cloned() {
            if wants.iter().all(|(r, n)| *n <= self.available(*r)) {
                self.requests.remove(at);
                self.give(p, &wants);
                served.push(p);
            } else {
                at += 1;
            }
        }
        served
    }

    fn give(&mut self, p: Pid, what: &BTreeMap<Rid, u32>) {
        for (&r, &n) in what {
            let held = self.held(p, r);
            self.set(p, r, held + n);
        }
        for (q, wants) in &self.requests {
            if wants.keys().any(|r| what.get(r).is_some_and(|n| *n > 0)) {
                self.who[*q].2 += 1;
            }
        }
    }

    fn alive(&self, p: Pid) -> Result<(), RagError> {
        match self.who.get(p) {
            None => Err(RagError::UnknownProcess(p)),
            Some((false, ..)) => Err(RagError::Dead(p)),
            Some(_) => Ok(()),
        }
    }
}
