//! The safety test in slow motion: who finishes with what, and who is stuck for want of what. For
//! people; a program asks the other modules.

use crate::state::State;

/// Somebody finishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who.
    pub process: usize,
    /// What there is, and covers its need.
    pub before: Vec<u32>,
    /// What there is when it has given back what it held.
    pub after: Vec<u32>,
}

/// Somebody who cannot finish at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Who.
    pub process: usize,
    /// A resource of which there is not enough.
    pub resource: usize,
    /// So much of it is needed.
    pub need: u32,
    /// So much of it is there.
    pub work: u32,
}

/// All steps of a test, by rounds over the processes, as one does it on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// In their order.
    pub steps: Vec<Step>,
    /// Nobody, if the state is safe.
    pub stuck: Vec<Stuck>,
}

impl Walk {
    /// The safe sequence, if there is one.
    pub fn sequence(&self) -> Option<Vec<usize>> {
        let order = || self.steps.iter().map(|step| step.process).collect();
        self.stuck.is_empty().then(order)
    }
}

/// Walks through the test.
pub fn walk(state: &State) -> Walk {
    let rows = state.rows();
    let mut work = state.available().to_vec();
    let mut steps = Vec::new();
    let mut waiting: Vec<usize> = (0..state.processes()).collect();
    loop {
        let before = steps.len();
        waiting.retain(|&process| {
            if rows.short(process, 0, &work).is_some() {
                return true;
            }
            let before = work.clone();
            rows.finish(process, &mut work);
            let after = work.clone();
            steps.push(Step {
                process,
                before,
                after,
            });
            false
        });
        if steps.len() == before {
            break;
        }
    }
    let stuck = waiting.into_iter().filter_map(|process| {
        let resource = rows.short(process, 0, &work)?;
        Some(Stuck {
            process,
            resource,
            need: rows.need(process)[resource],
            work: work[resource],
        })
    });
    Walk {
        stuck: stuck.collect(),
        steps,
    }
}
