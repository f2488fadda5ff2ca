//! Waits for one mutex at a time and only tries the others. If one of them is busy, all are let go,
//! and that one is the next to be waited for: nobody waits while it holds something.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

pub fn lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Vec<MutexGuard<'a, T>>, usize> {
    differ(m)?;
    let mut first = 0;
    while let Some(mutex) = m.get(first) {
        let mut guards: Vec<Option<MutexGuard<'a, T>>> = m.iter().map(|_| None).collect();
        guards[first] = Some(mutex.lock().unwrap_or_else(PoisonError::into_inner));
        let others = (0..m.len()).filter(|at| *at != first);
        let mut busy = None;
        for at in others {
            guards[at] = tried(m[at]);
            if guards[at].is_none() {
                busy = Some(at);
                break;
            }
        }
        match busy {
            None => return Ok(guards.into_iter().flatten().collect()),
            Some(at) => first = at,
        }
    }
    Ok(Vec::new())
}

pub fn try_lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Option<Vec<MutexGuard<'a, T>>>, usize> {
    differ(m)?;
    Ok(m.iter().map(|mutex| tried(mutex)).collect())
}

fn tried<'a, T>(mutex: &'a Mutex<T>) -> Option<MutexGuard<'a, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Neighbours in the order of addresses; of two that are the same one, the later place counts.
fn differ<T>(m: &[&Mutex<T>]) -> Result<(), usize> {
    let address = |at: &usize| std::ptr::from_ref(m[*at]);
    let mut places: Vec<usize> = (0..m.len()).collect();
    places.sort_by_key(address);
    let twice = places
        .windows(2)
        .filter(|two| address(&two[0]) == address(&two[1]));
    twice.map(|two| two[1]).min().map_or(Ok(()), Err)
}
