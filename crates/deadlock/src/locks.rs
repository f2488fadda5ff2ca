//! Prevention in lock code: two ways to take several mutexes that cannot deadlock. Which condition
//! each of them breaks is all that is to be known about it.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// Locks all of them, and waits where it must. If no caller has guards of an earlier call, nobody
/// waits in a circle, whatever the order given: all lock in the order of addresses, so there is no
/// *circular wait*. The guards come in the order given.
///
/// # Errors
///
/// The place of the first mutex that stands in the list for the second time. Nothing is locked
/// then.
pub fn lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Vec<MutexGuard<'a, T>>, usize> {
    let places = in_order(m)?;
    let mut guards = Vec::new();
    for at in places {
        let guard = m[at].lock().unwrap_or_else(PoisonError::into_inner);
        guards.push((at, guard));
    }
    // From the order of locking back to the order given.
    guards.sort_unstable_by_key(|(at, _)| *at);
    Ok(guards.into_iter().map(|(_, guard)| guard).collect())
}

/// Locks all of them if all are free, otherwise none; does not wait. Who gets `None` holds nothing
/// while it does something else: there is no *hold and wait*.
///
/// # Errors
///
/// As [`lock_all`].
pub fn try_lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Option<Vec<MutexGuard<'a, T>>>, usize> {
    in_order(m)?;
    let guards = m.iter().map(|mutex| match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        // Those locked so far are dropped.
        Err(TryLockError::WouldBlock) => None,
    });
    Ok(guards.collect())
}

/// The places in the order of the mutexes' addresses: an order in which everybody agrees.
fn in_order<T>(m: &[&Mutex<T>]) -> Result<Vec<usize>, usize> {
    let address = |at: usize| std::ptr::from_ref(m[at]);
    for at in 0..m.len() {
        if (0..at).any(|earlier| address(earlier) == address(at)) {
            return Err(at);
        }
    }
    let mut places: Vec<usize> = (0..m.len()).collect();
    places.sort_unstable_by_key(|at| address(*at));
    Ok(places)
}
