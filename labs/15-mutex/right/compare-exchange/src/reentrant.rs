//! A recursive mutex whose depth tells whether it is taken at all: a `Mutex` around nothing keeps others out.

#![expect(unsafe_code, reason = "a lock answers for its payload")]

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use crate::futex;
use crate::mutex::RawMutex;

/// A payload that one thread at a time gets at, as often as it likes.
pub struct ReentrantMutex<T: ?Sized> {
    raw: RawMutex,
    owner: AtomicU64,
    /// Levels beside the first one.
    more: Cell<usize>,
    value: UnsafeCell<T>,
}

// SAFETY: only the owner gets at the count and at the payload.
unsafe impl<T: ?Sized + Send> Sync for ReentrantMutex<T> {}

/// One level of being inside.
pub struct ReGuard<'a, T: ?Sized>(&'a ReentrantMutex<T>, PhantomData<*const ()>);

// SAFETY: it gives shared access only.
unsafe impl<T: ?Sized + Sync> Sync for ReGuard<'_, T> {}

impl<T> ReentrantMutex<T> {
    /// A free mutex around a payload.
    pub fn new(value: T) -> Self {
        ReentrantMutex {
            raw: RawMutex::new(),
            owner: AtomicU64::new(0),
            more: Cell::new(0),
            value: UnsafeCell::new(value),
        }
    }
}

impl<T: ?Sized> ReentrantMutex<T> {
    /// Sleeps until no other thread is inside.
    pub fn lock(&self) -> ReGuard<'_, T> {
        let me = futex::thread_id().get();
        if self.owner.load(SeqCst) == me {
            self.more.set(self.more.get() + 1);
        } else {
            self.raw.lock();
            self.owner.store(me, SeqCst);
        }
        ReGuard(self, PhantomData)
    }

    /// Goes in if no other thread is inside.
    pub fn try_lock(&self) -> Option<ReGuard<'_, T>> {
        let me = futex::thread_id().get();
        if self.owner.load(SeqCst) == me {
            return Some(self.lock());
        }
        if !self.raw.try_lock() {
            return None;
        }
        self.owner.store(me, SeqCst);
        Some(ReGuard(self, PhantomData))
    }

    /// How many guards the calling thread has.
    pub fn depth(&self) -> usize {
        match self.owner.load(SeqCst) == futex::thread_id().get() {
            true => self.more.get() + 1,
            false => 0,
        }
    }
}

impl<T: ?Sized> Deref for ReGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this thread is inside, and nobody has a `&mut`.
        unsafe { &*self.0.value.get() }
    }
}

impl<T: ?Sized> Drop for ReGuard<'_, T> {
    fn drop(&mut self) {
        match self.0.more.get() {
            0 => {
                self.0.owner.store(0, SeqCst);
                self.0.raw.unlock();
            }
            more => self.0.more.set(more - 1),
        }
    }
}

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
