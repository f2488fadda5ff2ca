//! `Banker`: grants a request only if everybody can still finish. Nobody waits in here: who must
//! wait is told so.

#![allow(unused_variables, dead_code, reason = "delete this when you begin")]

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

/// Who has claimed what, who holds what, and what is left. What you need for that is up to you.
#[derive(Clone, PartialEq, Debug)]
pub struct Banker {
    available: Vec<u32>,
}

impl Banker {
    /// A bank that has so much of each resource, and no process yet.
    pub fn new(total: &[u32]) -> Banker {
        todo!()
    }

    /// A state as a book writes it down, safe or not: row `p` of the tables is process `p`.
    ///
    /// Errors: `Dimension`, `ExceedsTotal` (a claim, or the sum of all allocations), `ExceedsClaim`
    /// (an allocation above its claim; `need` is then the claim).
    pub fn from_tables(
        total: &[u32],
        claim: &[Vec<u32>],
        allocation: &[Vec<u32>],
    ) -> Result<Banker, BankError> {
        todo!()
    }

    /// A new process, which will never hold more than `claim`. Returns its number: the first is 0,
    /// and no number is used again.
    ///
    /// Errors: `Dimension`, `ExceedsTotal`.
    pub fn admit(&mut self, claim: &[u32]) -> Result<usize, BankError> {
        todo!()
    }

    /// Grants `req` to process `p`, if it is there and the state stays safe. Unless it is granted,
    /// nothing changes.
    ///
    /// Errors: `UnknownProcess`, `Dimension`, `ExceedsClaim`; the first of them that applies.
    pub fn request(&mut self, p: usize, req: &[u32]) -> Result<Decision, BankError> {
        todo!()
    }

    /// Takes `rel` back from process `p`. Its claim stays: it may ask for it again.
    ///
    /// Errors: `UnknownProcess`, `Dimension`, `NotHeld`; the first of them that applies, and
    /// nothing changes.
    pub fn release(&mut self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        todo!()
    }

    /// Process `p` has finished: all that it holds comes back, and its number is unknown from now
    /// on.
    ///
    /// Errors: `UnknownProcess`.
    pub fn leave(&mut self, p: usize) -> Result<(), BankError> {
        todo!()
    }

    /// An order in which all processes can finish even if each first asks for all of its need;
    /// `None` if there is none.
    pub fn safe_sequence(&self) -> Option<Vec<usize>> {
        todo!()
    }

    /// What nobody holds, of each resource.
    pub fn available(&self) -> Vec<u32> {
        todo!()
    }

    /// What process `p` holds; empty if there is no such process.
    pub fn allocation(&self, p: usize) -> Vec<u32> {
        todo!()
    }

    /// What process `p` may still ask for; empty if there is no such process.
    pub fn need(&self, p: usize) -> Vec<u32> {
        todo!()
    }
}
