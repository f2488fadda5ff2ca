//! What a banker must say, found out in the slowest and plainest way.

use checks::Random;

/// A process: its claim, and what it holds.
#[derive(Clone, Debug)]
pub struct Account {
    pub claim: Vec<u32>,
    pub held: Vec<u32>,
}

/// A bank as somebody keeps it on paper.
#[derive(Clone, Debug)]
pub struct Book {
    pub total: Vec<u32>,
    /// By number; `None` has left.
    pub accounts: Vec<Option<Account>>,
}

/// Somebody finishes.
#[derive(Clone, Debug)]
pub struct Step {
    pub process: usize,
    pub before: Vec<u32>,
    pub after: Vec<u32>,
}

impl Account {
    pub fn need(&self) -> Vec<u32> {
        let pairs = self.claim.iter().zip(&self.held);
        pairs.map(|(claim, held)| claim - held).collect()
    }
}

impl Book {
    pub fn new(total: Vec<u32>) -> Self {
        Self {
            total,
            accounts: Vec::new(),
        }
    }

    /// Those who have not left.
    pub fn live(&self) -> Vec<usize> {
        let all = 0..self.accounts.len();
        all.filter(|p| self.accounts[*p].is_some()).collect()
    }

    pub fn account(&self, p: usize) -> Option<&Account> {
        self.accounts.get(p)?.as_ref()
    }

    pub fn available(&self) -> Vec<u32> {
        let held = |r: usize| {
            let live = self.accounts.iter().flatten();
            live.map(|account| account.held[r]).sum::<u32>()
        };
        (0..self.total.len())
            .map(|r| self.total[r] - held(r))
            .collect()
    }

    /// What is there when those of `finished` have given everything back.
    fn work(&self, finished: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut work = self.available();
        for p in self.live().into_iter().filter(|p| finished(*p)) {
            for (work, held) in work.iter_mut().zip(self.held(p)) {
                *work += held;
            }
        }
        work
    }

    fn held(&self, p: usize) -> Vec<u32> {
        self.account(p).map_or_else(Vec::new, |it| it.held.clone())
    }

    fn can_finish(&self, p: usize, work: &[u32]) -> bool {
        self.account(p)
            .is_some_and(|account| covers(work, &account.need()))
    }

    /// Whether some order lets everybody finish: all sets of processes that can have finished, from
    /// the empty one on. For a handful of processes.
    pub fn safe(&self) -> bool {
        let live = self.live();
        let mut reached = vec![false; 1 << live.len()];
        reached[0] = true;
        for set in 0..reached.len() {
            if !reached[set] {
                continue;
            }
            let is_in = |p: usize| {
                live.iter()
                    .position(|q| *q == p)
                    .is_some_and(|at| set >> at & 1 == 1)
            };
            let work = self.work(is_in);
            for (at, &p) in live.iter().enumerate() {
                if !is_in(p) && self.can_finish(p, &work) {
                    reached[set | 1 << at] = true;
                }
            }
        }
        reached[reached.len() - 1]
    }

    /// The test as one does it on paper: who finishes, and who is stuck.
    pub fn walk(&self) -> (Vec<Step>, Vec<usize>) {
        let mut work = self.available();
        let (mut steps, mut waiting) = (Vec::new(), self.live());
        loop {
            let before = steps.len();
            waiting.retain(|&process| {
                let can = self.can_finish(process, &work);
                if can {
                    let before = work.clone();
                    for (work, held) in work.iter_mut().zip(self.held(process)) {
                        *work += held;
                    }
                    let after = work.clone();
                    steps.push(Step {
                        process,
                        before,
                        after,
                    });
                }
                !can
            });
            if steps.len() == before {
                return (steps, waiting);
            }
        }
    }

    /// What is wrong with an order, if anything: English and Chinese.
    pub fn objection(&self, order: &[usize]) -> Option<(String, String)> {
        let mut named = order.to_vec();
        named.sort_unstable();
        if named != self.live() {
            let live = self.live();
            return Some((
                format!("it must name each of {live:?} once"),
                format!("{live:?} 中的每一个都应恰好出现一次"),
            ));
        }
        order.iter().enumerate().find_map(|(at, &p)| {
            let work = self.work(|q| order[..at].contains(&q));
            let need = self.account(p)?.need();
            (!covers(&work, &need)).then(|| {
                (
                    format!("in its turn P{p} still needs {need:?}, and there is {work:?}"),
                    format!("轮到 P{p} 时，它还需要 {need:?}，而可用的只有 {work:?}"),
                )
            })
        })
    }

    /// Notes a grant.
    pub fn grant(&mut self, p: usize, req: &[u32]) {
        if let Some(Some(account)) = self.accounts.get_mut(p) {
            for (held, asked) in account.held.iter_mut().zip(req) {
                *held += asked;
            }
        }
    }

    /// As a question writes it: total, claims, allocations.
    pub fn written(&self) -> [String; 3] {
        let rows = |of: fn(&Account) -> &Vec<u32>| {
            let all = self.accounts.iter().flatten();
            all.map(|account| row(of(account)))
                .collect::<Vec<_>>()
                .join("/")
        };
        [row(&self.total), rows(|it| &it.claim), rows(|it| &it.held)]
    }
}

pub fn covers(there: &[u32], wanted: &[u32]) -> bool {
    there
        .iter()
        .zip(wanted)
        .all(|(there, wanted)| there >= wanted)
}

/// `3,3,2`
pub fn row(numbers: &[u32]) -> String {
    let columns: Vec<String> = numbers.iter().map(u32::to_string).collect();
    columns.join(",")
}

/// The numbers below `n` in a random order.
pub fn shuffled(random: &mut Random, n: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..n).collect();
    for at in (1..n).rev() {
        all.swap(at, random.between(0, at as u64) as usize);
    }
    all
}

/// A state in which exactly one order works: the first of `order` needs nothing, each other one
/// exactly what those before it give back.
pub fn chain(random: &mut Random, order: &[usize], resources: usize) -> Book {
    let mut accounts = vec![None; order.len()];
    let mut work = vec![0; resources];
    for &p in order {
        let held: Vec<u32> = (0..resources)
            .map(|_| random.between(1, 3) as u32)
            .collect();
        let claim = work.iter().zip(&held).map(|(work, held)| work + held);
        accounts[p] = Some(Account {
            claim: claim.collect(),
            held: held.clone(),
        });
        for (work, held) in work.iter_mut().zip(held) {
            *work += held;
        }
    }
    Book {
        total: work,
        accounts,
    }
}

/// Any state, safe or not.
pub fn any(random: &mut Random, processes: usize, resources: usize) -> Book {
    let most = random.between(2, 9);
    let mut numbers = |most: u64| -> Vec<u32> {
        (0..resources)
            .map(|_| random.between(0, most) as u32)
            .collect()
    };
    let accounts: Vec<Account> = (0..processes)
        .map(|_| {
            let (held, need) = (numbers(most), numbers(most));
            let claim = held.iter().zip(need).map(|(held, need)| held + need);
            Account {
                claim: claim.collect(),
                held: held.clone(),
            }
        })
        .collect();
    let spare = numbers(most / 2 + 1);
    let total = (0..resources)
        .map(|r| {
            let held: u32 = accounts.iter().map(|account| account.held[r]).sum();
            let claimed = accounts.iter().map(|account| account.claim[r]).max();
            (held + spare[r]).max(claimed.unwrap_or(0))
        })
        .collect();
    Book {
        total,
        accounts: accounts.into_iter().map(Some).collect(),
    }
}
