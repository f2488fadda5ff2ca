//! First come, first served: a queue of tickets, and everybody waits for its head.

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

pub struct RwLock<T: ?Sized> {
    state: Mutex<State>,
    moved: Condvar,
    value: UnsafeCell<T>,
}

#[derive(Default)]
struct State {
    reading: usize,
    writing: bool,
    queue: VecDeque<u64>,
    next: u64,
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
            moved: Condvar::new(),
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
        let mut state = self.state.lock().unwrap();
        let can = state.queue.is_empty() && state.admits(false);
        can.then(|| {
            state.admit(false);
            self.read_guard()
        })
    }

    pub fn read_timeout(&self, d: Duration) -> Option<ReadGuard<'_, T>> {
        self.enter(false, Instant::now().checked_add(d))
            .then(|| self.read_guard())
    }

    pub fn write(&self) -> WriteGuard<'_, T> {
        self.enter(true, None);
        self.write_guard()
    }

    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        let mut state = self.state.lock().unwrap();
        let can = state.queue.is_empty() && state.admits(true);
        can.then(|| {
            state.admit(true);
            self.write_guard()
        })
    }

    pub fn write_timeout(&self, d: Duration) -> Option<WriteGuard<'_, T>> {
        self.enter(true, Instant::now().checked_add(d))
            .then(|| self.write_guard())
    }

    /// Whether it has got in.
    fn enter(&self, writes: bool, deadline: Option<Instant>) -> bool {
        let mut state = self.state.lock().unwrap();
        if state.queue.is_empty() && state.admits(writes) {
            state.admit(writes);
            return true;
        }
        let me = state.next;
        state.next += 1;
        state.queue.push_back(me);
        while state.queue.front() != Some(&me) || !state.admits(writes) {
            state = match deadline {
                None => self.moved.wait(state).unwrap(),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        state.queue.retain(|ticket| *ticket != me);
                        self.tell(&state);
                        return false;
                    }
                    self.moved.wait_timeout(state, left).unwrap().0
                }
            };
        }
        state.queue.pop_front();
        state.admit(writes);
        // The next one may be a reader, too.
        self.tell(&state);
        true
    }

    fn tell(&self, state: &MutexGuard<'_, State>) {
        if !state.queue.is_empty() {
            self.moved.notify_all();
        }
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
}

impl<'a, T: ?Sized> WriteGuard<'a, T> {
    pub fn downgrade(self) -> ReadGuard<'a, T> {
        let l = self.l;
        std::mem::forget(self);
        let mut state = l.state.lock().unwrap();
        state.writing = false;
        state.reading = 1;
        l.tell(&state);
        l.read_guard()
    }
}

impl<T: ?Sized> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        let mut state = self.l.state.lock().unwrap();
        state.reading -= 1;
        self.l.tell(&state);
    }
}

impl<T: ?Sized> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        let mut state = self.l.state.lock().unwrap();
        state.writing = false;
        self.l.tell(&state);
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
