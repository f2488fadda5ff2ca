//! The classics of mutual exclusion and friends: right versions, and wrong ones that differ in one place.
//!
//! A file is a classic. Its right version stands there as one would write it; a wrong version is the same code with
//! one [`Flaw`](tas) that weakens an ordering, splits a step in two, or forgets somebody who waits. The comment at
//! a flaw tells the execution that breaks it.

use super::program::Program;

mod adaptive;
mod address_order;
mod anderson;
mod bakery;
mod barriers;
mod bounded_spin;
mod clh;
mod condvar;
mod counted;
mod dekker;
mod drepper;
mod everyday;
mod filter;
mod futexes;
mod library;
mod limits;
mod mcs;
mod ms_queue;
mod once;
mod park_mutex;
mod peterson;
mod pointer_swap;
mod publication;
mod robust;
mod rwlock;
mod semaphore;
mod seqlock;
mod spsc;
mod styles;
mod tas;
mod ticket;
mod treiber;
mod ttas;
mod unwinding;

/// Every program, with its family's name.
pub(crate) fn all() -> Vec<Program> {
    let families = [
        ("tas", tas::programs()),
        ("ttas", ttas::programs()),
        ("ticket", ticket::programs()),
        ("mcs", mcs::programs()),
        ("clh", clh::programs()),
        ("anderson", anderson::programs()),
        ("peterson", peterson::programs()),
        ("dekker", dekker::programs()),
        ("filter", filter::programs()),
        ("bakery", bakery::programs()),
        ("futex", futexes::programs()),
        ("drepper", drepper::programs()),
        ("robust", robust::programs()),
        ("adaptive", adaptive::programs()),
        ("bounded_spin", bounded_spin::programs()),
        ("park_mutex", park_mutex::programs()),
        ("semaphore", semaphore::programs()),
        ("rwlock", rwlock::programs()),
        ("condvar", condvar::programs()),
        ("once", once::programs()),
        ("seqlock", seqlock::programs()),
        ("sense_barrier", barriers::sense_reversing()),
        ("tree_barrier", barriers::trees()),
        ("dissemination_barrier", barriers::disseminations()),
        ("spsc", spsc::programs()),
        ("treiber", treiber::programs()),
        ("ms_queue", ms_queue::programs()),
        ("pointer_swap", pointer_swap::programs()),
        ("counted", counted::programs()),
        ("publication", publication::programs()),
        ("address_order", address_order::programs()),
        ("unwinding", unwinding::programs()),
        ("library", library::programs()),
        ("styles", styles::programs()),
        ("everyday", everyday::programs()),
        ("limits", limits::programs()),
    ];
    let named = |(family, programs): (&'static str, Vec<Program>)| {
        programs
            .into_iter()
            .map(move |program| Program { family, ..program })
    };
    families.into_iter().flat_map(named).collect()
}
