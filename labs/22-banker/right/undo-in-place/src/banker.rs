//! One flat table each for what is held and what is needed; a request is tried in place and undone.

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

/// Rows of `total.len()` columns, one after the other.
#[derive(Clone, PartialEq, Debug)]
pub struct Banker {
    total: Vec<u32>,
    free: Vec<u32>,
    held: Vec<u32>,
    need: Vec<u32>,
    live: Vec<bool>,
}

impl Banker {
    pub fn new(total: &[u32]) -> Banker {
        Banker {
            total: total.to_vec(),
            free: total.to_vec(),
            held: Vec::new(),
            need: Vec::new(),
            live: Vec::new(),
        }
    }

    pub fn from_tables(
        total: &[u32],
        claim: &[Vec<u32>],
        allocation: &[Vec<u32>],
    ) -> Result<Banker, BankError> {
        if claim.len() != allocation.len() {
            return Err(BankError::Dimension {
                want: claim.len(),
                got: allocation.len(),
            });
        }
        let mut banker = Banker::new(total);
        for row in claim {
            banker.admit(row)?;
        }
        for (p, row) in allocation.iter().enumerate() {
            banker.fits(row)?;
            banker.within_claim(p, row)?;
            for (r, &n) in row.iter().enumerate() {
                if n > banker.free[r] {
                    return Err(BankError::ExceedsTotal { r });
                }
            }
            banker.take(p, row);
        }
        Ok(banker)
    }

    pub fn admit(&mut self, claim: &[u32]) -> Result<usize, BankError> {
        self.fits(claim)?;
        for (r, (claimed, total)) in claim.iter().zip(&self.total).enumerate() {
            if claimed > total {
                return Err(BankError::ExceedsTotal { r });
            }
        }
        self.need.extend(claim);
        self.held.extend(claim.iter().map(|_| 0));
        self.live.push(true);
        Ok(self.live.len() - 1)
    }

    pub fn request(&mut self, p: usize, req: &[u32]) -> Result<Decision, BankError> {
        self.known(p)?;
        self.fits(req)?;
        self.within_claim(p, req)?;
        if req.iter().zip(&self.free).any(|(asked, free)| asked > free) {
            return Ok(Decision::MustWait(Why::NotAvailable));
        }
        self.take(p, req);
        if self.safe_sequence().is_some() {
            return Ok(Decision::Granted);
        }
        self.give(p, req);
        Ok(Decision::MustWait(Why::Unsafe))
    }

    pub fn release(&mut self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        self.known(p)?;
        self.fits(rel)?;
        let from = p * self.total.len();
        for (r, &n) in rel.iter().enumerate() {
            let held = self.held[from + r];
            if n > held {
                return Err(BankError::NotHeld { r, held });
            }
        }
        self.give(p, rel);
        Ok(())
    }

    pub fn leave(&mut self, p: usize) -> Result<(), BankError> {
        self.known(p)?;
        let all = self.allocation(p);
        self.give(p, &all);
        self.live[p] = false;
        Ok(())
    }

    /// From the front again after each who finishes.
    pub fn safe_sequence(&self) -> Option<Vec<usize>> {
        let m = self.total.len();
        let mut work = self.free.clone();
        let mut left: Vec<usize> = (0..self.live.len()).filter(|p| self.live[*p]).collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let can = |p: &usize| (0..m).all(|r| self.need[p * m + r] <= work[r]);
            let at = left.iter().position(can)?;
            let p = left.remove(at);
            for r in 0..m {
                work[r] += self.held[p * m + r];
            }
            order.push(p);
        }
        Some(order)
    }

    pub fn available(&self) -> Vec<u32> {
        self.free.clone()
    }

    pub fn allocation(&self, p: usize) -> Vec<u32> {
        self.row(&self.held, p)
    }

    pub fn need(&self, p: usize) -> Vec<u32> {
        self.row(&self.need, p)
    }

    fn row(&self, table: &[u32], p: usize) -> Vec<u32> {
        match self.known(p) {
            Ok(()) => table[p * self.total.len()..][..self.total.len()].to_vec(),
            Err(_) => Vec::new(),
        }
    }

    fn known(&self, p: usize) -> Result<(), BankError> {
        match self.live.get(p) {
            Some(true) => Ok(()),
            _ => Err(BankError::UnknownProcess(p)),
        }
    }

    fn fits(&self, row: &[u32]) -> Result<(), BankError> {
        let (want, got) = (self.total.len(), row.len());
        if want != got {
            return Err(BankError::Dimension { want, got });
        }
        Ok(())
    }

    fn within_claim(&self, p: usize, row: &[u32]) -> Result<(), BankError> {
        let from = p * self.total.len();
        for (r, &asked) in row.iter().enumerate() {
            let need = self.need[from + r];
            if asked > need {
                return Err(BankError::ExceedsClaim { r, need, asked });
            }
        }
        Ok(())
    }

    fn take(&mut self, p: usize, row: &[u32]) {
        let from = p * self.total.len();
        for (r, n) in row.iter().enumerate() {
            self.free[r] -= n;
            self.need[from + r] -= n;
            self.held[from + r] += n;
        }
    }

    fn give(&mut self, p: usize, row: &[u32]) {
        let from = p * self.total.len();
        for (r, n) in row.iter().enumerate() {
            self.free[r] += n;
            self.need[from + r] += n;
            self.held[from + r] -= n;
        }
    }
}
