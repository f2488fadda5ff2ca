//! Whoever locks several mutexes comes through one gate: only one thread at a time is between its
//! first and its last lock, so nobody holds and waits for somebody who also waits.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

static GATE: Mutex<()> = Mutex::new(());

pub fn lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Vec<MutexGuard<'a, T>>, usize> {
    different(m)?;
    let _gate = GATE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut guards = Vec::new();
    for mutex in m {
        guards.push(mutex.lock().unwrap_or_else(PoisonError::into_inner));
    }
    Ok(guards)
}

pub fn try_lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Option<Vec<MutexGuard<'a, T>>>, usize> {
    different(m)?;
    let mut guards = Vec::new();
    for mutex in m {
        match mutex.try_lock() {
            Ok(guard) => guards.push(guard),
            Err(TryLockError::Poisoned(poisoned)) => guards.push(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => return Ok(None),
        }
    }
    Ok(Some(guards))
}

fn different<T>(m: &[&Mutex<T>]) -> Result<(), usize> {
    match (0..m.len()).find(|at| m[..*at].iter().any(|other| std::ptr::eq(*other, m[*at]))) {
        Some(at) => Err(at),
        None => Ok(()),
    }
}
