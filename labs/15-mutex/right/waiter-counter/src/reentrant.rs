//! A mutex that its owner may lock again.
//!
//! There may be several guards at a time, all of one thread, so none of them gives `&mut`: two of those
//! to one payload must not exist. Who wants to write puts a `Cell` or a `RefCell` inside.

#![expect(unsafe_code, reason = "a lock answers for its payload")]

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use crate::futex;
use crate::mutex::RawMutex;

/// A payload that one thread at a time gets at, as often as it likes.
///
/// | `owner` | |
/// |---|---|
/// | 0 | free, or somebody is just coming or going |
/// | n | the thread with this number is inside |
pub struct ReentrantMutex<T: ?Sized> {
    raw: RawMutex,
    /// Relaxed is enough: a thread finds its own number only if it wrote it itself and has not
    /// taken it back; any other value means *not mine*, whatever it is.
    owner: AtomicU64,
    /// How many guards there are. Only the owner touches it.
    depth: Cell<usize>,
    value: T,
}

// SAFETY: the depth and the payload are touched by the owner only, and the raw mutex hands them from
// one owner to the next; so the payload need be Send, and not Sync.
unsafe impl<T: ?Sized + Send> Sync for ReentrantMutex<T> {}

/// One level of being inside; the last one to be dropped unlocks, whichever it is.
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct ReGuard<'a, T: ?Sized> {
    mutex: &'a ReentrantMutex<T>,
    /// A guard stays in its thread.
    stays: PhantomData<*const ()>,
}

// SAFETY: a shared guard gives shared access to the payload, and to nothing else.
unsafe impl<T: ?Sized + Sync> Sync for ReGuard<'_, T> {}

impl<T> ReentrantMutex<T> {
    /// A free mutex around a payload.
    pub fn new(value: T) -> Self {
        ReentrantMutex {
            raw: RawMutex::new(),
            owner: AtomicU64::new(0),
            depth: Cell::new(0),
            value,
        }
    }
}

impl<T: ?Sized> ReentrantMutex<T> {
    /// Sleeps until no other thread is inside.
    pub fn lock(&self) -> ReGuard<'_, T> {
        if !self.is_mine() {
            self.raw.lock();
            self.come();
        }
        self.guard()
    }

    /// Goes in if no other thread is inside; never waits. The owner always gets in.
    pub fn try_lock(&self) -> Option<ReGuard<'_, T>> {
        if !self.is_mine() {
            if !self.raw.try_lock() {
                return None;
            }
            self.come();
        }
        Some(self.guard())
    }

    /// How many guards the calling thread has.
    pub fn depth(&self) -> usize {
        if self.is_mine() { self.depth.get() } else { 0 }
    }

    fn is_mine(&self) -> bool {
        self.owner.load(Relaxed) == futex::thread_id().get()
    }

    /// Only for who has just taken the raw mutex.
    fn come(&self) {
        self.owner.store(futex::thread_id().get(), Relaxed);
    }

    /// One level more, for the owner.
    fn guard(&self) -> ReGuard<'_, T> {
        self.depth.set(self.depth.get() + 1);
        ReGuard {
            mutex: self,
            stays: PhantomData,
        }
    }
}

impl<T: ?Sized> Deref for ReGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.mutex.value
    }
}

impl<T: ?Sized> Drop for ReGuard<'_, T> {
    fn drop(&mut self) {
        let left = self.mutex.depth.get() - 1;
        self.mutex.depth.set(left);
        if left == 0 {
            // First the owner, then the lock: the other way round, the 0 could overwrite the next
            // owner's number.
            self.mutex.owner.store(0, Relaxed);
            self.mutex.raw.unlock();
        }
    }
}

// Who only wants to print it need not have the lock, and must not look inside.
impl<T: ?Sized> fmt::Debug for ReentrantMutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReentrantMutex").finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for ReGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
