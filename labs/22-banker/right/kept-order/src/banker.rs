//! The banker remembers a safe order. A grant is tested against that one first, and only if it does not
//! hold any more is another one looked for. Whatever is given back can only help it, whoever comes
//! takes its place at the end, and whoever leaves is taken out.

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

/// One process. Who has left is known to nobody any more.
#[derive(Clone, PartialEq, Debug)]
struct Customer {
    number: usize,
    claim: Vec<u32>,
    held: Vec<u32>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Banker {
    total: Vec<u32>,
    available: Vec<u32>,
    admitted: usize,
    /// In a safe order, or in any if `safe` says that there is none.
    customers: Vec<Customer>,
    safe: bool,
}

impl Banker {
    pub fn new(total: &[u32]) -> Banker {
        Banker {
            total: total.to_vec(),
            available: total.to_vec(),
            admitted: 0,
            customers: Vec::new(),
            safe: true,
        }
    }

    pub fn from_tables(
        total: &[u32],
        claim: &[Vec<u32>],
        allocation: &[Vec<u32>],
    ) -> Result<Banker, BankError> {
        let mut banker = Banker::new(total);
        fit(claim.len(), allocation)?;
        for (claim, held) in claim.iter().zip(allocation) {
            let number = banker.admit(claim)?;
            fit(total.len(), held)?;
            for r in 0..total.len() {
                let (need, asked) = (claim[r], held[r]);
                if asked > need {
                    return Err(BankError::ExceedsClaim { r, need, asked });
                }
                let left = banker.available[r].checked_sub(asked);
                banker.available[r] = left.ok_or(BankError::ExceedsTotal { r })?;
            }
            banker.customers[number].held.clone_from(held);
        }
        banker.put_in_order();
        Ok(banker)
    }

    pub fn admit(&mut self, claim: &[u32]) -> Result<usize, BankError> {
        fit(self.total.len(), claim)?;
        if let Some(r) = (0..claim.len()).find(|r| claim[*r] > self.total[*r]) {
            return Err(BankError::ExceedsTotal { r });
        }
        // When all before it have finished, everything is there: the end is a place for anybody.
        self.customers.push(Customer {
            number: self.admitted,
            claim: claim.to_vec(),
            held: vec![0; claim.len()],
        });
        self.admitted += 1;
        Ok(self.admitted - 1)
    }

    pub fn request(&mut self, p: usize, req: &[u32]) -> Result<Decision, BankError> {
        let at = self.place(p)?;
        fit(self.total.len(), req)?;
        let customer = &self.customers[at];
        for (r, &asked) in req.iter().enumerate() {
            let need = customer.claim[r] - customer.held[r];
            if asked > need {
                return Err(BankError::ExceedsClaim { r, need, asked });
            }
        }
        if (0..req.len()).any(|r| req[r] > self.available[r]) {
            return Ok(Decision::MustWait(Why::NotAvailable));
        }
        let mut after = self.clone();
        for (r, asked) in req.iter().enumerate() {
            after.available[r] -= asked;
            after.customers[at].held[r] += asked;
        }
        if !(after.safe && after.order_holds()) {
            after.put_in_order();
        }
        if !after.safe {
            return Ok(Decision::MustWait(Why::Unsafe));
        }
        *self = after;
        Ok(Decision::Granted)
    }

    pub fn release(&mut self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        let at = self.place(p)?;
        fit(self.total.len(), rel)?;
        let held = &mut self.customers[at].held;
        if let Some(r) = (0..rel.len()).find(|r| rel[*r] > held[*r]) {
            return Err(BankError::NotHeld { r, held: held[r] });
        }
        for (r, n) in rel.iter().enumerate() {
            held[r] -= n;
            self.available[r] += n;
        }
        self.perhaps_safe_now();
        Ok(())
    }

    pub fn leave(&mut self, p: usize) -> Result<(), BankError> {
        let gone = self.customers.remove(self.place(p)?);
        for (available, held) in self.available.iter_mut().zip(gone.held) {
            *available += held;
        }
        self.perhaps_safe_now();
        Ok(())
    }

    pub fn safe_sequence(&self) -> Option<Vec<usize>> {
        let order = self.customers.iter().map(|customer| customer.number);
        self.safe.then(|| order.collect())
    }

    pub fn available(&self) -> Vec<u32> {
        self.available.clone()
    }

    pub fn allocation(&self, p: usize) -> Vec<u32> {
        let at = self.place(p);
        at.map_or_else(|_| Vec::new(), |at| self.customers[at].held.clone())
    }

    pub fn need(&self, p: usize) -> Vec<u32> {
        let Ok(at) = self.place(p) else {
            return Vec::new();
        };
        let Customer { claim, held, .. } = &self.customers[at];
        claim
            .iter()
            .zip(held)
            .map(|(claim, held)| claim - held)
            .collect()
    }

    fn place(&self, p: usize) -> Result<usize, BankError> {
        let place = self.customers.iter().position(|it| it.number == p);
        place.ok_or(BankError::UnknownProcess(p))
    }

    /// An order that holds is not touched by what comes back.
    fn perhaps_safe_now(&mut self) {
        if !self.safe {
            self.put_in_order();
        }
    }

    fn order_holds(&self) -> bool {
        let mut work = self.available.clone();
        self.customers
            .iter()
            .all(|customer| finish(customer, &mut work))
    }

    /// Whoever can finish is swapped to the front of those who are left.
    fn put_in_order(&mut self) {
        let mut work = self.available.clone();
        let mut done = 0;
        while let Some(next) =
            (done..self.customers.len()).find(|at| finish(&self.customers[*at], &mut work))
        {
            self.customers.swap(done, next);
            done += 1;
        }
        self.safe = done == self.customers.len();
    }
}

/// Lets it finish if there is enough: what it holds comes to `work`.
fn finish(customer: &Customer, work: &mut [u32]) -> bool {
    let Customer { claim, held, .. } = customer;
    let can = (0..work.len()).all(|r| claim[r] - held[r] <= work[r]);
    if can {
        work.iter_mut()
            .zip(held)
            .for_each(|(work, held)| *work += held);
    }
    can
}

fn fit<T>(want: usize, row: &[T]) -> Result<(), BankError> {
    match row.len() {
        got if got != want => Err(BankError::Dimension { want, got }),
        _ => Ok(()),
    }
}
