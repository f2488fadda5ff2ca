//! Holders are kept at each resource, and questions are answered by the strongly connected components
//! of the graph "who waits for whom" (Tarjan). A component is found after all those that it leads to.
//! So those are decided already when it is reduced, and nobody outside of them can help it.

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

/// A resource, with those who hold something of it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Resource {
    pub(crate) total: u32,
    /// Never 0 of it.
    pub(crate) holders: Vec<(Pid, u32)>,
}

impl Resource {
    pub(crate) fn of(&self, p: Pid) -> u32 {
        let holder = self.holders.iter().find(|(q, _)| *q == p);
        holder.map_or(0, |(_, n)| *n)
    }

    pub(crate) fn set(&mut self, p: Pid, n: u32) {
        self.holders.retain(|(q, _)| *q != p);
        if n > 0 {
            self.holders.push((p, n));
        }
    }

    fn free(&self) -> u32 {
        self.total - self.holders.iter().map(|(_, n)| n).sum::<u32>()
    }
}

/// What somebody waits for. Several resources at once only after a preemption.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Wish {
    pub(crate) what: Vec<(Rid, u32)>,
    /// Smaller numbers are served first.
    came: u64,
    passed_over: u64,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Process {
    pub(crate) dead: bool,
    pub(crate) wish: Option<Wish>,
    /// Resources and numbers; the newest is the last.
    pub(crate) checkpoints: Vec<Vec<(Rid, u32)>>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Rag {
    pub(crate) resources: Vec<Resource>,
    pub(crate) processes: Vec<Process>,
    clock: u64,
}

impl Rag {
    pub fn new(processes: usize, instances: &[u32]) -> Rag {
        let resource = |total: &u32| Resource {
            total: *total,
            holders: Vec::new(),
        };
        Rag {
            resources: instances.iter().map(resource).collect(),
            processes: vec![Process::default(); processes],
            clock: 0,
        }
    }

    pub fn request(&mut self, p: Pid, r: Rid, n: u32) -> Result<Outcome, RagError> {
        self.living(p)?;
        let resource = self.resources.get(r).ok_or(RagError::UnknownResource(r))?;
        if self.processes[p].wish.is_some() {
            return Err(RagError::AlreadyBlocked(p));
        }
        let total = resource.total;
        if n > total {
            return Err(RagError::MoreThanExists { want: n, total });
        }
        if n <= resource.free() {
            self.grant(p, &[(r, n)]);
            return Ok(Outcome::Granted);
        }
        self.clock += 1;
        self.processes[p].wish = Some(Wish {
            what: vec![(r, n)],
            came: self.clock,
            passed_over: 0,
        });
        Ok(Outcome::Blocked)
    }

    pub fn release(&mut self, p: Pid, r: Rid, n: u32) -> Result<Vec<Pid>, RagError> {
        self.living(p)?;
        let resource = self.resources.get_mut(r);
        let resource = resource.ok_or(RagError::UnknownResource(r))?;
        let have = resource.of(p);
        if n > have {
            return Err(RagError::NotHeld { have });
        }
        resource.set(p, have - n);
        Ok(self.serve())
    }

    pub fn checkpoint(&mut self, p: Pid) -> Result<(), RagError> {
        self.living(p)?;
        if self.processes[p].wish.is_some() {
            return Err(RagError::AlreadyBlocked(p));
        }
        let all = self.resources.iter().enumerate();
        let now = all.map(|(r, resource)| (r, resource.of(p))).collect();
        self.processes[p].checkpoints.push(now);
        Ok(())
    }

    /// A component with an edge inside has a cycle: whoever walks on and stays inside comes back.
    pub fn cycle(&self) -> Option<Vec<Node>> {
        self.components().into_iter().find_map(|component| {
            let inside = |p: Pid| self.edges(p).find(|(_, q)| component.contains(q));
            let mut at = *component.first()?;
            let mut steps: Vec<(Pid, Rid)> = Vec::new();
            loop {
                if let Some(first) = steps.iter().position(|(p, _)| *p == at) {
                    let nodes = steps[first..].iter();
                    let nodes = nodes.flat_map(|(p, r)| [Node::P(*p), Node::R(*r)]);
                    return Some(nodes.chain([Node::P(at)]).collect());
                }
                // One process without an edge to itself is a component, too.
                let (r, next) = inside(at)?;
                steps.push((at, r));
                at = next;
            }
        })
    }

    pub fn deadlocked(&self) -> BTreeSet<Pid> {
        let mut stuck: BTreeSet<Pid> = BTreeSet::new();
        for mut component in self.components() {
            loop {
                let before = component.len();
                let left = component.clone();
                component.retain(|p| {
                    let lasting = |r: Rid| {
                        let holders = self.resources[r].holders.iter();
                        let stay = holders.filter(|(q, _)| stuck.contains(q) || left.contains(q));
                        stay.map(|(_, n)| n).sum::<u32>()
                    };
                    let wish = self.processes[*p].wish.iter();
                    let mut what = wish.flat_map(|wish| &wish.what);
                    !what.all(|(r, n)| *n <= self.resources[*r].total - lasting(*r))
                });
                if component.len() == before {
                    break;
                }
            }
            stuck.extend(component);
        }
        stuck
    }

    pub fn held(&self, p: Pid, r: Rid) -> u32 {
        self.resources.get(r).map_or(0, |resource| resource.of(p))
    }

    pub fn wanted(&self, p: Pid, r: Rid) -> u32 {
        let wish = self.processes.get(p).and_then(|it| it.wish.as_ref());
        let what = wish.into_iter().flat_map(|wish| &wish.what);
        what.filter(|(other, _)| *other == r).map(|(_, n)| n).sum()
    }

    pub fn available(&self, r: Rid) -> u32 {
        self.resources.get(r).map_or(0, Resource::free)
    }

    pub fn passed_over(&self, p: Pid) -> Option<u64> {
        let wish = self.processes.get(p)?.wish.as_ref()?;
        Some(wish.passed_over)
    }

    /// Serves those who wait, the oldest first.
    pub(crate) fn serve(&mut self) -> Vec<Pid> {
        let came = |p: &Pid| self.processes[*p].wish.as_ref().map(|wish| wish.came);
        let mut waiting: Vec<Pid> = (0..self.processes.len())
            .filter(|p| came(p).is_some())
            .collect();
        waiting.sort_by_key(came);
        waiting.retain(|&p| {
            let there = |wish: &mut Wish| {
                let mut what = wish.what.iter();
                what.all(|(r, n)| *n <= self.resources[*r].free())
            };
            match self.processes[p].wish.take_if(there) {
                Some(wish) => {
                    self.grant(p, &wish.what);
                    true
                }
                None => false,
            }
        });
        waiting
    }

    fn grant(&mut self, p: Pid, what: &[(Rid, u32)]) {
        for (r, n) in what {
            let resource = &mut self.resources[*r];
            resource.set(p, resource.of(p) + n);
        }
        let given = |r: &Rid| what.iter().any(|(other, n)| other == r && *n > 0);
        let wishes = self.processes.iter_mut().filter_map(|it| it.wish.as_mut());
        for wish in wishes {
            wish.passed_over += u64::from(wish.what.iter().any(|(r, _)| given(r)));
        }
    }

    fn living(&self, p: Pid) -> Result<(), RagError> {
        match self.processes.get(p) {
            None => Err(RagError::UnknownProcess(p)),
            Some(process) if process.dead => Err(RagError::Dead(p)),
            Some(_) => Ok(()),
        }
    }

    /// What `p` waits for, with each who holds some of it.
    fn edges(&self, p: Pid) -> impl Iterator<Item = (Rid, Pid)> {
        let wish = self.processes[p].wish.iter();
        wish.flat_map(|wish| &wish.what).flat_map(|(r, _)| {
            let holders = self.resources[*r].holders.iter();
            holders.map(|(q, _)| (*r, *q))
        })
    }

    /// All living processes in components, each after those that it leads to.
    fn components(&self) -> Vec<Vec<Pid>> {
        let mut tarjan = Tarjan {
            rag: self,
            number: vec![None; self.processes.len()],
            stack: Vec::new(),
            visited: 0,
            found: Vec::new(),
        };
        for p in 0..self.processes.len() {
            if !self.processes[p].dead && tarjan.number[p].is_none() {
                tarjan.visit(p);
            }
        }
        tarjan.found
    }
}

/// Tarjan's search.
struct Tarjan<'a> {
    rag: &'a Rag,
    /// In the order in which they were seen first.
    number: Vec<Option<usize>>,
    /// Seen, and in no component yet.
    stack: Vec<Pid>,
    visited: usize,
    found: Vec<Vec<Pid>>,
}

impl Tarjan<'_> {
    /// The lowest number on the stack that `p` leads to.
    fn visit(&mut self, p: Pid) -> usize {
        let mine = self.visited;
        self.visited += 1;
        self.number[p] = Some(mine);
        self.stack.push(p);
        let mut low = mine;
        for (_, q) in self.rag.edges(p) {
            let reached = match self.number[q] {
                None => self.visit(q),
                Some(number) if self.stack.contains(&q) => number,
                Some(_) => continue,
            };
            low = low.min(reached);
        }
        if low == mine {
            let from = self.stack.iter().position(|q| *q == p).unwrap_or(0);
            self.found.push(self.stack.split_off(from));
        }
        low
    }
}
