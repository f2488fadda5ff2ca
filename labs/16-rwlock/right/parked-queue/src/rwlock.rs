//! Parked threads in a queue, each told by whoever lets it in; readers next to each other get in together.

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

pub struct RwLock<T: ?Sized> {
    state: Mutex<State>,
    value: UnsafeCell<T>,
}

#[derive(Default)]
struct State {
    reading: usize,
    writing: bool,
    queue: VecDeque<Arc<Waiter>>,
}

struct Waiter {
    writes: bool,
    thread: Thread,
    is_in: AtomicBool,
}

impl State {
    fn admits(&self, writes: bool) -> bool {
        !self.writing && (!writes || self.reading == 0)
    }

    fn admit(&mut self, writes: bool) {
        if writes {
            self.writing = true;
        } else {
            self.reading += 1;
        }
    }

    /// Lets in whoever can get in, from the head of the queue on.
    fn serve(&mut self) {
        while let Some(first) = self.queue.front().cloned()
            && self.admits(first.writes)
        {
            self.queue.pop_front();
            self.admit(first.writes);
            first.is_in.store(true, Ordering::Release);
            first.thread.unpark();
        }
    }
}

// SAFETY: whoever has the lock may move the value out, or drop it.
unsafe impl<T: ?Sized + Send> Send for RwLock<T> {}
// SAFETY: several readers share `&T`, which takes `Sync`; a writer has `&mut T`, which takes `Send`.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLock<T> {}

/// The right to read, until it is dropped.
pub struct ReadGuard<'a, T: ?Sized> {
    l: &'a RwLock<T>,
    /// Not `Send`: by contract, who has locked unlocks.
    stays: PhantomData<*const ()>,
}

// SAFETY: a reference to it gives `&T`, and no more.
unsafe impl<T: ?Sized + Sync> Sync for ReadGuard<'_, T> {}

/// The right to write, until it is dropped.
pub struct WriteGuard<'a, T: ?Sized> {
    l: &'a RwLock<T>,
    stays: PhantomData<*const ()>,
}

// SAFETY: a shared reference to it gives `&T`, and no more.
unsafe impl<T: ?Sized + Sync> Sync for WriteGuard<'_, T> {}

impl<T> RwLock<T> {
    pub fn new(v: T) -> Self {
        RwLock {
            state: Mutex::default(),
            value: UnsafeCell::new(v),
        }
    }
}

impl<T: ?Sized> RwLock<T> {
    pub fn read(&self) -> ReadGuard<'_, T> {
        self.enter(false, None);
        self.read_guard()
    }

    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        self.try_enter(false).then(|| self.read_guard())
    }

    pub fn read_timeout(&self, d: Duration) -> Option<ReadGuard<'_, T>> {
        self.enter(false, Some(Instant::now() + d))
            .then(|| self.read_guard())
    }

    pub fn write(&self) -> WriteGuard<'_, T> {
        self.enter(true, None);
        self.write_guard()
    }

    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        self.try_enter(true).then(|| self.write_guard())
    }

    pub fn write_timeout(&self, d: Duration) -> Option<WriteGuard<'_, T>> {
        self.enter(true, Some(Instant::now() + d))
            .then(|| self.write_guard())
    }

    fn try_enter(&self, writes: bool) -> bool {
        let mut state = self.state.lock().unwrap();
        let can = state.queue.is_empty() && state.admits(writes);
        if can {
            state.admit(writes);
        }
        can
    }

    fn enter(&self, writes: bool, deadline: Option<Instant>) -> bool {
        let me = Arc::new(Waiter {
            writes,
            thread: thread::current(),
            is_in: AtomicBool::new(false),
        });
        {
            let mut state = self.state.lock().unwrap();
            if state.queue.is_empty() && state.admits(writes) {
                state.admit(writes);
                return true;
            }
            state.queue.push_back(Arc::clone(&me));
        }
        while !me.is_in.load(Ordering::Acquire) {
            let Some(deadline) = deadline else {
                thread::park();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                thread::park_timeout(left);
                continue;
            }
            let mut state = self.state.lock().unwrap();
            let before = state.queue.len();
            state.queue.retain(|waiter| !Arc::ptr_eq(waiter, &me));
            // Whoever is not in the queue any more has been let in.
            if state.queue.len() < before {
                state.serve();
                return false;
            }
        }
        true
    }

    fn leave(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap();
        change(&mut state);
        state.serve();
    }

    fn read_guard(&self) -> ReadGuard<'_, T> {
        ReadGuard {
            l: self,
            stays: PhantomData,
        }
    }

    fn write_guard(&self) -> WriteGuard<'_, T> {
        WriteGuard {
            l: self,
            stays: PhantomData,
        }
    }
}

impl<'a, T: ?Sized> WriteGuard<'a, T> {
    pub fn downgrade(self) -> ReadGuard<'a, T> {
        let l = self.l;
        std::mem::forget(self);
        l.leave(|state| {
            state.writing = false;
            state.reading = 1;
        });
        l.read_guard()
    }
}

impl<T: ?Sized> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        self.l.leave(|state| state.reading -= 1);
    }
}

impl<T: ?Sized> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        self.l.leave(|state| state.writing = false);
    }
}

impl<T: ?Sized> Deref for ReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: while a reader is inside, nobody writes.
        unsafe { &*self.l.value.get() }
    }
}

impl<T: ?Sized> Deref for WriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: a writer is inside alone.
        unsafe { &*self.l.value.get() }
    }
}

impl<T: ?Sized> DerefMut for WriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: a writer is inside alone.
        unsafe { &mut *self.l.value.get() }
    }
}
