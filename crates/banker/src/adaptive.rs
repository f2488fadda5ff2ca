//! Stage 4: rounds as long as they pay, then queues.
//!
//! On an easy state nothing beats a plain scan: each row is read once, in the order in which it
//! lies in memory. On a bad order rounds are quadratic. Which of the two a state is shows in a
//! round: if less than a quarter of those who wait have finished in it, it did not pay. Each round
//! goes the other way, since the commonest bad order is the reverse of a good one. After two in a
//! row that did not pay, one each way, the rest goes to the [queues](crate::watching). So the
//! rounds together cost a few times the first, and no order is bad.

use crate::compacting::round;
use crate::state::State;
use crate::watching::finish_all;

/// So few are quickest in rounds, whatever their order.
const FEW: usize = 16;

/// An order in which all can finish, or `None`.
pub fn safe_sequence(state: &State) -> Option<Vec<usize>> {
    let rows = state.rows();
    let mut work = state.available.clone();
    let mut waiting: Vec<usize> = (0..state.processes()).collect();
    let mut sequence = Vec::with_capacity(waiting.len());
    let mut in_vain = 0;
    while !waiting.is_empty() {
        let before = waiting.len();
        let finished = round(rows, &mut work, &mut waiting, &mut sequence);
        if finished == 0 {
            return None;
        }
        in_vain = if finished < before / 4 {
            in_vain + 1
        } else {
            0
        };
        if in_vain == 2 && waiting.len() > FEW {
            finish_all(rows, &mut work, &waiting, None, &mut sequence);
            break;
        }
        waiting.reverse();
    }
    (sequence.len() == state.processes()).then_some(sequence)
}
