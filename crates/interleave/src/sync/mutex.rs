//! Shadow of `std::sync::Mutex`.
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

/// Shadow of [`std::sync::Mutex`].
pub struct Mutex<T: ?Sized> {
    handle: Handle,
    value: UnsafeCell<T>,
}

// SAFETY: the model lets one thread inside at a time.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
impl<T: ?Sized> UnwindSafe for Mutex<T> {}
impl<T: ?Sized> RefUnwindSafe for Mutex<T> {}

/// Shadow of [`std::sync::MutexGuard`].
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    /// Whether a panic was on its way when it was made.
    panicking: bool,
    place: &'static Place<'static>,
    /// It stays in its thread.
    stays: PhantomData<*const ()>,
}

// SAFETY: a shared guard gives shared access to the payload only.
unsafe impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T> {}

impl<T> Mutex<T> {
    /// A new mutex, unlocked.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Mutex {
            handle: Handle::new(Sort::Mutex),
            value: UnsafeCell::new(value),
        }
    }

    /// The payload, and the mutex is no more.
    ///
    /// # Errors
    ///
    /// If it is poisoned.
    pub fn into_inner(self) -> LockResult<T> {
        let poisoned = crate::engine::is_checking() && self.handle.is_poisoned();
        let value = self.value.into_inner();
        if poisoned {
            Err(PoisonError::new(value))
        } else {
            Ok(value)
        }
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until nobody else is inside.
    ///
    /// # Errors
    ///
    /// If somebody has panicked inside.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let place = Place::caller();
        self.prepare();
        let poisoned = self.handle.lock(Access::Write, place);
        self.guard(poisoned, place)
    }

    /// Goes inside if nobody is there.
    ///
    /// # Errors
    ///
    /// If somebody is inside, or has panicked there.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let place = Place::caller();
        self.prepare();
        match self.handle.try_lock(Access::Write, place) {
            None => Err(TryLockError::WouldBlock),
            Some(poisoned) => self.guard(poisoned, place).map_err(TryLockError::Poisoned),
        }
    }

    /// Whether somebody has panicked inside.
    pub fn is_poisoned(&self) -> bool {
        self.handle.is_poisoned()
    }

    /// Forgets that somebody has panicked inside.
    pub fn clear_poison(&self) {
        self.handle.clear_poison();
    }

    /// The payload, for somebody who has the mutex to themselves.
    ///
    /// # Errors
    ///
    /// If somebody has panicked inside.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        let poisoned = crate::engine::is_checking() && self.handle.is_poisoned();
        let value = self.value.get_mut();
        if poisoned {
            Err(PoisonError::new(value))
        } else {
            Ok(value)
        }
    }

    /// A static's payload is as it was in the beginning.
    fn prepare(&self) {
        if self.handle.is_new() {
            let value = self.value.get();
            // SAFETY: nobody is inside a mutex that was not used yet; its size is asked only.
            let length = size_of_val(unsafe { &*value });
            // SAFETY: as above, so nobody holds a reference to the payload.
            unsafe { statics::restore(value.cast(), length) };
            self.handle.touch();
        }
    }

    fn guard(
        &self,
        poisoned: bool,
        place: &'static Place<'static>,
    ) -> LockResult<MutexGuard<'_, T>> {
        let guard = MutexGuard {
            mutex: self,
            panicking: panicking(),
            place,
            stays: PhantomData,
        };
        if poisoned {
            Err(PoisonError::new(guard))
        } else {
            Ok(guard)
        }
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// For `Condvar`: sleeps with the mutex left, and enters it again.
    pub(super) fn sleep(
        self,
        condvar: &Handle,
        until: Option<u64>,
        place: &'static Place<'static>,
    ) -> (LockResult<MutexGuard<'a, T>>, bool) {
        let mutex = self.mutex;
        forget(self);
        let (timed_out, poisoned) = condvar.wait(&mutex.handle, until, place);
        (mutex.guard(poisoned, place), timed_out)
    }
}

#[expect(clippy::mem_forget, reason = "the wait unlocks, not the guard")]
fn forget<T: ?Sized>(guard: MutexGuard<'_, T>) {
    std::mem::forget(guard);
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        let poison = !self.panicking && panicking();
        self.mutex.handle.unlock(Access::Write, poison, self.place);
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: whoever has a guard is alone inside.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Self {
        Mutex::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Mutex::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
