//! The safety test after Holt: each column of needs is sorted once; then a pointer in each column
//! moves on as work grows, and a process can finish when all of its columns have been passed.

use std::error::Error;
use std::fmt;

/// The answer to a request that is in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The process holds it now.
    Granted,
    /// Nothing was changed. Ask again when something has been released.
    MustWait(Why),
}

/// Why a request must wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// So much is not there.
    NotAvailable,
    /// It is there, but afterwards perhaps not everybody could finish.
    Unsafe,
}

/// A request, or something else, that can never be granted: waiting would not help.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BankError {
    /// There is no such process, or it has left.
    UnknownProcess(usize),
    /// A row has not as many columns as there are resources, or a table not as many rows.
    Dimension { want: usize, got: usize },
    /// More than the process has claimed.
    ExceedsClaim { r: usize, need: u32, asked: u32 },
    /// More than there is at all.
    ExceedsTotal { r: usize },
    /// A release of more than the process holds.
    NotHeld { r: usize, held: u32 },
}

impl fmt::Display for BankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProcess(p) => write!(f, "there is no process {p}"),
            Self::Dimension { want, got } => write!(f, "{got} numbers where {want} are needed"),
            Self::ExceedsClaim { r, need, asked } => {
                write!(
                    f,
                    "{asked} of resource {r}, but the claim leaves only {need}"
                )
            }
            Self::ExceedsTotal { r } => write!(f, "more of resource {r} than there is at all"),
            Self::NotHeld { r, held } => write!(f, "only {held} of resource {r} is held"),
        }
    }
}

impl Error for BankError {}

/// Who has claimed what, who holds what, and what is left.
#[derive(Clone, PartialEq, Debug)]
pub struct Banker {
    total: Vec<u32>,
    available: Vec<u32>,
    processes: Vec<Option<Account>>,
}

/// One process.
#[derive(Clone, PartialEq, Debug)]
struct Account {
    claim: Vec<u32>,
    allocation: Vec<u32>,
}

impl Account {
    fn need(&self) -> Vec<u32> {
        difference(&self.claim, &self.allocation)
    }
}

impl Banker {
    pub fn new(total: &[u32]) -> Banker {
        Banker {
            total: total.to_vec(),
            available: total.to_vec(),
            processes: Vec::new(),
        }
    }

    pub fn from_tables(
        total: &[u32],
        claim: &[Vec<u32>],
        allocation: &[Vec<u32>],
    ) -> Result<Banker, BankError> {
        let mut banker = Banker::new(total);
        length(claim.len(), allocation.len())?;
        for (claim, allocation) in claim.iter().zip(allocation) {
            let p = banker.admit(claim)?;
            length(total.len(), allocation.len())?;
            within(allocation, claim)?;
            if let Some(r) = short(&banker.available, allocation) {
                return Err(BankError::ExceedsTotal { r });
            }
            banker.hand_over(p, allocation);
        }
        Ok(banker)
    }

    pub fn admit(&mut self, claim: &[u32]) -> Result<usize, BankError> {
        length(self.total.len(), claim.len())?;
        if let Some(r) = short(&self.total, claim) {
            return Err(BankError::ExceedsTotal { r });
        }
        self.processes.push(Some(Account {
            claim: claim.to_vec(),
            allocation: vec![0; claim.len()],
        }));
        Ok(self.processes.len() - 1)
    }

    pub fn request(&mut self, p: usize, req: &[u32]) -> Result<Decision, BankError> {
        let account = self.account(p)?;
        length(self.total.len(), req.len())?;
        within(req, &account.need())?;
        if short(&self.available, req).is_some() {
            return Ok(Decision::MustWait(Why::NotAvailable));
        }
        // Tried on a copy: there is nothing to take back, and so nothing to forget.
        let mut trial = self.clone();
        trial.hand_over(p, req);
        if trial.safe_sequence().is_none() {
            return Ok(Decision::MustWait(Why::Unsafe));
        }
        *self = trial;
        Ok(Decision::Granted)
    }

    pub fn release(&mut self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        let resources = self.total.len();
        let Some(Some(account)) = self.processes.get_mut(p) else {
            return Err(BankError::UnknownProcess(p));
        };
        length(resources, rel.len())?;
        if let Some(r) = short(&account.allocation, rel) {
            let held = account.allocation[r];
            return Err(BankError::NotHeld { r, held });
        }
        account.allocation = difference(&account.allocation, rel);
        add(&mut self.available, rel);
        Ok(())
    }

    pub fn leave(&mut self, p: usize) -> Result<(), BankError> {
        let account = self.processes.get_mut(p).and_then(Option::take);
        let account = account.ok_or(BankError::UnknownProcess(p))?;
        add(&mut self.available, &account.allocation);
        Ok(())
    }

    pub fn safe_sequence(&self) -> Option<Vec<usize>> {
        let live: Vec<(usize, &Account)> = self
            .processes
            .iter()
            .enumerate()
            .filter_map(|(p, account)| Some((p, account.as_ref()?)))
            .collect();
        let resources = self.total.len();
        let columns: Vec<Vec<(u32, usize)>> = (0..resources)
            .map(|r| {
                let needs = live.iter().enumerate();
                let mut column: Vec<_> = needs.map(|(at, (_, it))| (it.need()[r], at)).collect();
                column.sort_unstable();
                column
            })
            .collect();
        let mut passed = vec![0; resources];
        let mut short_of = vec![resources; live.len()];
        let mut work = self.available.clone();
        let mut ready: Vec<usize> = match resources {
            0 => (0..live.len()).collect(),
            _ => Vec::new(),
        };
        let mut order = Vec::new();
        loop {
            for r in 0..resources {
                while let Some(&(need, at)) = columns[r].get(passed[r])
                    && need <= work[r]
                {
                    passed[r] += 1;
                    short_of[at] -= 1;
                    if short_of[at] == 0 {
                        ready.push(at);
                    }
                }
            }
            let Some(at) = ready.pop() else { break };
            let (p, account) = live[at];
            add(&mut work, &account.allocation);
            order.push(p);
        }
        (order.len() == live.len()).then_some(order)
    }

    pub fn available(&self) -> Vec<u32> {
        self.available.clone()
    }

    pub fn allocation(&self, p: usize) -> Vec<u32> {
        self.account(p)
            .map_or_else(|_| Vec::new(), |account| account.allocation.clone())
    }

    pub fn need(&self, p: usize) -> Vec<u32> {
        self.account(p).map_or_else(|_| Vec::new(), Account::need)
    }

    fn account(&self, p: usize) -> Result<&Account, BankError> {
        let account = self.processes.get(p).and_then(Option::as_ref);
        account.ok_or(BankError::UnknownProcess(p))
    }

    fn hand_over(&mut self, p: usize, amount: &[u32]) {
        if let Some(Some(account)) = self.processes.get_mut(p) {
            self.available = difference(&self.available, amount);
            add(&mut account.allocation, amount);
        }
    }
}

fn length(want: usize, got: usize) -> Result<(), BankError> {
    if want == got {
        Ok(())
    } else {
        Err(BankError::Dimension { want, got })
    }
}

/// An error if more is asked for than `need`.
fn within(asked: &[u32], need: &[u32]) -> Result<(), BankError> {
    short(need, asked).map_or(Ok(()), |r| {
        let (need, asked) = (need[r], asked[r]);
        Err(BankError::ExceedsClaim { r, need, asked })
    })
}

/// The first resource of which there is less than is wanted.
fn short(there: &[u32], wanted: &[u32]) -> Option<usize> {
    there
        .iter()
        .zip(wanted)
        .position(|(there, wanted)| there < wanted)
}

fn add(to: &mut [u32], amount: &[u32]) {
    for (to, amount) in to.iter_mut().zip(amount) {
        *to += amount;
    }
}

/// `from - amount`; each is known not to be less.
fn difference(from: &[u32], amount: &[u32]) -> Vec<u32> {
    let pairs = from.iter().zip(amount);
    pairs.map(|(from, amount)| from - amount).collect()
}
