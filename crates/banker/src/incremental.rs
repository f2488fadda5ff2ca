//! Stage 5: a banker that never tests from the beginning.
//!
//! Every state of a banker is safe, and it knows an order that proves it. What happens to that
//! order?
//!
//! - **admit**: the new process holds nothing and claims no more than there is. It goes to the end.
//! - **release**: what `p` gives back is there for everybody; its need grows by as much as there is
//!   more. The order stays.
//! - **leave**: `p` gives back at once what it would have given back in its turn. The others' order
//!   stays.
//! - **grant** to `p`: there is less until `p` finishes, and as much as before from then on. So
//!   only one question is to be answered: *can `p` finish?* If some can finish, and then `p`, then
//!   the others can do it in their old order. Most often `p` can finish right away, and the answer
//!   costs one row.
//!
//! The order is a linked list, so that moving a process to the front costs the same wherever it
//! was.

use crate::banker::{BankError, Decision, Why};
use crate::state::Rows;
use crate::watching::finish_all;

/// No process.
const NONE: usize = usize::MAX;

/// A banker like [`Banker`](crate::Banker), with the same answers, that keeps its safe sequence.
#[derive(Clone, Debug)]
pub struct Incremental {
    total: Vec<u32>,
    available: Vec<u32>,
    /// Row after row.
    need: Vec<u32>,
    allocation: Vec<u32>,
    /// The safe sequence: who comes after `p`, and who before.
    next: Vec<usize>,
    previous: Vec<usize>,
    live: Vec<bool>,
    first: usize,
    last: usize,
}

impl Incremental {
    /// A bank that has so much of each resource, and no process yet.
    pub fn new(total: &[u32]) -> Incremental {
        Incremental {
            total: total.to_vec(),
            available: total.to_vec(),
            need: Vec::new(),
            allocation: Vec::new(),
            next: Vec::new(),
            previous: Vec::new(),
            live: Vec::new(),
            first: NONE,
            last: NONE,
        }
    }

    /// As [`Banker::admit`](crate::Banker::admit).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn admit(&mut self, claim: &[u32]) -> Result<usize, BankError> {
        self.length(claim)?;
        if let Some(r) = short(&self.total, claim) {
            return Err(BankError::ExceedsTotal { r });
        }
        let p = self.live.len();
        self.need.extend_from_slice(claim);
        self.allocation.resize(self.need.len(), 0);
        self.live.push(true);
        self.next.push(NONE);
        self.previous.push(self.last);
        match self.last {
            NONE => self.first = p,
            last => self.next[last] = p,
        }
        self.last = p;
        Ok(p)
    }

    /// As [`Banker::request`](crate::Banker::request).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn request(&mut self, p: usize, req: &[u32]) -> Result<Decision, BankError> {
        let row = self.row(p)?;
        self.length(req)?;
        if let Some(r) = short(&self.need[row.clone()], req) {
            let (need, asked) = (self.need[row][r], req[r]);
            return Err(BankError::ExceedsClaim { r, need, asked });
        }
        if short(&self.available, req).is_some() {
            return Ok(Decision::MustWait(Why::NotAvailable));
        }
        take(&mut self.available, req);
        take(&mut self.need[row.clone()], req);
        give(&mut self.allocation[row.clone()], req);
        let Some(before_p) = self.who_first(p) else {
            give(&mut self.available, req);
            give(&mut self.need[row.clone()], req);
            take(&mut self.allocation[row], req);
            return Ok(Decision::MustWait(Why::Unsafe));
        };
        // They, then p, then all others as they were.
        for moved in before_p.into_iter().rev() {
            self.unlink(moved);
            self.push_front(moved);
        }
        Ok(Decision::Granted)
    }

    /// As [`Banker::release`](crate::Banker::release).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn release(&mut self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        let row = self.row(p)?;
        self.length(rel)?;
        if let Some(r) = short(&self.allocation[row.clone()], rel) {
            let held = self.allocation[row][r];
            return Err(BankError::NotHeld { r, held });
        }
        take(&mut self.allocation[row.clone()], rel);
        give(&mut self.need[row], rel);
        give(&mut self.available, rel);
        Ok(())
    }

    /// As [`Banker::leave`](crate::Banker::leave).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn leave(&mut self, p: usize) -> Result<(), BankError> {
        let row = self.row(p)?;
        give(&mut self.available, &self.allocation[row.clone()]);
        self.allocation[row].fill(0);
        self.live[p] = false;
        self.unlink(p);
        Ok(())
    }

    /// The order that is known to work. It need not be the one that another test finds.
    pub fn safe_sequence(&self) -> Vec<usize> {
        let after = |p: &usize| Some(self.next[*p]).filter(|p| *p != NONE);
        let first = Some(self.first).filter(|p| *p != NONE);
        std::iter::successors(first, after).collect()
    }

    /// What nobody holds.
    pub fn available(&self) -> &[u32] {
        &self.available
    }

    /// Whether `p` can finish, by whose help: those who finish before it, and itself.
    fn who_first(&self, p: usize) -> Option<Vec<usize>> {
        let rows = Rows {
            resources: self.total.len(),
            need: &self.need,
            allocation: &self.allocation,
        };
        let mut work = self.available.clone();
        let mut finished = Vec::new();
        if rows.short(p, 0, &work).is_none() {
            finished.push(p);
            return Some(finished);
        }
        // Once along the old order, in which most can still finish; what is left goes to the
        // queues.
        let mut waiting = vec![p];
        let mut at = self.first;
        while at != NONE {
            if at != p {
                if rows.short(at, 0, &work).is_none() {
                    rows.finish(at, &mut work);
                    finished.push(at);
                    if rows.short(p, 0, &work).is_none() {
                        finished.push(p);
                        return Some(finished);
                    }
                } else {
                    waiting.push(at);
                }
            }
            at = self.next[at];
        }
        finish_all(rows, &mut work, &waiting, Some(p), &mut finished);
        (finished.last() == Some(&p)).then_some(finished)
    }

    fn row(&self, p: usize) -> Result<std::ops::Range<usize>, BankError> {
        if self.live.get(p) != Some(&true) {
            return Err(BankError::UnknownProcess(p));
        }
        let m = self.total.len();
        Ok(p * m..(p + 1) * m)
    }

    fn length(&self, row: &[u32]) -> Result<(), BankError> {
        let (want, got) = (self.total.len(), row.len());
        if want == got {
            Ok(())
        } else {
            Err(BankError::Dimension { want, got })
        }
    }

    fn unlink(&mut self, p: usize) {
        let (previous, next) = (self.previous[p], self.next[p]);
        match previous {
            NONE => self.first = next,
            previous => self.next[previous] = next,
        }
        match next {
            NONE => self.last = previous,
            next => self.previous[next] = previous,
        }
    }

    fn push_front(&mut self, p: usize) {
        self.previous[p] = NONE;
        self.next[p] = self.first;
        match self.first {
            NONE => self.last = p,
            first => self.previous[first] = p,
        }
        self.first = p;
    }
}

fn short(there: &[u32], wanted: &[u32]) -> Option<usize> {
    there
        .iter()
        .zip(wanted)
        .position(|(there, wanted)| there < wanted)
}

fn give(to: &mut [u32], amount: &[u32]) {
    for (to, amount) in to.iter_mut().zip(amount) {
        *to += amount;
    }
}

/// Never below zero: the caller has looked.
fn take(from: &mut [u32], amount: &[u32]) {
    for (from, amount) in from.iter_mut().zip(amount) {
        *from -= amount;
    }
}
