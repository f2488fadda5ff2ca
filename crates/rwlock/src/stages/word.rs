//! Everything in one word, and a second one for writers to sleep on: about what `std` does.
//!
//! | bits of `state` | mean |
//! |---|---|
//! | 0 to 28 | how many read |
//! | 29, `WRITER` | one writes |
//! | 30, `READERS_WAIT` | readers sleep on this word |
//! | 31, `WRITERS_WAIT` | writers sleep on the other one, and no reader gets in |
//!
//! Readers sleep on the state itself: whatever changes in it, they look again. Writers would be
//! disturbed by that too often, so they have a counter of their own. Writers that wait go first, and a
//! stream of them starves the readers: there is no bit for *whose turn it is*.

#![expect(unsafe_code, reason = "guards turn a shared reference into others")]

use std::cell::UnsafeCell;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::futex;

const READER: u32 = 1;
const COUNT: u32 = WRITER - 1;
const WRITER: u32 = 1 << 29;
const READERS_WAIT: u32 = 1 << 30;
const WRITERS_WAIT: u32 = 1 << 31;

/// Many readers or one writer.
pub struct RwLock<T> {
    state: AtomicU32,
    /// Counts the times at which a writer might get in.
    chances: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: several readers share `&T`, which takes `Sync`; a writer has `&mut T`, which takes `Send`.
unsafe impl<T: Send + Sync> Sync for RwLock<T> {}

impl<T> RwLock<T> {
    /// A lock that nobody holds.
    pub fn new(value: T) -> Self {
        RwLock {
            state: AtomicU32::new(0),
            chances: AtomicU32::new(0),
            value: UnsafeCell::new(value),
        }
    }

    /// Calls `look` among readers.
    pub fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.lock_shared();
        let leaves = Leaves(|| self.unlock_shared());
        // SAFETY: while a reader is counted, no writer gets in.
        let seen = look(unsafe { &*self.value.get() });
        drop(leaves);
        seen
    }

    /// Calls `change` alone.
    pub fn write<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        self.lock_alone();
        let leaves = Leaves(|| self.unlock_alone());
        // SAFETY: a writer gets in only if nobody is inside, and then nobody else does.
        let done = change(unsafe { &mut *self.value.get() });
        drop(leaves);
        done
    }

    fn lock_shared(&self) {
        loop {
            let state = self.state.load(Ordering::Relaxed);
            if state & (WRITER | WRITERS_WAIT) == 0 {
                if self.becomes(state, state + READER) {
                    return;
                }
            } else if state & READERS_WAIT != 0 || self.becomes(state, state | READERS_WAIT) {
                futex::wait(&self.state, state | READERS_WAIT, None);
            }
        }
    }

    fn unlock_shared(&self) {
        let before = self.state.fetch_sub(READER, Ordering::Release);
        if before & COUNT == READER && before & WRITERS_WAIT != 0 {
            self.wake_writers();
        }
    }

    fn lock_alone(&self) {
        loop {
            // Before looking at the state: a chance that comes afterwards ends the sleep.
            let chances = self.chances.load(Ordering::Acquire);
            let state = self.state.load(Ordering::Relaxed);
            if state & (COUNT | WRITER) == 0 {
                if self.becomes(state, state | WRITER) {
                    return;
                }
            } else if state & WRITERS_WAIT != 0 || self.becomes(state, state | WRITERS_WAIT) {
                futex::wait(&self.chances, chances, None);
            }
        }
    }

    fn unlock_alone(&self) {
        // All who still wait will say so once more.
        let before = self.state.swap(0, Ordering::Release);
        if before & WRITERS_WAIT != 0 {
            self.wake_writers();
        }
        if before & READERS_WAIT != 0 {
            futex::wake(&self.state, usize::MAX);
        }
    }

    fn wake_writers(&self) {
        self.chances.fetch_add(1, Ordering::Release);
        futex::wake(&self.chances, usize::MAX);
    }

    fn becomes(&self, old: u32, new: u32) -> bool {
        let exchanged = self
            .state
            .compare_exchange(old, new, Ordering::Acquire, Ordering::Relaxed);
        exchanged.is_ok()
    }
}

/// Also if what is called panics.
struct Leaves<F: FnMut()>(F);

impl<F: FnMut()> Drop for Leaves<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl<T> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RwLock").finish_non_exhaustive()
    }
}
