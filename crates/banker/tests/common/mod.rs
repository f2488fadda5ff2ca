//! Random states, and a test that is too simple to be wrong.

#![allow(dead_code, reason = "each file of tests uses a part")]

use proptest::prelude::*;

/// Total, claims and allocations that fit together; safe or not.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) total: Vec<u32>,
    pub(crate) claim: Vec<Vec<u32>>,
    pub(crate) allocation: Vec<Vec<u32>>,
}

/// Up to so many processes and resources.
pub(crate) fn tables(processes: usize, resources: usize) -> impl Strategy<Value = Tables> {
    (0..=processes, 1..=resources, 1..=12_u32).prop_flat_map(|(n, m, most)| {
        let row = || prop::collection::vec(0..=most, m);
        let rows = || prop::collection::vec(row(), n);
        (rows(), rows(), row()).prop_map(|(allocation, need, spare)| {
            let claim: Vec<Vec<u32>> = allocation
                .iter()
                .zip(&need)
                .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect())
                .collect();
            // At least what is held, and at least each claim.
            let total = (0..spare.len())
                .map(|r| {
                    let held: u32 = allocation.iter().map(|row| row[r]).sum();
                    let largest = claim.iter().map(|row| row[r]).max().unwrap_or(0);
                    (held + spare[r] / 4).max(largest)
                })
                .collect();
            Tables {
                total,
                claim,
                allocation,
            }
        })
    })
}

impl Tables {
    pub(crate) fn available(&self) -> Vec<u32> {
        let held = |r: usize| self.allocation.iter().map(|row| row[r]).sum::<u32>();
        (0..self.total.len())
            .map(|r| self.total[r] - held(r))
            .collect()
    }

    /// Tries every order.
    pub(crate) fn safe_by_trying_everything(&self) -> bool {
        let all: Vec<usize> = (0..self.claim.len()).collect();
        self.some_order(&self.available(), &all)
    }

    fn some_order(&self, work: &[u32], left: &[usize]) -> bool {
        left.is_empty()
            || left.iter().any(|&p| {
                self.finishes(p, work).is_some_and(|work| {
                    let rest: Vec<usize> = left.iter().copied().filter(|q| *q != p).collect();
                    self.some_order(&work, &rest)
                })
            })
    }

    /// What there is after `p`, if it can finish.
    pub(crate) fn finishes(&self, p: usize, work: &[u32]) -> Option<Vec<u32>> {
        let need = |r: usize| self.claim[p][r] - self.allocation[p][r];
        let can = (0..work.len()).all(|r| need(r) <= work[r]);
        let after = || (0..work.len()).map(|r| work[r] + self.allocation[p][r]);
        can.then(|| after().collect())
    }

    /// Whether the order names everybody once and each can finish in its turn.
    pub(crate) fn works(&self, sequence: &[usize]) -> bool {
        let mut named = sequence.to_vec();
        named.sort_unstable();
        let everybody = named.iter().copied().eq(0..self.claim.len());
        let mut work = self.available();
        everybody
            && sequence.iter().all(|&p| {
                let after = self.finishes(p, &work);
                let can = after.is_some();
                work = after.unwrap_or_default();
                can
            })
    }
}
