//! A payload whose races are seen.
#![expect(unsafe_code, reason = "a shared payload without a lock of its own")]

use std::cell::UnsafeCell;
use std::fmt;
use std::panic::Location as Place;

use crate::engine::{self, About, after, leave_if_over};
use crate::heap::EngineSide;
use crate::identity::{Found, Identity};
use crate::model::kind::Kind;
use crate::statics;

/// Plain data, as if it had no protection of its own: two accesses, one of which writes, are a data
/// race unless one happens before the other. The code under test protects it, or fails.
pub struct Tracked<T: ?Sized> {
    record: Record,
    value: UnsafeCell<T>,
}

// SAFETY: an access that races ends the execution before it takes place, and all model threads are
// one thread of the operating system.
unsafe impl<T: ?Sized + Send> Sync for Tracked<T> {}

impl<T> Tracked<T> {
    /// Tracks a value.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Tracked {
            record: Record::new(),
            value: UnsafeCell::new(value),
        }
    }

    /// Reads it.
    #[track_caller]
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        self.with(|value| *value)
    }

    /// Writes it.
    #[track_caller]
    pub fn set(&self, value: T) {
        self.with_mut(|old| *old = value);
    }

    /// Writes it, and gives what was there.
    #[track_caller]
    pub fn replace(&self, value: T) -> T {
        self.with_mut(|old| std::mem::replace(old, value))
    }

    /// Gives it back.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }

    /// Reads it, for as long as the closure takes.
    #[track_caller]
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        let access = self.record.begin(self.bytes(), false, Place::caller());
        // SAFETY: no write is open, or `begin` would not have returned.
        let result = read(unsafe { &*self.value.get() });
        drop(access);
        result
    }

    /// Writes it, for as long as the closure takes.
    #[track_caller]
    pub fn with_mut<R>(&self, write: impl FnOnce(&mut T) -> R) -> R {
        let access = self.record.begin(self.bytes(), true, Place::caller());
        // SAFETY: no other access is open, or `begin` would not have returned.
        let result = write(unsafe { &mut *self.value.get() });
        drop(access);
        result
    }

    fn bytes(&self) -> (*mut u8, usize) {
        (self.value.get().cast(), size_of::<T>())
    }
}

impl<T: Default> Default for Tracked<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized> fmt::Debug for Tracked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracked").finish_non_exhaustive()
    }
}

/// Who a piece of plain data is.
#[derive(Debug)]
pub(crate) struct Record {
    identity: Identity,
}

/// An access that has begun.
#[derive(Debug)]
pub(crate) struct Open {
    data: usize,
    place: &'static Place<'static>,
}

impl Drop for Open {
    fn drop(&mut self) {
        let _side = EngineSide::enter();
        engine::with(|engine| {
            let thread = engine.current;
            engine.data[self.data].end(thread);
        });
        after(self.place);
    }
}

impl Record {
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Record {
            identity: Identity::new(),
        }
    }

    /// Begins an access. If it races, the execution is over, and this does not return.
    pub(crate) fn begin(
        &self,
        (payload, length): (*mut u8, usize),
        writes: bool,
        place: &'static Place<'static>,
    ) -> Open {
        let _side = EngineSide::enter();
        let data = engine::with(|engine| {
            let data = match self.identity.find(engine) {
                Found::Registered(index) if index < engine.data.len() => index,
                found => {
                    if let Found::Freed = found {
                        engine.fail(Kind::UseAfterFree, About::Place(Some(place)));
                    }
                    // SAFETY: the payload is the caller's, and this is its first access.
                    unsafe { statics::restore(payload, length) };
                    let index = engine.data.add();
                    engine.data[index].key = self.identity.key();
                    engine.data[index].created = self.identity.created();
                    self.identity.register(engine, index);
                    index
                }
            };
            engine.data[data].address = self.identity.key() as usize;
            engine.access(data, place, writes);
            let thread = engine.current;
            engine.data[data].begin(thread, place, writes);
            data
        });
        leave_if_over();
        Open { data, place }
    }
}
