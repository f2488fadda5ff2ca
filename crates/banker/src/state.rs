//! `State`: the tables of a book, in memory as a fast test wants them. Changes nothing and decides
//! nothing.
//!
//! Each table is one block, row after row: process `p` has the places `p * m .. (p + 1) * m`. A row
//! is then in one or a few cache lines, and the next row is where the processor expects it.

use crate::banker::{BankError, Banker};

/// Needs, allocations, and what is available.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    resources: usize,
    processes: usize,
    pub(crate) available: Vec<u32>,
    pub(crate) need: Vec<u32>,
    pub(crate) allocation: Vec<u32>,
}

impl State {
    /// The state that these tables describe, row `p` being process `p`.
    ///
    /// # Errors
    ///
    /// Those of [`Banker::from_tables`].
    pub fn new(
        total: &[u32],
        claim: &[Vec<u32>],
        allocation: &[Vec<u32>],
    ) -> Result<State, BankError> {
        let banker = Banker::from_tables(total, claim, allocation)?;
        Ok(State {
            resources: total.len(),
            processes: claim.len(),
            available: banker.available(),
            need: (0..claim.len()).flat_map(|p| banker.need(p)).collect(),
            allocation: allocation.concat(),
        })
    }

    /// How many kinds of resources there are.
    pub fn resources(&self) -> usize {
        self.resources
    }

    /// How many processes there are.
    pub fn processes(&self) -> usize {
        self.processes
    }

    /// What nobody holds.
    pub fn available(&self) -> &[u32] {
        &self.available
    }

    /// What process `p` may still ask for.
    pub fn need(&self, p: usize) -> &[u32] {
        self.rows().need(p)
    }

    /// What process `p` holds.
    pub fn allocation(&self, p: usize) -> &[u32] {
        self.rows().allocation(p)
    }

    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows {
            resources: self.resources,
            need: &self.need,
            allocation: &self.allocation,
        }
    }
}

/// The two tables that a safety test reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) resources: usize,
    pub(crate) need: &'a [u32],
    pub(crate) allocation: &'a [u32],
}

impl<'a> Rows<'a> {
    pub(crate) fn need(&self, p: usize) -> &'a [u32] {
        &self.need[p * self.resources..][..self.resources]
    }

    pub(crate) fn allocation(&self, p: usize) -> &'a [u32] {
        &self.allocation[p * self.resources..][..self.resources]
    }

    /// The first resource, from `first` on, of which there is not enough for `p`.
    pub(crate) fn short(&self, p: usize, first: usize, work: &[u32]) -> Option<usize> {
        let (need, work) = (&self.need(p)[first..], &work[first..]);
        let at = need.iter().zip(work).position(|(need, work)| need > work);
        at.map(|at| first + at)
    }

    /// Process `p` gives back what it holds.
    pub(crate) fn finish(&self, p: usize, work: &mut [u32]) {
        for (work, given) in work.iter_mut().zip(self.allocation(p)) {
            *work += given;
        }
    }
}
