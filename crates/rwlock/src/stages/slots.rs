//! A slot for each thread: readers write nothing that other readers read.
//!
//! In all other locks readers do not wait for each other, and yet they get slower with each one that is
//! added: the count is in one cache line, and it goes from core to core with every reader that comes or
//! leaves. Here a reader says that it is inside in a word that nobody else writes. The price is a
//! writer's: it looks at the slots of all threads.
//!
//! Two writes and two reads decide who is first. The reader counts up in its slot and *then* looks for
//! a writer; the writer says that it writes and *then* looks at the slots. Were the two of either side
//! exchanged, both would get in; only `SeqCst` forbids that. Leaving is the same the other way round: the
//! reader counts down and then looks whether a writer has to be woken.
//!
//! | `writing` | means |
//! |---|---|
//! | 0 | nobody writes |
//! | 1 | one writes, or waits for the slots to become free |
//! | 2 | the same, and readers sleep on this word |
//!
//! Leaving could be a plain store, since nobody else writes the slot; but then the reader could not
//! tell whether a writer sleeps. What would be faster is no atomic instruction at all for readers, and a
//! system call for writers that makes all cores catch up:
//! [membarrier(2)](https://man7.org/linux/man-pages/man2/membarrier.2.html).

#![expect(unsafe_code, reason = "guards turn a shared reference into others")]

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::hint;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::futex;

/// So many threads can have a slot at a time; others read as if they wrote.
const SLOTS: usize = 30;
/// Looks at a slot before a writer sleeps.
const LOOKS: u32 = 100;

/// Many readers or one writer.
pub struct RwLock<T> {
    writing: Slot,
    slots: [Slot; SLOTS],
    /// Writers take turns.
    writers: Mutex<()>,
    value: UnsafeCell<T>,
}

/// A word on cache lines of its own: how many times a thread reads, or whether one writes.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Slot(AtomicU32);

// SAFETY: several readers share `&T`, which takes `Sync`; a writer has `&mut T`, which takes `Send`.
unsafe impl<T: Send + Sync> Sync for RwLock<T> {}

/// One reads, until this is dropped.
struct Reading<'a> {
    slot: &'a AtomicU32,
    writing: &'a AtomicU32,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let last = self.slot.fetch_sub(1, Ordering::SeqCst) == 1;
        if last && self.writing.load(Ordering::SeqCst) != 0 {
            futex::wake(self.slot, 1);
        }
    }
}

impl<T> RwLock<T> {
    /// A lock that nobody holds.
    pub fn new(value: T) -> Self {
        RwLock {
            writing: Slot::default(),
            slots: Default::default(),
            writers: Mutex::new(()),
            value: UnsafeCell::new(value),
        }
    }

    /// Calls `look` among readers.
    ///
    /// At most 30 threads have a slot at a time, each from its first read of any such lock until it
    /// ends. A thread that has one may read once more from within `look`, even if a writer waits.
    /// A thread that found none free then, or whose thread-local values are being destroyed, reads
    /// alone, as a writer does: if it reads once more from within `look`, it waits for itself for ever.
    pub fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        let Some(slot) = mine() else {
            return self.write(|value| look(value));
        };
        let reading = self.enter(&self.slots[slot].0);
        // SAFETY: a writer waits until all slots are free, and this one is not.
        let seen = look(unsafe { &*self.value.get() });
        drop(reading);
        seen
    }

    /// Calls `change` alone.
    pub fn write<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let alone = self.enter_alone();
        // SAFETY: all slots were free, and nobody takes one who sees that there is a writer.
        let done = change(unsafe { &mut *self.value.get() });
        drop(alone);
        done
    }

    fn enter<'a>(&'a self, slot: &'a AtomicU32) -> Reading<'a> {
        let writing = &self.writing.0;
        loop {
            let before = slot.fetch_add(1, Ordering::SeqCst);
            let reading = Reading { slot, writing };
            // Whoever reads already is not kept out: the writer waits for it.
            if before > 0 || writing.load(Ordering::SeqCst) == 0 {
                return reading;
            }
            drop(reading);
            self.sleep();
        }
    }

    /// Until nobody writes.
    #[cold]
    fn sleep(&self) {
        let writing = &self.writing.0;
        let said = writing.compare_exchange(1, 2, Ordering::Relaxed, Ordering::Relaxed);
        if said != Err(0) {
            futex::wait(writing, 2, None);
        }
    }

    fn enter_alone(&self) -> Writing<'_> {
        let turn = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        self.writing.0.store(1, Ordering::SeqCst);
        // A thread that gets its first slot from now on sees that there is a writer.
        for slot in self.slots.iter().take(USED.load(Ordering::SeqCst)) {
            free(&slot.0);
        }
        Writing {
            writing: &self.writing.0,
            _turn: turn,
        }
    }
}

/// Until a slot is free.
fn free(slot: &AtomicU32) {
    for _ in 0..LOOKS {
        if slot.load(Ordering::SeqCst) == 0 {
            return;
        }
        hint::spin_loop();
    }
    loop {
        let reads = slot.load(Ordering::SeqCst);
        if reads == 0 {
            return;
        }
        futex::wait(slot, reads, None);
    }
}

/// One writes, until this is dropped.
struct Writing<'a> {
    writing: &'a AtomicU32,
    _turn: MutexGuard<'a, ()>,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if self.writing.swap(0, Ordering::Release) == 2 {
            futex::wake(self.writing, usize::MAX);
        }
    }
}

/// Which slots belong to a thread that lives.
static TAKEN: [AtomicBool; SLOTS] = [const { AtomicBool::new(false) }; SLOTS];

/// No slot from this one on was ever used: a writer need not look there.
static USED: AtomicUsize = AtomicUsize::new(0);

/// A thread that has not asked for a slot yet; and one that has not got any, or is about to end.
const UNKNOWN: usize = usize::MAX;
const NONE: usize = UNKNOWN - 1;

thread_local! {
    /// The number of a thread's slot, in all locks. It has no destructor, so looking costs one load.
    static MINE: Cell<usize> = const { Cell::new(UNKNOWN) };
    /// Gives the slot back when the thread ends.
    static CLAIM: Claim = claim();
}

struct Claim(usize);

/// The slot of the calling thread, if it has got one.
#[inline]
fn mine() -> Option<usize> {
    let slot = match MINE.with(Cell::get) {
        UNKNOWN => first_time(),
        slot => slot,
    };
    (slot < SLOTS).then_some(slot)
}

#[cold]
fn first_time() -> usize {
    let slot = CLAIM.try_with(|claim| claim.0).unwrap_or(NONE);
    MINE.with(|mine| mine.set(slot));
    slot
}

fn claim() -> Claim {
    // Acquire: what the one before left in the slots is older than what this thread writes.
    let free = TAKEN
        .iter()
        .position(|taken| !taken.swap(true, Ordering::Acquire));
    let number = free.unwrap_or(NONE);
    if number < SLOTS {
        USED.fetch_max(number + 1, Ordering::SeqCst);
    }
    Claim(number)
}

impl Drop for Claim {
    fn drop(&mut self) {
        MINE.with(|mine| mine.set(NONE));
        if let Some(taken) = TAKEN.get(self.0) {
            taken.store(false, Ordering::Release);
        }
    }
}

impl<T> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RwLock").finish_non_exhaustive()
    }
}
