//! Random graphs, and answers that are too simple to be wrong.

#![allow(dead_code, reason = "each file of tests uses a part")]

use std::collections::BTreeSet;

use deadlock::{Pid, Rag};
use proptest::prelude::*;

/// Processes and instances.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    pub(crate) processes: usize,
    pub(crate) instances: Vec<u32>,
}

/// What somebody does: kind, process, resource, how many.
pub(crate) type Act = (u8, usize, usize, u32);

pub(crate) fn size(most: u32) -> impl Strategy<Value = Size> {
    (2..=5_usize, prop::collection::vec(1..=most, 1..=4)).prop_map(|(processes, instances)| Size {
        processes,
        instances,
    })
}

pub(crate) fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec((0..8_u8, 0..5_usize, 0..4_usize, 1..=3_u32), 1..60)
}

/// A graph after these acts, right and wrong ones.
pub(crate) fn after(size: &Size, acts: &[Act]) -> Rag {
    let mut rag = Rag::new(size.processes, &size.instances);
    for act in acts {
        carry_out(&mut rag, *act);
    }
    rag
}

pub(crate) fn carry_out(rag: &mut Rag, (kind, p, r, n): Act) {
    // Whether it was in order is for other tests.
    match kind {
        0 | 1 => drop(rag.release(p, r, n)),
        2 => drop(rag.checkpoint(p)),
        _ => drop(rag.request(p, r, n)),
    }
}

/// Who cannot finish in any order of finishing: all sets of processes that can have finished are
/// tried.
pub(crate) fn never_finishes(rag: &Rag, size: &Size) -> BTreeSet<Pid> {
    let (n, m) = (size.processes, size.instances.len());
    let mut reached = vec![false; 1 << n];
    reached[0] = true;
    let mut can = BTreeSet::new();
    for set in 0..1 << n {
        if !reached[set] {
            continue;
        }
        let is_in = |p: usize| set >> p & 1 == 1;
        for p in (0..n).filter(|p| !is_in(*p)) {
            let there = |r: usize| {
                let back = (0..n).filter(|q| is_in(*q)).map(|q| rag.held(q, r));
                rag.available(r) + back.sum::<u32>()
            };
            if (0..m).all(|r| rag.wanted(p, r) <= there(r)) {
                reached[set | 1 << p] = true;
                can.insert(p);
            }
        }
    }
    (0..n).filter(|p| !can.contains(p)).collect()
}

/// Nothing lost, nothing made, and nobody waits for what is there.
pub(crate) fn is_whole(rag: &Rag, size: &Size) -> bool {
    let m = size.instances.len();
    let conserved = (0..m).all(|r| {
        let held: u32 = (0..size.processes).map(|p| rag.held(p, r)).sum();
        held + rag.available(r) == size.instances[r]
    });
    let waits = |p: usize| (0..m).any(|r| rag.wanted(p, r) > 0);
    let could = |p: usize| (0..m).all(|r| rag.wanted(p, r) <= rag.available(r));
    conserved && (0..size.processes).all(|p| !waits(p) || !could(p))
}
