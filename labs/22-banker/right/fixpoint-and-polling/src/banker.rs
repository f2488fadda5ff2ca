//! The set of those who can finish grows until it grows no more; an order falls out on the way.
//! Claims and allocations are kept in maps by process.

use std::collections::BTreeMap;
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

#[derive(Clone, PartialEq, Debug)]
pub struct Banker {
    total: Vec<u32>,
    /// Claim and allocation.
    customers: BTreeMap<usize, (Vec<u32>, Vec<u32>)>,
    next: usize,
}

impl Banker {
    pub fn new(total: &[u32]) -> Banker {
        Banker {
            total: total.to_vec(),
            customers: BTreeMap::new(),
            next: 0,
        }
    }

    pub fn from_tables(
        total: &[u32],
        claim: &[Vec<u32>],
        allocation: &[Vec<u32>],
    ) -> Result<Banker, BankError> {
        same(claim.len(), allocation.len())?;
        let mut banker = Banker::new(total);
        for row in claim {
            banker.admit(row)?;
        }
        for (p, row) in allocation.iter().enumerate() {
            same(total.len(), row.len())?;
            let free = banker.available();
            for r in 0..row.len() {
                let (need, asked) = (claim[p][r], row[r]);
                if asked > need {
                    return Err(BankError::ExceedsClaim { r, need, asked });
                }
                if asked > free[r] {
                    return Err(BankError::ExceedsTotal { r });
                }
            }
            banker.customers.insert(p, (claim[p].clone(), row.clone()));
        }
        Ok(banker)
    }

    pub fn admit(&mut self, claim: &[u32]) -> Result<usize, BankError> {
        same(self.total.len(), claim.len())?;
        match (0..claim.len()).find(|r| claim[*r] > self.total[*r]) {
            Some(r) => Err(BankError::ExceedsTotal { r }),
            None => {
                self.customers
                    .insert(self.next, (claim.to_vec(), vec![0; claim.len()]));
                self.next += 1;
                Ok(self.next - 1)
            }
        }
    }

    pub fn request(&mut self, p: usize, req: &[u32]) -> Result<Decision, BankError> {
        let (claim, held) = self.customers.get(&p).ok_or(BankError::UnknownProcess(p))?;
        same(self.total.len(), req.len())?;
        for r in 0..req.len() {
            let need = claim[r] - held[r];
            if req[r] > need {
                return Err(BankError::ExceedsClaim {
                    r,
                    need,
                    asked: req[r],
                });
            }
        }
        let free = self.available();
        if (0..req.len()).any(|r| req[r] > free[r]) {
            return Ok(Decision::MustWait(Why::NotAvailable));
        }
        let after: Vec<u32> = held.iter().zip(req).map(|(held, req)| held + req).collect();
        let customer = (claim.clone(), after);
        let before = self.customers.insert(p, customer);
        if self.safe_sequence().is_some() {
            return Ok(Decision::Granted);
        }
        self.customers.extend(before.map(|before| (p, before)));
        Ok(Decision::MustWait(Why::Unsafe))
    }

    pub fn release(&mut self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        let want = self.total.len();
        let (_, held) = self
            .customers
            .get_mut(&p)
            .ok_or(BankError::UnknownProcess(p))?;
        same(want, rel.len())?;
        if let Some(r) = (0..want).find(|r| rel[*r] > held[*r]) {
            return Err(BankError::NotHeld { r, held: held[r] });
        }
        held.iter_mut()
            .zip(rel)
            .for_each(|(held, rel)| *held -= rel);
        Ok(())
    }

    pub fn leave(&mut self, p: usize) -> Result<(), BankError> {
        self.customers
            .remove(&p)
            .map(drop)
            .ok_or(BankError::UnknownProcess(p))
    }

    pub fn safe_sequence(&self) -> Option<Vec<usize>> {
        let mut work = self.available();
        let mut order: Vec<usize> = Vec::new();
        while order.len() < self.customers.len() {
            let (p, (_, held)) = self.customers.iter().rev().find(|(p, (claim, held))| {
                !order.contains(p) && (0..work.len()).all(|r| claim[r] - held[r] <= work[r])
            })?;
            work.iter_mut()
                .zip(held)
                .for_each(|(work, held)| *work += held);
            order.push(*p);
        }
        Some(order)
    }

    /// What is free is not kept anywhere: it is what is left.
    pub fn available(&self) -> Vec<u32> {
        let held = |r: usize| {
            self.customers
                .values()
                .map(|(_, held)| held[r])
                .sum::<u32>()
        };
        (0..self.total.len())
            .map(|r| self.total[r] - held(r))
            .collect()
    }

    pub fn allocation(&self, p: usize) -> Vec<u32> {
        self.customers
            .get(&p)
            .map(|(_, held)| held.clone())
            .unwrap_or_default()
    }

    pub fn need(&self, p: usize) -> Vec<u32> {
        let need = |(claim, held): &(Vec<u32>, Vec<u32>)| {
            claim
                .iter()
                .zip(held)
                .map(|(claim, held)| claim - held)
                .collect()
        };
        self.customers.get(&p).map(need).unwrap_or_default()
    }
}

fn same(want: usize, got: usize) -> Result<(), BankError> {
    if want == got {
        Ok(())
    } else {
        Err(BankError::Dimension { want, got })
    }
}
