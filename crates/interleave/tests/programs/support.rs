//! What many programs share: a client for locks, a weakened ordering, nodes that are never freed.

use std::sync::atomic::Ordering;
use std::thread;

use crate::world::Tracked;

/// A lock of any shape. `me` is the index of the calling thread, for those locks that need one.
pub(crate) trait Lock: Sync {
    /// What the holder keeps until it unlocks.
    type Held;
    /// Waits until the lock is free, and takes it.
    fn lock(&self, me: usize) -> Self::Held;
    /// Gives the lock back.
    fn unlock(&self, me: usize, held: Self::Held);
}

/// Threads that each take the lock some times and add one to a plain number. It must come out exact.
///
/// # Panics
///
/// If an addition was lost.
pub(crate) fn count<L: Lock>(lock: L, rounds: &[u32]) {
    let number = Tracked::new(0_u32);
    let work = |me: usize| {
        for _ in 0..rounds[me] {
            let held = lock.lock(me);
            number.set(number.get() + 1);
            lock.unlock(me, held);
        }
    };
    thread::scope(|scope| {
        let work = &work;
        for me in 1..rounds.len() {
            scope.spawn(move || work(me));
        }
        work(0);
    });
    assert_eq!(number.get(), rounds.iter().sum());
}

/// The ordering that is needed, or the relaxed one if this is the version that gets it wrong.
pub(crate) fn unless(wrong: bool, needed: Ordering) -> Ordering {
    if wrong { Ordering::Relaxed } else { needed }
}

/// A value that stays for the rest of the execution: no node is ever reused, so there is no ABA.
pub(crate) fn leak<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// What such a pointer points at.
pub(crate) fn leaked<T>(pointer: *mut T) -> Option<&'static T> {
    // SAFETY: the programs only pass null and what `leak` returned, which is never freed.
    unsafe { pointer.as_ref() }
}

/// A payload that was *written* by the calling thread: a reader must have seen that.
pub(crate) fn filled<T: Copy + Default>(value: T) -> Tracked<T> {
    let payload = Tracked::new(T::default());
    payload.set(value);
    payload
}
