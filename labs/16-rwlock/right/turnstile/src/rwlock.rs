//! A turnstile, and a room behind it: the no-starve solution of the textbooks.
//!
//! Everybody goes through the turnstile, one at a time and in the order of coming, and keeps it until
//! it is in the room. A reader among readers keeps it for a few instructions only. A writer keeps it
//! until the room is empty, and so nobody overtakes it. In front of the room itself there is never more
//! than one who waits.

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

pub struct RwLock<T: ?Sized> {
    turnstile: Turnstile,
    room: Mutex<Room>,
    /// Notified when whoever has the turnstile may get in.
    opened: Condvar,
    value: UnsafeCell<T>,
}

/// Guarded by the mutex.
#[derive(Default)]
struct Room {
    reading: usize,
    writing: bool,
    /// Whether somebody, who has the turnstile, waits to get in.
    awaited: bool,
}

impl Room {
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

/// A binary semaphore that is handed from one to the next, in the order of coming.
#[derive(Default)]
struct Turnstile(Mutex<Line>);

/// Guarded by the mutex.
#[derive(Default)]
struct Line {
    taken: bool,
    /// Each sleeps on a condition variable of its own. Who is not in the line any more has the turnstile.
    waiting: VecDeque<Arc<Condvar>>,
}

impl Turnstile {
    /// Whether it is ours now.
    fn try_take(&self) -> bool {
        let mut line = self.0.lock().unwrap();
        let free = !line.taken;
        line.taken = true;
        free
    }

    /// Waits in line; whether it is ours now.
    fn take(&self, deadline: Option<Instant>) -> bool {
        let mut line = self.0.lock().unwrap();
        if !line.taken {
            line.taken = true;
            return true;
        }
        let me = Arc::new(Condvar::new());
        line.waiting.push_back(Arc::clone(&me));
        while line.waiting.iter().any(|other| Arc::ptr_eq(other, &me)) {
            match sleep(&me, line, deadline) {
                Ok(woken) => line = woken,
                Err(mut late) => {
                    late.waiting.retain(|other| !Arc::ptr_eq(other, &me));
                    return false;
                }
            }
        }
        true
    }

    /// Hands it to the next one, if there is any.
    fn give(&self) {
        let mut line = self.0.lock().unwrap();
        match line.waiting.pop_front() {
            Some(next) => next.notify_one(),
            None => line.taken = false,
        }
    }
}

/// Sleeps until a notification, or for no reason. The mutex comes back as an error if the time is over.
fn sleep<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    deadline: Option<Instant>,
) -> Result<MutexGuard<'a, T>, MutexGuard<'a, T>> {
    let Some(deadline) = deadline else {
        return Ok(condvar.wait(guard).unwrap());
    };
    let left = deadline.saturating_duration_since(Instant::now());
    match left.is_zero() {
        true => Err(guard),
        false => Ok(condvar.wait_timeout(guard, left).unwrap().0),
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
            turnstile: Turnstile::default(),
            room: Mutex::default(),
            opened: Condvar::new(),
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
        self.enter(false, Instant::now().checked_add(d))
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
        self.enter(true, Instant::now().checked_add(d))
            .then(|| self.write_guard())
    }

    /// Whether it has got in.
    fn enter(&self, writes: bool, deadline: Option<Instant>) -> bool {
        if !self.turnstile.take(deadline) {
            return false;
        }
        let entered = self.enter_room(writes, deadline);
        self.turnstile.give();
        entered
    }

    /// The same behind the turnstile.
    fn enter_room(&self, writes: bool, deadline: Option<Instant>) -> bool {
        let mut room = self.room.lock().unwrap();
        while !room.admits(writes) {
            room.awaited = true;
            match sleep(&self.opened, room, deadline) {
                Ok(woken) => room = woken,
                Err(mut late) => {
                    late.awaited = false;
                    return false;
                }
            }
        }
        room.awaited = false;
        room.admit(writes);
        true
    }

    fn try_enter(&self, writes: bool) -> bool {
        while !self.turnstile.try_take() {
            if self.room.lock().unwrap().awaited {
                return false;
            }
            // Nobody waits for the room: somebody is just going through.
            thread::yield_now();
        }
        let mut room = self.room.lock().unwrap();
        let can = room.admits(writes);
        if can {
            room.admit(writes);
        }
        drop(room);
        self.turnstile.give();
        can
    }

    /// Whoever waits in front of the room looks again.
    fn leave(&self, change: impl FnOnce(&mut Room)) {
        let mut room = self.room.lock().unwrap();
        change(&mut room);
        if room.awaited {
            self.opened.notify_one();
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

impl<'a, T: ?Sized> WriteGuard<'a, T> {
    pub fn downgrade(self) -> ReadGuard<'a, T> {
        let l = self.l;
        std::mem::forget(self);
        l.leave(|room| {
            room.writing = false;
            room.reading = 1;
        });
        l.read_guard()
    }
}

impl<T: ?Sized> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        self.l.leave(|room| room.reading -= 1);
    }
}

impl<T: ?Sized> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        self.l.leave(|room| room.writing = false);
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
