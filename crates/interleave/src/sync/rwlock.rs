//! Shadow of `std::sync::RwLock`. Which of several waiting threads goes next is the search's choice:
//! the standard library promises nothing either.
#![expect(unsafe_code, reason = "a payload that its lock protects")]

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::{Location as Place, RefUnwindSafe, UnwindSafe};
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use crate::engine::locks::{Access, Handle};
use crate::objects::Sort;
use crate::statics;
use crate::thread::panicking;

/// Shadow of [`std::sync::RwLock`].
pub struct RwLock<T: ?Sized> {
    handle: Handle,
    value: UnsafeCell<T>,
}

// SAFETY: the model lets readers or one writer inside; readers share the payload.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLock<T> {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl<T: ?Sized + Send> Send for RwLock<T> {}
impl<T: ?Sized> UnwindSafe for RwLock<T> {}
impl<T: ?Sized> RefUnwindSafe for RwLock<T> {}

/// Shadow of [`std::sync::RwLockReadGuard`].
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    lock: &'a RwLock<T>,
    place: &'static Place<'static>,
    stays: PhantomData<*const ()>,
}

/// Shadow of [`std::sync::RwLockWriteGuard`].
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    lock: &'a RwLock<T>,
    panicking: bool,
    place: &'static Place<'static>,
    stays: PhantomData<*const ()>,
}

// SAFETY: a shared guard gives shared access to the payload only.
unsafe impl<T: ?Sized + Sync> Sync for RwLockReadGuard<'_, T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Sync> Sync for RwLockWriteGuard<'_, T> {}

impl<T> RwLock<T> {
    /// A new lock, with nobody inside.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        RwLock {
            handle: Handle::new(Sort::RwLock),
            value: UnsafeCell::new(value),
        }
    }

    /// The payload, and the lock is no more.
    ///
    /// # Errors
    ///
    /// If a writer has panicked inside.
    pub fn into_inner(self) -> LockResult<T> {
        let poisoned = crate::engine::is_checking() && self.handle.is_poisoned();
        poisoned_or(poisoned, self.value.into_inner())
    }
}

fn poisoned_or<T>(poisoned: bool, value: T) -> LockResult<T> {
    if poisoned {
        Err(PoisonError::new(value))
    } else {
        Ok(value)
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until no writer is inside.
    ///
    /// # Errors
    ///
    /// If a writer has panicked inside.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        self.prepare();
        let poisoned = self.handle.lock(Access::Read, place);
        poisoned_or(poisoned, self.reader(place))
    }

    /// Goes inside if no writer is there.
    ///
    /// # Errors
    ///
    /// If a writer is inside, or has panicked there.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        self.prepare();
        match self.handle.try_lock(Access::Read, place) {
            None => Err(TryLockError::WouldBlock),
            Some(poisoned) => {
                poisoned_or(poisoned, self.reader(place)).map_err(TryLockError::Poisoned)
            }
        }
    }

    /// Waits until nobody is inside.
    ///
    /// # Errors
    ///
    /// If a writer has panicked inside.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        self.prepare();
        let poisoned = self.handle.lock(Access::Write, place);
        poisoned_or(poisoned, self.writer(place))
    }

    /// Goes inside if nobody is there.
    ///
    /// # Errors
    ///
    /// If somebody is inside, or a writer has panicked there.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        self.prepare();
        match self.handle.try_lock(Access::Write, place) {
            None => Err(TryLockError::WouldBlock),
            Some(poisoned) => {
                poisoned_or(poisoned, self.writer(place)).map_err(TryLockError::Poisoned)
            }
        }
    }

    /// Whether a writer has panicked inside.
    pub fn is_poisoned(&self) -> bool {
        self.handle.is_poisoned()
    }

    /// Forgets that a writer has panicked inside.
    pub fn clear_poison(&self) {
        self.handle.clear_poison();
    }

    /// The payload, for somebody who has the lock to themselves.
    ///
    /// # Errors
    ///
    /// If a writer has panicked inside.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        let poisoned = crate::engine::is_checking() && self.handle.is_poisoned();
        poisoned_or(poisoned, self.value.get_mut())
    }

    fn prepare(&self) {
        if self.handle.is_new() {
            let value = self.value.get();
            // SAFETY: nobody is inside a lock that was not used yet; its size is asked only.
            let length = size_of_val(unsafe { &*value });
            // SAFETY: as above, so nobody holds a reference to the payload.
            unsafe { statics::restore(value.cast(), length) };
            self.handle.touch();
        }
    }

    fn reader(&self, place: &'static Place<'static>) -> RwLockReadGuard<'_, T> {
        RwLockReadGuard {
            lock: self,
            place,
            stays: PhantomData,
        }
    }

    fn writer(&self, place: &'static Place<'static>) -> RwLockWriteGuard<'_, T> {
        RwLockWriteGuard {
            lock: self,
            panicking: panicking(),
            place,
            stays: PhantomData,
        }
    }
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// Goes on as a reader, with no writer in between.
    #[track_caller]
    #[expect(clippy::mem_forget, reason = "the lock is not left")]
    pub fn downgrade(guard: Self) -> RwLockReadGuard<'a, T> {
        let (lock, place) = (guard.lock, Place::caller());
        std::mem::forget(guard);
        lock.handle.downgrade(place);
        lock.reader(place)
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.handle.unlock(Access::Read, false, self.place);
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        let poison = !self.panicking && panicking();
        self.lock.handle.unlock(Access::Write, poison, self.place);
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: whoever has a guard is inside, and no writer is.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: whoever has this guard is alone inside.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> Self {
        RwLock::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        RwLock::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RwLock").finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
