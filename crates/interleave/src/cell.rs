//! Shadow of `std::cell`: accesses to a `Cell` that race are reported.
//!
//! A `Cell` is not `Sync`, so only code that claims otherwise (`unsafe impl Sync`) can share one.
//! `UnsafeCell` is `std`'s: what is done through its pointer is not seen. `RefCell` is, too.

use std::fmt;
use std::panic::Location as Place;

pub use std::cell::{
    BorrowError, BorrowMutError, LazyCell, OnceCell, Ref, RefCell, RefMut, UnsafeCell,
};

use crate::model::tracked::Record;

/// Shadow of [`std::cell::Cell`].
pub struct Cell<T: ?Sized> {
    record: Record,
    value: std::cell::Cell<T>,
}

impl<T> Cell<T> {
    /// A new cell.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Cell {
            record: Record::new(),
            value: std::cell::Cell::new(value),
        }
    }

    #[track_caller]
    fn access(&self, writes: bool) {
        if crate::engine::is_checking() {
            let bytes = (self.value.as_ptr().cast(), size_of::<T>());
            drop(self.record.begin(bytes, writes, Place::caller()));
        }
    }

    /// Writes the value.
    #[track_caller]
    pub fn set(&self, value: T) {
        self.access(true);
        self.value.set(value);
    }

    /// Writes the value, and gives what was there.
    #[track_caller]
    pub fn replace(&self, value: T) -> T {
        self.access(true);
        self.value.replace(value)
    }

    /// Exchanges two values.
    #[track_caller]
    pub fn swap(&self, other: &Cell<T>) {
        self.access(true);
        other.access(true);
        self.value.swap(&other.value);
    }

    /// The value, and the cell is no more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }

    /// Takes the value, and leaves a new one.
    #[track_caller]
    pub fn take(&self) -> T
    where
        T: Default,
    {
        self.replace(T::default())
    }
}

impl<T: Copy> Cell<T> {
    /// Reads the value.
    #[track_caller]
    pub fn get(&self) -> T {
        self.access(false);
        self.value.get()
    }

    /// Changes the value by a function.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(T) -> T) {
        self.set(change(self.get()));
    }
}

impl<T: ?Sized> Cell<T> {
    /// Where the value is. What is done there is not seen.
    pub const fn as_ptr(&self) -> *mut T {
        self.value.as_ptr()
    }

    /// The value, for somebody who has it to themselves.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

impl<T: Default> Default for Cell<T> {
    #[track_caller]
    fn default() -> Self {
        Cell::new(T::default())
    }
}

impl<T> From<T> for Cell<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Cell::new(value)
    }
}

impl<T: Copy> Clone for Cell<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        Cell::new(self.get())
    }
}

impl<T: Copy + PartialEq> PartialEq for Cell<T> {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Copy + Eq> Eq for Cell<T> {}

impl<T: Copy + fmt::Debug> fmt::Debug for Cell<T> {
    #[track_caller]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cell").field("value", &self.get()).finish()
    }
}
