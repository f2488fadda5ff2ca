//! `RwLock`: many may read at once, one may write alone, and neither side starves the other.
//!
//! # Who is next
//!
//! If readers may always join other readers, a writer waits for as long as they relay each other. If
//! writers always go first, readers wait for as long as writers do. Here the two sides take turns, in
//! *phases*: as soon as a writer waits, new readers wait as well; and when it leaves, all readers that
//! have waited until then get in together, before the next writer.
//!
//! | the lock is | a reader comes | a writer comes |
//! |---|---|---|
//! | free | gets in, unless a notified writer is on its way | gets in, even before that one |
//! | read, and no writer waits | gets in | waits |
//! | read, and a writer waits | waits for the phase after that writer's | waits |
//! | written | waits for the next phase | waits |
//!
//! Readers that wait are let in by whoever leaves, who counts them as readers before they are even
//! awake. So nobody can come between: they only look whether a new phase has begun. A writer is
//! merely notified. Among writers there is no order: a new one may be faster, and again and again.
//!
//! The state is a *monitor*: plain fields, a mutex, and a condition variable for each side. Nobody is
//! notified unless somebody waits. Faster locks are in [`stages`](crate::stages).

#![expect(unsafe_code, reason = "guards turn a shared reference into others")]

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Many readers or one writer.
pub struct RwLock<T: ?Sized> {
    state: Mutex<State>,
    /// Notified when a phase of readers begins.
    readers: Condvar,
    /// Notified when a writer may get in.
    writers: Condvar,
    value: UnsafeCell<T>,
}

/// Guarded by the mutex.
#[derive(Debug, Default)]
struct State {
    /// Readers that are inside, or have been let in.
    reading: usize,
    /// Whether a writer is inside. Then `reading` is 0.
    writing: bool,
    waiting_readers: usize,
    waiting_writers: usize,
    /// Counts up, and wraps around, whenever all waiting readers are let in.
    phase: u32,
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
    /// A lock that nobody holds.
    pub fn new(v: T) -> Self {
        RwLock {
            state: Mutex::new(State::default()),
            readers: Condvar::new(),
            writers: Condvar::new(),
            value: UnsafeCell::new(v),
        }
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until it may read. A thread that reads already must not: if a writer has come in between,
    /// it would wait for that writer, and the writer for it.
    pub fn read(&self) -> ReadGuard<'_, T> {
        // Without a deadline it can only succeed.
        loop {
            if let Some(guard) = self.read_until(None) {
                return guard;
            }
        }
    }

    /// Reads, unless a writer is inside or waits.
    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        let mut state = self.lock();
        if state.writing || state.waiting_writers > 0 {
            return None;
        }
        state.reading += 1;
        Some(self.read_guard())
    }

    /// As [`RwLock::read`], but waits for at most `d`.
    pub fn read_timeout(&self, d: Duration) -> Option<ReadGuard<'_, T>> {
        self.read_until(Some(d))
    }

    /// Waits until it may write.
    pub fn write(&self) -> WriteGuard<'_, T> {
        loop {
            if let Some(guard) = self.write_until(None) {
                return guard;
            }
        }
    }

    /// Writes, unless somebody is inside.
    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        let mut state = self.lock();
        if state.is_used() {
            return None;
        }
        state.writing = true;
        Some(self.write_guard())
    }

    /// As [`RwLock::write`], but waits for at most `d`.
    pub fn write_timeout(&self, d: Duration) -> Option<WriteGuard<'_, T>> {
        self.write_until(Some(d))
    }

    fn read_until(&self, limit: Option<Duration>) -> Option<ReadGuard<'_, T>> {
        let mut state = self.lock();
        if !state.writing && state.waiting_writers == 0 {
            state.reading += 1;
            return Some(self.read_guard());
        }
        let deadline = limit.and_then(|d| Instant::now().checked_add(d));
        let mine = state.phase;
        state.waiting_readers += 1;
        while state.phase == mine {
            let Some(woken) = sleep(&self.readers, state, deadline) else {
                let mut state = self.lock();
                // It may have been let in while it was giving up.
                if state.phase != mine {
                    return Some(self.read_guard());
                }
                state.waiting_readers -= 1;
                return None;
            };
            state = woken;
        }
        // Whoever began the phase has counted this reader.
        Some(self.read_guard())
    }

    fn write_until(&self, limit: Option<Duration>) -> Option<WriteGuard<'_, T>> {
        let mut state = self.lock();
        let deadline = limit.and_then(|d| Instant::now().checked_add(d));
        state.waiting_writers += 1;
        while state.is_used() {
            let Some(woken) = sleep(&self.writers, state, deadline) else {
                let mut state = self.lock();
                // It may have been notified while it was giving up, and nobody else would be.
                if !state.is_used() {
                    state.waiting_writers -= 1;
                    state.writing = true;
                    return Some(self.write_guard());
                }
                state.waiting_writers -= 1;
                // Readers have waited because of this writer, and perhaps of no other.
                if state.waiting_writers == 0 && !state.writing {
                    self.begin_phase(&mut state);
                }
                return None;
            };
            state = woken;
        }
        state.waiting_writers -= 1;
        state.writing = true;
        Some(self.write_guard())
    }

    /// Lets in all readers that wait.
    fn begin_phase(&self, state: &mut State) {
        if state.waiting_readers > 0 {
            state.reading += state.waiting_readers;
            state.waiting_readers = 0;
            state.phase = state.phase.wrapping_add(1);
            self.readers.notify_all();
        }
    }

    /// If nobody is inside any more: the next writer.
    fn wake_writer(&self, state: &State) {
        if !state.is_used() && state.waiting_writers > 0 {
            self.writers.notify_one();
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

    /// No code of others runs under the mutex, so a panic elsewhere leaves the state as it should be.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_used(&self) -> bool {
        self.writing || self.reading > 0
    }
}

/// Sleeps until a notification, or for no reason. `None` if the time is over, with the mutex given
/// back.
fn sleep<'a>(
    condvar: &Condvar,
    state: MutexGuard<'a, State>,
    deadline: Option<Instant>,
) -> Option<MutexGuard<'a, State>> {
    let Some(deadline) = deadline else {
        let slept = condvar.wait(state);
        return Some(slept.unwrap_or_else(PoisonError::into_inner));
    };
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return None;
    }
    let slept = condvar.wait_timeout(state, left);
    Some(slept.unwrap_or_else(PoisonError::into_inner).0)
}

impl<'a, T: ?Sized> WriteGuard<'a, T> {
    /// Goes on reading, in one step: no writer gets in between. Readers that wait get in as well.
    pub fn downgrade(self) -> ReadGuard<'a, T> {
        let l = self.l;
        forget(self);
        let mut state = l.lock();
        state.writing = false;
        state.reading = 1;
        l.begin_phase(&mut state);
        l.read_guard()
    }
}

/// A guard whose lock lives on as another one.
#[expect(clippy::mem_forget, reason = "what it would give back is kept")]
fn forget<T: ?Sized>(guard: WriteGuard<'_, T>) {
    std::mem::forget(guard);
}

impl<T: ?Sized> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        let mut state = self.l.lock();
        state.reading -= 1;
        self.l.wake_writer(&state);
    }
}

impl<T: ?Sized> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        let mut state = self.l.lock();
        state.writing = false;
        self.l.begin_phase(&mut state);
        self.l.wake_writer(&state);
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

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RwLock").finish_non_exhaustive()
    }
}

impl<T: ?Sized> fmt::Debug for ReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadGuard").finish_non_exhaustive()
    }
}

impl<T: ?Sized> fmt::Debug for WriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteGuard").finish_non_exhaustive()
    }
}
