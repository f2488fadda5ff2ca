//! What a graph must say, found out in the slowest and plainest way.

use std::collections::BTreeSet;

use checks::Random;

/// One process.
#[derive(Clone, Debug, Default)]
pub struct Process {
    pub dead: bool,
    pub held: Vec<u32>,
    pub wanted: Vec<u32>,
    pub checkpoints: Vec<Vec<u32>>,
    pub passed: u64,
}

impl Process {
    pub fn waits(&self) -> bool {
        self.wanted.iter().any(|n| *n > 0)
    }
}

/// The graph as somebody keeps it on paper.
#[derive(Clone, Debug)]
pub struct Paper {
    pub total: Vec<u32>,
    pub all: Vec<Process>,
    pub queue: Vec<usize>,
}

impl Paper {
    pub fn new(processes: usize, total: &[u32]) -> Self {
        let nothing = vec![0; total.len()];
        let process = Process {
            held: nothing.clone(),
            wanted: nothing,
            ..Process::default()
        };
        Self {
            total: total.to_vec(),
            all: vec![process; processes],
            queue: Vec::new(),
        }
    }

    pub fn available(&self, r: usize) -> u32 {
        let held: u32 = self.all.iter().map(|process| process.held[r]).sum();
        self.total[r] - held
    }

    pub fn resources(&self) -> std::ops::Range<usize> {
        0..self.total.len()
    }

    fn fits(&self, p: usize) -> bool {
        self.resources()
            .all(|r| self.all[p].wanted[r] <= self.available(r))
    }

    fn grant(&mut self, p: usize) {
        let given = std::mem::replace(&mut self.all[p].wanted, vec![0; self.total.len()]);
        for (held, given) in self.all[p].held.iter_mut().zip(&given) {
            *held += given;
        }
        for other in self.all.iter_mut().filter(|other| other.waits()) {
            let mut both = given.iter().zip(&other.wanted);
            if both.any(|(given, wanted)| *given > 0 && *wanted > 0) {
                other.passed += 1;
            }
        }
    }

    /// What a request must come to.
    pub fn request(&mut self, p: usize, r: usize, n: u32) -> Result<&'static str, String> {
        self.check(p, Some(r))?;
        if self.all[p].waits() {
            return Err(format!("already-blocked {p}"));
        }
        let total = self.total[r];
        if n > total {
            return Err(format!("more-than-exists {n} {total}"));
        }
        self.all[p].wanted[r] = n;
        self.all[p].passed = 0;
        if n <= self.available(r) {
            self.grant(p);
            return Ok("granted");
        }
        self.queue.push(p);
        Ok("blocked")
    }

    /// Whose wait a release ends.
    pub fn release(&mut self, p: usize, r: usize, n: u32) -> Result<Vec<usize>, String> {
        self.check(p, Some(r))?;
        let have = self.all[p].held[r];
        if n > have {
            return Err(format!("not-held {have}"));
        }
        self.all[p].held[r] -= n;
        let mut served = Vec::new();
        for p in std::mem::take(&mut self.queue) {
            if self.fits(p) {
                self.grant(p);
                served.push(p);
            } else {
                self.queue.push(p);
            }
        }
        Ok(served)
    }

    pub fn checkpoint(&mut self, p: usize) -> Result<(), String> {
        self.check(p, None)?;
        if self.all[p].waits() {
            return Err(format!("already-blocked {p}"));
        }
        let now = self.all[p].held.clone();
        self.all[p].checkpoints.push(now);
        Ok(())
    }

    fn check(&self, p: usize, r: Option<usize>) -> Result<(), String> {
        match self.all.get(p) {
            None => return Err(format!("unknown-process {p}")),
            Some(process) if process.dead => return Err(format!("dead {p}")),
            Some(_) => {}
        }
        match r {
            Some(r) if r >= self.total.len() => Err(format!("unknown-resource {r}")),
            _ => Ok(()),
        }
    }

    /// Who finishes in no order: all sets of processes that can have finished are tried.
    pub fn deadlocked(&self) -> BTreeSet<usize> {
        let count = self.all.len();
        let mut reached = vec![false; 1 << count];
        reached[0] = true;
        let mut can = BTreeSet::new();
        for set in 0..reached.len() {
            if !reached[set] {
                continue;
            }
            let is_in = |p: usize| set >> p & 1 == 1;
            let there = |r: usize| {
                let back = (0..count)
                    .filter(|p| is_in(*p))
                    .map(|p| self.all[p].held[r]);
                self.available(r) + back.sum::<u32>()
            };
            for p in (0..count).filter(|p| !is_in(*p)) {
                if self.resources().all(|r| self.all[p].wanted[r] <= there(r)) {
                    reached[set | 1 << p] = true;
                    can.insert(p);
                }
            }
        }
        (0..count).filter(|p| !can.contains(p)).collect()
    }

    /// Whether `to` can be reached from `from` in one step or several, from process to process.
    fn leads(&self, from: usize, to: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(p) = next.pop() {
            for r in self.resources().filter(|r| self.all[p].wanted[*r] > 0) {
                for q in (0..self.all.len()).filter(|q| self.all[*q].held[r] > 0) {
                    if q == to {
                        return true;
                    }
                    if seen.insert(q) {
                        next.push(q);
                    }
                }
            }
        }
        false
    }

    pub fn has_cycle(&self) -> bool {
        (0..self.all.len()).any(|p| self.leads(p, p))
    }

    /// Which resources somebody of `among`, but for `but`, waits for.
    pub fn wanted_by(&self, among: &BTreeSet<usize>, but: Option<usize>) -> BTreeSet<usize> {
        let others = among.iter().filter(|p| Some(**p) != but);
        let all = others.flat_map(|p| self.resources().filter(|r| self.all[*p].wanted[*r] > 0));
        all.collect()
    }

    /// Whether `p` waits for more than there would be if all others held nothing.
    pub fn is_hopeless(&self, p: usize) -> bool {
        let process = &self.all[p];
        self.resources()
            .any(|r| process.held[r] + process.wanted[r] > self.total[r])
    }

    pub fn kill(&mut self, p: usize) {
        let nothing = vec![0; self.total.len()];
        self.all[p] = Process {
            dead: true,
            held: nothing.clone(),
            wanted: nothing,
            ..Process::default()
        };
        self.queue.retain(|q| *q != p);
    }

    /// The latest checkpoint that is far enough back, or the beginning.
    pub fn roll_back(&mut self, p: usize) {
        let wanted = self.wanted_by(&self.deadlocked(), None);
        let far_enough = |held: &&Vec<u32>| wanted.iter().all(|r| held[*r] == 0);
        let nothing = vec![0; self.total.len()];
        let process = &mut self.all[p];
        let then = process.checkpoints.iter().rev().find(far_enough).cloned();
        let then = then.unwrap_or_else(|| nothing.clone());
        for (held, then) in process.held.iter_mut().zip(then) {
            *held = (*held).min(then);
        }
        process.wanted = nothing;
        self.queue.retain(|q| *q != p);
    }

    /// Three processes on a line.
    pub fn shown(&self) -> String {
        let all = self.all.iter().enumerate();
        let all: Vec<String> = all
            .map(|(p, process)| {
                let (held, wanted) = (row(&process.held), row(&process.wanted));
                format!("P{p} ({held}) ({wanted})")
            })
            .collect();
        let lines: Vec<String> = all.chunks(3).map(|some| some.join("; ")).collect();
        lines.join("\n")
    }
}

/// `1,0,2`
pub fn row(numbers: &[u32]) -> String {
    let columns: Vec<String> = numbers.iter().map(u32::to_string).collect();
    columns.join(",")
}

/// Requests that tie up a handful of processes, more or less; `instances` at most of each resource.
pub fn tangle(random: &mut Random, instances: u64) -> (usize, Vec<u32>, Vec<Step>) {
    let processes = random.between(2, 6) as usize;
    let total: Vec<u32> = (0..random.between(1, 4))
        .map(|_| random.between(1, instances) as u32)
        .collect();
    let steps = (0..random.between(4, 24)).map(|_| {
        let p = random.between(0, processes as u64 - 1) as usize;
        let r = random.between(0, total.len() as u64 - 1) as usize;
        let n = random.between(1, total[r].into()) as u32;
        match random.between(0, 9) {
            0 => Step::Release(p, r, n),
            1 => Step::Checkpoint(p),
            _ => Step::Request(p, r, n),
        }
    });
    let steps = steps.collect();
    (processes, total, steps)
}

/// Something that is done to a graph; where it is not in order, it must be refused.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Request(usize, usize, u32),
    Release(usize, usize, u32),
    Checkpoint(usize),
}
