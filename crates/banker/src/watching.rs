//! Stage 3: nobody is looked at again before there is a reason.
//!
//! A process that cannot finish is short of something. It is enough to *watch* one resource that it
//! is short of: while there is not enough of that one, the others do not matter. So each resource
//! has a queue of those who watch it, the smallest need in front. When somebody finishes, only
//! those are looked at for whom there is enough now; and they go on to the next resource that they
//! are short of, or finish.
//!
//! Work never shrinks, so nobody watches the same resource twice: n·m looks, and as many queue
//! operations at the very most. Holt (1972) sorts every column beforehand and needs no queues, but
//! pays for all of them; here most processes are in one queue and never in another.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::state::{Rows, State};

/// An order in which all can finish, or `None`.
pub fn safe_sequence(state: &State) -> Option<Vec<usize>> {
    let mut work = state.available.clone();
    let waiting: Vec<usize> = (0..state.processes()).collect();
    let mut sequence = Vec::with_capacity(waiting.len());
    finish_all(state.rows(), &mut work, &waiting, None, &mut sequence);
    (sequence.len() == state.processes()).then_some(sequence)
}

/// Those who watch one resource.
#[derive(Debug, Default)]
struct Queue {
    /// Those of the beginning, the smallest need last. Sorting once is cheaper than a heap.
    early: Vec<u64>,
    /// Those who came from other queues.
    late: BinaryHeap<Reverse<u64>>,
}

/// A need and a process in one number, ordered by need.
fn key(need: u32, p: usize) -> u64 {
    (u64::from(need) << 32) | p as u64
}

fn need_of(key: u64) -> u32 {
    (key >> 32) as u32
}

fn process_of(key: u64) -> usize {
    (key & u64::from(u32::MAX)) as usize
}

impl Queue {
    /// Moves those whose need `work` covers to `woken`.
    fn take(&mut self, work: u32, woken: &mut Vec<usize>) {
        let covered = |key: u64| need_of(key) <= work;
        while let Some(key) = self.early.pop_if(|key| covered(*key)) {
            woken.push(process_of(key));
        }
        while let Some(Reverse(key)) = self.late.peek().copied()
            && covered(key)
        {
            self.late.pop();
            woken.push(process_of(key));
        }
    }

    /// The smallest need; of nobody, the largest number, which costs a look at worst.
    fn lowest(&self) -> u32 {
        let early = self.early.last().copied().unwrap_or(u64::MAX);
        let late = self.late.peek().map_or(u64::MAX, |Reverse(key)| *key);
        need_of(early.min(late))
    }
}

/// Lets those who wait finish, as long as somebody can; or only until `target` has.
///
/// # Panics
///
/// If there are more than 2³² processes, whose tables no memory holds.
pub(crate) fn finish_all(
    rows: Rows<'_>,
    work: &mut [u32],
    waiting: &[usize],
    target: Option<usize>,
    sequence: &mut Vec<usize>,
) {
    let most = waiting.iter().copied().max().unwrap_or(0);
    assert!(
        u32::try_from(most).is_ok(),
        "so many processes fit into no key"
    );
    let mut queues: Vec<Queue> = Vec::new();
    queues.resize_with(rows.resources, Queue::default);
    let mut ready = Vec::new();
    for &p in waiting {
        match rows.short(p, 0, work) {
            Some(r) => queues[r].early.push(key(rows.need(p)[r], p)),
            None => ready.push(p),
        }
    }
    for queue in &mut queues {
        queue.early.sort_unstable_by(|a, b| b.cmp(a));
    }
    // Beside the queues, so that most of them need not be touched.
    let mut lowest: Vec<u32> = queues.iter().map(Queue::lowest).collect();
    let mut woken = Vec::new();

    while let Some(p) = ready.pop() {
        sequence.push(p);
        let reached = give_back(work, rows.allocation(p), &lowest);
        if target == Some(p) {
            return;
        }
        if !reached {
            continue;
        }
        for r in 0..rows.resources {
            if work[r] < lowest[r] {
                continue;
            }
            queues[r].take(work[r], &mut woken);
            lowest[r] = queues[r].lowest();
            for p in woken.drain(..) {
                // What it has watched before is still covered.
                match rows.short(p, r + 1, work) {
                    Some(next) => {
                        let need = rows.need(p)[next];
                        queues[next].late.push(Reverse(key(need, p)));
                        lowest[next] = lowest[next].min(need);
                    }
                    None => ready.push(p),
                }
            }
        }
    }
}

/// Adds to work; says whether somebody's need may be covered now. One pass without a branch:
/// processors do several columns of it at once.
fn give_back(work: &mut [u32], given: &[u32], lowest: &[u32]) -> bool {
    let mut reached = false;
    for ((work, given), lowest) in work.iter_mut().zip(given).zip(lowest) {
        *work += given;
        reached |= *work >= *lowest;
    }
    reached
}
