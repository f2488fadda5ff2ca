//! Brandenburg and Anderson's phase-fair lock: readers only count, and it is writers who compare.
//!
//! Readers count up at the entrance when they come, and at the exit when they leave. A writer closes the
//! entrance and notes how many have come; it is in when as many have left. Readers that come meanwhile
//! are counted as well, and wait until the entrance is open, or closed once more. The writer that it is
//! then closed for has noted them, and waits until they have left. That is all there is to the phases.
//!
//! | bits of the entrance | mean |
//! |---|---|
//! | 0, `CLOSED` | a writer is inside, or is the next one |
//! | 1 to 31 | how often the entrance was closed; it wraps around |
//! | 32 to 63 | readers that have come; it wraps around |
//!
//! Writers behind another one stand in line. Whoever leaves closes the entrance for the next in the step
//! that opens it, so no reader slips through in between. A reader that gives up takes its count back, if
//! nobody has noted it: if the entrance is closed as it was.

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::futex;

const CLOSED: u64 = 1;
/// Once more closed.
const CLOSING: u64 = 2;
/// One reader that has come.
const READER: u64 = 1 << 32;
/// Whether it is closed, and how often it was.
const GATE: u64 = READER - 1;

/// A writer waits until more readers have left.
const AWAITED: u32 = 1;
/// One reader that has left.
const LEFT: u32 = 2;

/// Readers that have come, as far as the exit can count.
fn came(entrance: u64) -> u32 {
    (entrance >> 32) as u32 & (u32::MAX >> 1)
}

/// Readers that have left.
fn left(exit: u32) -> u32 {
    exit >> 1
}

/// The entrance, closed, or closed once more.
fn closed(entrance: u64) -> u64 {
    let gate = entrance.wrapping_add(CLOSING) & GATE;
    entrance & !GATE | gate | CLOSED
}

pub struct RwLock<T: ?Sized> {
    entrance: AtomicU64,
    /// Counts up when readers that wait may go in: the word that they sleep on.
    openings: AtomicU32,
    /// Readers that have left, and `AWAITED`: the word that the next writer sleeps on.
    exit: AtomicU32,
    line: Mutex<Line>,
    value: UnsafeCell<T>,
}

/// Guarded by the mutex, as all closing and opening is.
#[derive(Default)]
struct Line {
    /// Readers that had come when the entrance was closed.
    noted: u32,
    /// Writers behind the one that the entrance is closed for. Each sleeps on a word of its own, which is
    /// 0 until it is closed for this one.
    waiting: VecDeque<Arc<AtomicU32>>,
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
            entrance: AtomicU64::new(0),
            openings: AtomicU32::new(0),
            exit: AtomicU32::new(0),
            line: Mutex::default(),
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
        let come = |entrance: u64| (entrance & CLOSED == 0).then(|| entrance.wrapping_add(READER));
        self.entrance
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, come)
            .is_ok()
            .then(|| self.read_guard())
    }

    pub fn read_timeout(&self, d: Duration) -> Option<ReadGuard<'_, T>> {
        self.enter_reading(Instant::now().checked_add(d))
            .then(|| self.read_guard())
    }

    pub fn write(&self) -> WriteGuard<'_, T> {
        self.enter_writing(None);
        self.write_guard()
    }

    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        let mut line = self.line.lock().unwrap();
        let close = |entrance: u64| {
            // Nobody comes between this and the closing, or it is tried once more.
            let empty = came(entrance) == left(self.exit.load(Ordering::Acquire));
            (entrance & CLOSED == 0 && empty).then(|| closed(entrance))
        };
        let before = self
            .entrance
            .fetch_update(Ordering::Acquire, Ordering::Acquire, close)
            .ok()?;
        line.noted = came(before);
        Some(self.write_guard())
    }

    pub fn write_timeout(&self, d: Duration) -> Option<WriteGuard<'_, T>> {
        self.enter_writing(Instant::now().checked_add(d))
            .then(|| self.write_guard())
    }

    /// Whether it has got in. Without a deadline it always does.
    fn enter_reading(&self, deadline: Option<Instant>) -> bool {
        let gate = self.entrance.fetch_add(READER, Ordering::Acquire) & GATE;
        if gate & CLOSED == 0 {
            return true;
        }
        loop {
            // First this: an opening after the look at the entrance is not missed.
            let openings = self.openings.load(Ordering::Acquire);
            let entrance = self.entrance.load(Ordering::Acquire);
            if entrance & GATE != gate {
                return true;
            }
            let time = left_until(deadline);
            if time != Some(Duration::ZERO) {
                futex::wait(&self.openings, openings, time);
                continue;
            }
            let gone = self.entrance.compare_exchange(
                entrance,
                entrance.wrapping_sub(READER),
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            if gone.is_ok() {
                return false;
            }
        }
    }

    /// Whether it has got in. Without a deadline it always does.
    fn enter_writing(&self, deadline: Option<Instant>) -> bool {
        let Some(noted) = self.close(deadline) else {
            return false;
        };
        loop {
            let exit = self.exit.load(Ordering::Acquire);
            let entered = left(exit) == noted;
            let time = left_until(deadline);
            if entered || time == Some(Duration::ZERO) {
                self.exit.fetch_and(!AWAITED, Ordering::Relaxed);
                if !entered {
                    self.give_up();
                }
                return entered;
            }
            if exit & AWAITED == 0 {
                self.exit.fetch_or(AWAITED, Ordering::Relaxed);
            } else {
                futex::wait(&self.exit, exit, time);
            }
        }
    }

    /// Closes the entrance, or waits until it is closed for this writer. How many readers had come then;
    /// `None` if the time is over.
    fn close(&self, deadline: Option<Instant>) -> Option<u32> {
        let mut line = self.line.lock().unwrap();
        if self.entrance.load(Ordering::Relaxed) & CLOSED == 0 {
            line.noted = came(self.change_entrance(closed));
            return Some(line.noted);
        }
        let me = Arc::new(AtomicU32::new(0));
        line.waiting.push_back(Arc::clone(&me));
        drop(line);
        while me.load(Ordering::Acquire) == 0 {
            let time = left_until(deadline);
            if time != Some(Duration::ZERO) {
                futex::wait(&me, 0, time);
                continue;
            }
            let mut line = self.line.lock().unwrap();
            let before = line.waiting.len();
            line.waiting.retain(|other| !Arc::ptr_eq(other, &me));
            if line.waiting.len() < before {
                return None;
            }
        }
        Some(self.line.lock().unwrap().noted)
    }

    /// The end of writing. Readers that have come meanwhile go in.
    fn leave_writing(&self, goes_on_reading: bool) {
        let mut line = self.line.lock().unwrap();
        if goes_on_reading {
            self.entrance.fetch_add(READER, Ordering::Relaxed);
            line.noted = came((u64::from(line.noted) << 32).wrapping_add(READER));
        }
        match line.waiting.pop_front() {
            Some(next) => {
                let now = came(self.change_entrance(closed));
                self.wake_readers(line.noted != now);
                line.noted = now;
                tell(&next);
            }
            None => self.open(&line),
        }
    }

    /// The next writer takes over the entrance as it is closed, and all that was noted.
    fn give_up(&self) {
        let mut line = self.line.lock().unwrap();
        match line.waiting.pop_front() {
            Some(next) => tell(&next),
            None => self.open(&line),
        }
    }

    fn open(&self, line: &Line) {
        let now = came(self.change_entrance(|entrance| entrance & !CLOSED));
        self.wake_readers(line.noted != now);
    }

    fn wake_readers(&self, any: bool) {
        if any {
            self.openings.fetch_add(1, Ordering::Release);
            futex::wake(&self.openings, usize::MAX);
        }
    }

    /// What it was before.
    fn change_entrance(&self, change: impl Fn(u64) -> u64) -> u64 {
        let mut old = self.entrance.load(Ordering::Relaxed);
        while let Err(now) = self.entrance.compare_exchange_weak(
            old,
            change(old),
            Ordering::AcqRel,
            Ordering::Relaxed,
        ) {
            old = now;
        }
        old
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

/// The entrance is closed for this one now.
fn tell(writer: &AtomicU32) {
    writer.store(1, Ordering::Release);
    futex::wake(writer, 1);
}

/// How long it may sleep: `None` is for as long as it takes.
fn left_until(deadline: Option<Instant>) -> Option<Duration> {
    deadline.map(|at| at.saturating_duration_since(Instant::now()))
}

impl<'a, T: ?Sized> WriteGuard<'a, T> {
    pub fn downgrade(self) -> ReadGuard<'a, T> {
        let l = self.l;
        std::mem::forget(self);
        l.leave_writing(true);
        l.read_guard()
    }
}

impl<T: ?Sized> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        let before = self.l.exit.fetch_add(LEFT, Ordering::Release);
        if before & AWAITED != 0 {
            futex::wake(&self.l.exit, 1);
        }
    }
}

impl<T: ?Sized> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        self.l.leave_writing(false);
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
