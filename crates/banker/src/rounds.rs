//! Stage 1, the test as books have it: round after round over all processes, until a round in which
//! nobody can finish.
//!
//! It is quick when many finish in each round. If the last process must finish first, then the last
//! but one, and so on, there are as many rounds as processes: n² rows are read.

use crate::state::State;

/// An order in which all can finish, or `None`.
pub fn safe_sequence(state: &State) -> Option<Vec<usize>> {
    let rows = state.rows();
    let mut work = state.available.clone();
    let mut finished = vec![false; state.processes()];
    let mut sequence = Vec::with_capacity(finished.len());
    loop {
        let before = sequence.len();
        for (p, finished) in finished.iter_mut().enumerate() {
            if !*finished && rows.short(p, 0, &work).is_none() {
                rows.finish(p, &mut work);
                *finished = true;
                sequence.push(p);
            }
        }
        if sequence.len() == finished.len() {
            return Some(sequence);
        }
        if sequence.len() == before {
            return None;
        }
    }
}
