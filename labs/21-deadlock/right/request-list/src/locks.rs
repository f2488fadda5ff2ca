//! All or none, again and again: whoever does not get all of them lets go and lets others run.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

pub fn lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Vec<MutexGuard<'a, T>>, usize> {
    loop {
        if let Some(guards) = try_lock_all(m)? {
            return Ok(guards);
        }
        thread::yield_now();
    }
}

pub fn try_lock_all<'a, T>(m: &[&'a Mutex<T>]) -> Result<Option<Vec<MutexGuard<'a, T>>>, usize> {
    let mut seen: Vec<*const Mutex<T>> = Vec::new();
    for (at, mutex) in m.iter().enumerate() {
        let address: *const Mutex<T> = *mutex;
        if seen.contains(&address) {
            return Err(at);
        }
        seen.push(address);
    }
    let mut all = Vec::with_capacity(m.len());
    for mutex in m {
        all.push(match mutex.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(poisoned)) => PoisonError::into_inner(poisoned),
            Err(TryLockError::WouldBlock) => {
                drop(all);
                return Ok(None);
            }
        });
    }
    Ok(Some(all))
}
