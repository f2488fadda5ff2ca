//! Stage 2: whoever has finished is taken off the list, so that no round looks at it again.
//!
//! Half of the work of bad orders, and still quadratic. On easy states this is as good as it gets:
//! each row is read once.

use crate::state::{Rows, State};

/// An order in which all can finish, or `None`.
pub fn safe_sequence(state: &State) -> Option<Vec<usize>> {
    let mut work = state.available.clone();
    let mut waiting: Vec<usize> = (0..state.processes()).collect();
    let mut sequence = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        if round(state.rows(), &mut work, &mut waiting, &mut sequence) == 0 {
            return None;
        }
    }
    Some(sequence)
}

/// One round over those who wait; says how many have finished.
pub(crate) fn round(
    rows: Rows<'_>,
    work: &mut [u32],
    waiting: &mut Vec<usize>,
    sequence: &mut Vec<usize>,
) -> usize {
    let before = waiting.len();
    waiting.retain(|&p| {
        let stays = rows.short(p, 0, work).is_some();
        if !stays {
            rows.finish(p, work);
            sequence.push(p);
        }
        stays
    });
    before - waiting.len()
}
