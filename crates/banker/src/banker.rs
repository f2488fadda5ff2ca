//! `Banker`: grants a request only if everybody can still finish. Nobody waits in here: who must
//! wait is told so. Waiting is [`bank`](crate::bank)'s business.
//!
//! Four numbers describe a process and a resource:
//!
//! | | |
//! |---|---|
//! | claim | the most that the process will ever hold at a time; said once, at the beginning |
//! | allocation | what it holds now |
//! | need | what it may still ask for: claim - allocation |
//! | available | what nobody holds: total - all allocations |
//!
//! Two things hold at all times, and make the arithmetic safe: `allocation <= claim <= total` for
//! each process, and `available` plus all allocations is `total`. So no sum in here exceeds a
//! `total`, and no difference is below zero.

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
    Dimension {
        /// So many there should be.
        want: usize,
        /// So many there are.
        got: usize,
    },
    /// More than the process has claimed.
    ExceedsClaim {
        /// Of this resource.
        r: usize,
        /// So much it may still ask for.
        need: u32,
        /// So much it has asked for.
        asked: u32,
    },
    /// More than there is at all.
    ExceedsTotal {
        /// Of this resource.
        r: usize,
    },
    /// A release of more than the process holds.
    NotHeld {
        /// Of this resource.
        r: usize,
        /// So much it holds.
        held: u32,
    },
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
    /// By number; `None` has left.
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
    /// A bank that has so much of each resource, and no process yet.
    pub fn new(total: &[u32]) -> Banker {
        Banker {
            total: total.to_vec(),
            available: total.to_vec(),
            processes: Vec::new(),
        }
    }

    /// A state as a book writes it down, safe or not: row `p` of the tables is process `p`.
    ///
    /// # Errors
    ///
    /// [`Dimension`](BankError::Dimension) if the tables do not fit together,
    /// [`ExceedsTotal`](BankError::ExceedsTotal) if a claim or the sum of all allocations is more
    /// than there is, [`ExceedsClaim`](BankError::ExceedsClaim) if an allocation is more than its
    /// claim (whose `need` is then the claim).
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

    /// A new process, which will never hold more than `claim`. Returns its number: the first is 0,
    /// and no number is used again.
    ///
    /// # Errors
    ///
    /// [`Dimension`](BankError::Dimension), and [`ExceedsTotal`](BankError::ExceedsTotal) for a
    /// claim that could never be met.
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

    /// Grants `req` to process `p`, if it is there and the state stays safe. Unless it is granted,
    /// nothing changes.
    ///
    /// # Errors
    ///
    /// [`UnknownProcess`](BankError::UnknownProcess), [`Dimension`](BankError::Dimension),
    /// [`ExceedsClaim`](BankError::ExceedsClaim); the first of them that applies.
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

    /// Takes `rel` back from process `p`. Its claim stays: it may ask for it again.
    ///
    /// # Errors
    ///
    /// [`UnknownProcess`](BankError::UnknownProcess), [`Dimension`](BankError::Dimension),
    /// [`NotHeld`](BankError::NotHeld); the first of them that applies, and nothing changes.
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

    /// Process `p` has finished: all that it holds comes back, and its number is unknown from now
    /// on.
    ///
    /// # Errors
    ///
    /// [`UnknownProcess`](BankError::UnknownProcess).
    pub fn leave(&mut self, p: usize) -> Result<(), BankError> {
        let account = self.processes.get_mut(p).and_then(Option::take);
        let account = account.ok_or(BankError::UnknownProcess(p))?;
        add(&mut self.available, &account.allocation);
        Ok(())
    }

    /// An order in which all processes can finish even if each first asks for all of its need;
    /// `None` if there is none, and the state is *unsafe*.
    ///
    /// Whoever's need is covered by what is there can finish, and gives everything back: then there
    /// is more, never less. So it is never a mistake to let somebody finish, and no order has to be
    /// tried twice. After each one that has finished all others are looked at again; a round in
    /// which nobody could finish is the last.
    pub fn safe_sequence(&self) -> Option<Vec<usize>> {
        let mut work = self.available.clone();
        let live = self.processes.iter().enumerate();
        let mut waiting: Vec<(usize, &Account)> = live
            .filter_map(|(p, account)| Some((p, account.as_ref()?)))
            .collect();
        let mut sequence = Vec::new();
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|(p, account)| {
                if short(&work, &account.need()).is_some() {
                    return true;
                }
                add(&mut work, &account.allocation);
                sequence.push(*p);
                false
            });
            if waiting.len() == before {
                return None;
            }
        }
        Some(sequence)
    }

    /// What nobody holds, of each resource.
    pub fn available(&self) -> Vec<u32> {
        self.available.clone()
    }

    /// What process `p` holds; nothing at all, not even zeroes, if there is no such process.
    pub fn allocation(&self, p: usize) -> Vec<u32> {
        self.account(p)
            .map_or_else(|_| Vec::new(), |account| account.allocation.clone())
    }

    /// What process `p` may still ask for; empty if there is no such process.
    pub fn need(&self, p: usize) -> Vec<u32> {
        self.account(p).map_or_else(|_| Vec::new(), Account::need)
    }

    fn account(&self, p: usize) -> Result<&Account, BankError> {
        let account = self.processes.get(p).and_then(Option::as_ref);
        account.ok_or(BankError::UnknownProcess(p))
    }

    /// Moves `amount` from what is there to process `p`. Both are known to allow it.
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
