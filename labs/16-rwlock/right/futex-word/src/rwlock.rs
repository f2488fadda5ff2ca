//! One futex word has it all: who is inside, how many wait, and whose phase it is.
//!
//! | bits of the word | mean |
//! |---|---|
//! | 0 to 9 | readers that are inside, or have been let in |
//! | 10 to 19 | readers that wait |
//! | 20 to 29 | writers that wait |
//! | 30, `PHASE` | turns over when a writer that leaves lets the waiting readers in |
//! | 31, `WRITING` | a writer is inside |
//!
//! So each step is one exchange, of everything at once; for fewer than 1024 threads. A reader that
//! waits is in as soon as the phase is another one than when it came: whoever left has counted it. The
//! phase cannot turn over a second time before that reader has noticed: it takes a writer inside, and
//! none gets in while the reader is counted.
//!
//! Readers and writers sleep on the same word, so all of them are woken when one side may go on.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::futex;

/// One reader inside.
const READER: u32 = 1;
/// One reader that waits.
const WAITING_READER: u32 = 1 << 10;
/// One writer that waits.
const WAITING_WRITER: u32 = 1 << 20;
const PHASE: u32 = 1 << 30;
const WRITING: u32 = 1 << 31;

/// Masks of the three counts.
const READERS: u32 = WAITING_READER - READER;
const WAITING_READERS: u32 = WAITING_WRITER - WAITING_READER;
const WAITING_WRITERS: u32 = PHASE - WAITING_WRITER;

/// Whether a reader that comes gets in.
fn admits_reader(word: u32) -> bool {
    word & (WRITING | WAITING_WRITERS) == 0
}

/// Whether a writer gets in.
fn admits_writer(word: u32) -> bool {
    word & (WRITING | READERS) == 0
}

/// The word after all readers that wait have been let in.
fn with_readers_let_in(word: u32) -> u32 {
    let waiting = word & WAITING_READERS;
    match waiting {
        0 => word,
        _ => ((word - waiting) ^ PHASE) + waiting / WAITING_READER * READER,
    }
}

pub struct RwLock<T: ?Sized> {
    word: AtomicU32,
    value: UnsafeCell<T>,
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
            word: AtomicU32::new(0),
            value: UnsafeCell::new(v),
        }
    }
}

impl<T: ?Sized> RwLock<T> {
    pub fn read(&self) -> ReadGuard<'_, T> {
        self.enter_reading(None);
        self.read_guard()
    }

    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        let change = |word| admits_reader(word).then(|| word + READER);
        self.change(change).is_ok().then(|| self.read_guard())
    }

    pub fn read_timeout(&self, d: Duration) -> Option<ReadGuard<'_, T>> {
        self.enter_reading(Some(Instant::now() + d))
            .then(|| self.read_guard())
    }

    pub fn write(&self) -> WriteGuard<'_, T> {
        self.enter_writing(None);
        self.write_guard()
    }

    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        let change = |word| admits_writer(word).then_some(word | WRITING);
        self.change(change).is_ok().then(|| self.write_guard())
    }

    pub fn write_timeout(&self, d: Duration) -> Option<WriteGuard<'_, T>> {
        self.enter_writing(Some(Instant::now() + d))
            .then(|| self.write_guard())
    }

    /// Whether it has got in. Without a deadline it always does.
    fn enter_reading(&self, deadline: Option<Instant>) -> bool {
        let Ok(came) = self.change(|word| match admits_reader(word) {
            true => Some(word + READER),
            false => Some(word + WAITING_READER),
        }) else {
            unreachable!("it changes whatever it finds")
        };
        if admits_reader(came) {
            return true;
        }
        loop {
            let word = self.word.load(Ordering::Acquire);
            if (word ^ came) & PHASE != 0 {
                return true;
            }
            // The writer that it has waited for may have given up.
            if admits_reader(word) {
                if self.becomes(word, word - WAITING_READER + READER) {
                    return true;
                }
                continue;
            }
            match left_until(deadline) {
                Some(Duration::ZERO) => {
                    if self.becomes(word, word - WAITING_READER) {
                        return false;
                    }
                }
                left => drop(futex::wait(&self.word, word, left)),
            }
        }
    }

    /// Whether it has got in. Without a deadline it always does.
    fn enter_writing(&self, deadline: Option<Instant>) -> bool {
        let Ok(came) = self.change(|word| match admits_writer(word) {
            true => Some(word | WRITING),
            false => Some(word + WAITING_WRITER),
        }) else {
            unreachable!("it changes whatever it finds")
        };
        if admits_writer(came) {
            return true;
        }
        loop {
            let word = self.word.load(Ordering::Relaxed);
            let left = word - WAITING_WRITER;
            if admits_writer(word) {
                if self.becomes(word, left | WRITING) {
                    return true;
                }
                continue;
            }
            match left_until(deadline) {
                Some(Duration::ZERO) => {
                    if self.becomes(word, left) {
                        // Readers may have waited because of this writer, and of no other.
                        if admits_reader(left) && left & WAITING_READERS != 0 {
                            self.wake();
                        }
                        return false;
                    }
                }
                time => drop(futex::wait(&self.word, word, time)),
            }
        }
    }

    /// The end of writing: the readers that wait are in, with one more in the case of a downgrade.
    fn leave_writing(&self, as_readers: u32) {
        let Ok(left) = self.change(|word| {
            let left = with_readers_let_in(word & !WRITING);
            Some(left + as_readers * READER)
        }) else {
            unreachable!("it changes whatever it finds")
        };
        if left & (WAITING_READERS | WAITING_WRITERS) != 0 {
            self.wake();
        }
    }

    /// Everybody who sleeps looks again.
    fn wake(&self) {
        futex::wake(&self.word, usize::MAX);
    }

    /// Exchanges the word for what follows from it, if anything does; says what it was.
    fn change(&self, next: impl FnMut(u32) -> Option<u32>) -> Result<u32, u32> {
        self.word
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, next)
    }

    fn becomes(&self, old: u32, new: u32) -> bool {
        self.word
            .compare_exchange(old, new, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
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

/// How long it may sleep: `None` is for as long as it takes.
fn left_until(deadline: Option<Instant>) -> Option<Duration> {
    deadline.map(|at| at.saturating_duration_since(Instant::now()))
}

impl<'a, T: ?Sized> WriteGuard<'a, T> {
    pub fn downgrade(self) -> ReadGuard<'a, T> {
        let l = self.l;
        std::mem::forget(self);
        l.leave_writing(1);
        l.read_guard()
    }
}

impl<T: ?Sized> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        let word = self.l.word.fetch_sub(READER, Ordering::Release) - READER;
        if word & READERS == 0 && word & WAITING_WRITERS != 0 {
            self.l.wake();
        }
    }
}

impl<T: ?Sized> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        self.l.leave_writing(0);
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
