//! First come, first served, by a queue of nodes (Mellor-Crummey and Scott) in place of numbers.

#![expect(unsafe_code, reason = "a lock hands out what it protects")]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr};
use std::{hint, ptr, thread};

/// Mutual exclusion without a payload.
///
/// # Safety
///
/// Whoever implements this promises what [`Spin`] relies on: after `lock`, or a `try_lock` that says
/// `true`, nobody else gets in before `unlock`; and the next one in sees what was written before it.
pub unsafe trait RawLock: Sync {
    /// A free lock.
    fn new() -> Self
    where
        Self: Sized;

    /// Waits until the lock is free, and takes it.
    fn lock(&self);

    /// Takes the lock if it is free; never waits.
    fn try_lock(&self) -> bool;

    /// Frees the lock.
    ///
    /// # Safety
    ///
    /// The caller has taken the lock, and not freed it since.
    unsafe fn unlock(&self);
}

/// Test and set: the lock of the notes.
///
/// | `locked` | |
/// |---|---|
/// | `false` | free |
/// | `true` | somebody is inside |
#[derive(Debug)]
pub struct Tas {
    locked: AtomicBool,
}

// SAFETY: after each `unlock` one swap finds `false`, and acquires what was released.
unsafe impl RawLock for Tas {
    fn new() -> Self {
        Tas {
            locked: AtomicBool::new(false),
        }
    }

    #[inline]
    fn lock(&self) {
        // Acquire: what the last owner wrote before its release is seen in here.
        while self.locked.swap(true, Acquire) {
            hint::spin_loop();
        }
    }

    #[inline]
    fn try_lock(&self) -> bool {
        !self.locked.swap(true, Acquire)
    }

    #[inline]
    unsafe fn unlock(&self) {
        self.locked.store(false, Release);
    }
}

/// Test and test-and-set: looks until the lock seems free, and only then swaps.
///
/// A failed swap is a write, and a write takes the cache line away from everybody else, the owner
/// included. A load shares it. The values of `locked` are those of [`Tas`].
#[derive(Debug)]
pub struct Ttas {
    locked: AtomicBool,
}

/// The longest pause between two looks, in turns.
const LONGEST_PAUSE: u32 = 32;

impl Ttas {
    /// Out of line: a free lock is taken by the one swap in `lock`.
    #[cold]
    fn wait(&self) {
        let mut patience = Patience::new();
        let mut pause = 1;
        loop {
            while self.locked.load(Relaxed) {
                for _ in 0..pause {
                    patience.turn();
                }
                // Exponential back-off: the longer the wait so far, the less a look is worth.
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            // Somebody else may have been faster: then it is back to looking.
            if self.try_lock() {
                return;
            }
        }
    }
}

// SAFETY: as for `Tas`: after each `unlock` one swap finds `false`.
unsafe impl RawLock for Ttas {
    fn new() -> Self {
        Ttas {
            locked: AtomicBool::new(false),
        }
    }

    #[inline]
    fn lock(&self) {
        if !self.try_lock() {
            self.wait();
        }
    }

    #[inline]
    fn try_lock(&self) -> bool {
        !self.locked.swap(true, Acquire)
    }

    #[inline]
    unsafe fn unlock(&self) {
        self.locked.store(false, Release);
    }
}

/// A queue of nodes, each on the heap while its thread waits or is inside; nobody looks at a word that
/// others look at.
#[derive(Debug)]
pub struct Ticket {
    /// The end of the queue; null if the lock is free.
    tail: AtomicPtr<Node>,
    /// The owner's node. Only the owner touches it.
    owner: AtomicPtr<Node>,
}

#[derive(Debug)]
struct Node {
    waits: AtomicBool,
    next: AtomicPtr<Node>,
}

impl Ticket {
    /// A lock that has been in use. There are no numbers here, so none can wrap around.
    pub fn from_raw(_next: u32, _serving: u32) -> Self {
        Self::new()
    }

    fn node() -> *mut Node {
        Box::into_raw(Box::new(Node {
            waits: AtomicBool::new(true),
            next: AtomicPtr::new(ptr::null_mut()),
        }))
    }
}

// SAFETY: only who finds the queue empty gets in, or who is told to by the one in front, last in its `unlock`.
unsafe impl RawLock for Ticket {
    fn new() -> Self {
        Ticket {
            tail: AtomicPtr::new(ptr::null_mut()),
            owner: AtomicPtr::new(ptr::null_mut()),
        }
    }

    fn lock(&self) {
        let mine = Self::node();
        let before = self.tail.swap(mine, AcqRel);
        if !before.is_null() {
            // SAFETY: who is before us frees its node only after it has told us.
            unsafe { &*before }.next.store(mine, Release);
            let mut patience = Patience::new();
            // SAFETY: it is our node.
            while unsafe { &*mine }.waits.load(Acquire) {
                patience.turn();
            }
        }
        self.owner.store(mine, Relaxed);
    }

    fn try_lock(&self) -> bool {
        let mine = Self::node();
        let taken = self
            .tail
            .compare_exchange(ptr::null_mut(), mine, AcqRel, Relaxed);
        if taken.is_ok() {
            self.owner.store(mine, Relaxed);
        } else {
            // SAFETY: nobody has seen it.
            drop(unsafe { Box::from_raw(mine) });
        }
        taken.is_ok()
    }

    unsafe fn unlock(&self) {
        let mine = self.owner.load(Relaxed);
        // SAFETY: the caller owns the lock, so this is its node, and nobody else frees it.
        let node = unsafe { &*mine };
        let last = self
            .tail
            .compare_exchange(mine, ptr::null_mut(), Release, Relaxed);
        if last.is_err() {
            let mut patience = Patience::new();
            let next = loop {
                let next = node.next.load(Acquire);
                if !next.is_null() {
                    break next;
                }
                patience.turn();
            };
            // SAFETY: the next one waits for exactly this.
            unsafe { &*next }.waits.store(false, Release);
        }
        // SAFETY: it left the queue, or the next one has been told: nobody comes here any more.
        drop(unsafe { Box::from_raw(mine) });
    }
}

/// How long one wait has lasted.
struct Patience {
    turns: u32,
}

/// After so many turns the owner is probably not running, and whoever waits is in its way.
const TURNS: u32 = 256;

impl Patience {
    fn new() -> Self {
        Patience { turns: 0 }
    }

    fn turn(&mut self) {
        if self.turns < TURNS {
            self.turns += 1;
            hint::spin_loop();
        } else {
            thread::yield_now();
        }
    }
}

/// A payload that one thread at a time gets at.
#[derive(Debug)]
pub struct Spin<L: RawLock, T: ?Sized> {
    raw: L,
    value: UnsafeCell<T>,
}

// SAFETY: the payload goes from thread to thread, one at a time, so it need be Send, and not Sync.
unsafe impl<L: RawLock, T: ?Sized + Send> Sync for Spin<L, T> {}

/// Whoever has it is inside; its drop unlocks, on a panic as well.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct SpinGuard<'a, L: RawLock, T: ?Sized> {
    spin: &'a Spin<L, T>,
    /// Whoever locks unlocks: a guard stays in its thread.
    stays: PhantomData<*const ()>,
}

// SAFETY: a shared guard gives shared access to the payload, and to nothing else.
unsafe impl<L: RawLock, T: ?Sized + Sync> Sync for SpinGuard<'_, L, T> {}

impl<L: RawLock, T> Spin<L, T> {
    /// A free lock around a payload.
    pub fn new(value: T) -> Self {
        Spin {
            raw: L::new(),
            value: UnsafeCell::new(value),
        }
    }

    /// A payload behind a lock that is there already; it must be free.
    pub fn with_raw(raw: L, value: T) -> Self {
        Spin {
            raw,
            value: UnsafeCell::new(value),
        }
    }
}

impl<L: RawLock, T: ?Sized> Spin<L, T> {
    /// Waits until nobody else is inside.
    #[inline]
    pub fn lock(&self) -> SpinGuard<'_, L, T> {
        self.raw.lock();
        self.guard()
    }

    /// Goes in if nobody else is inside; never waits.
    #[inline]
    pub fn try_lock(&self) -> Option<SpinGuard<'_, L, T>> {
        self.raw.try_lock().then(|| self.guard())
    }

    /// Only for who has just taken the lock.
    #[inline]
    fn guard(&self) -> SpinGuard<'_, L, T> {
        SpinGuard {
            spin: self,
            stays: PhantomData,
        }
    }
}

impl<L: RawLock, T: ?Sized> Deref for SpinGuard<'_, L, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is this guard's, so nobody writes but through it.
        unsafe { &*self.spin.value.get() }
    }
}

impl<L: RawLock, T: ?Sized> DerefMut for SpinGuard<'_, L, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is this guard's, and the guard is borrowed exclusively.
        unsafe { &mut *self.spin.value.get() }
    }
}

impl<L: RawLock, T: ?Sized> Drop for SpinGuard<'_, L, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the guard was made by who took the lock, and is dropped once.
        unsafe { self.spin.raw.unlock() }
    }
}
