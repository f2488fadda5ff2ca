//! Thread-local variables, one per model thread and execution.
#![expect(
    unsafe_code,
    reason = "values of any type, kept by the address of their key"
)]
#![expect(clippy::panic, reason = "it panics where std does")]

use std::cell::RefCell;
use std::fmt;

use crate::engine;
use crate::heap::EngineSide;
use crate::threads::Local;

/// Shadow of [`std::thread::LocalKey`].
pub struct LocalKey<T: 'static> {
    initialise: fn() -> T,
    /// Two keys never have the same address.
    _address: u8,
}

/// Shadow of [`std::thread::AccessError`]: the variable has been destroyed.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessError;

impl fmt::Debug for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessError").finish()
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("already destroyed")
    }
}

impl std::error::Error for AccessError {}

/// What is there for a key.
enum Slot {
    Missing,
    Destroyed,
    Value(*mut ()),
}

impl<T: 'static> LocalKey<T> {
    /// For `thread_local!`.
    #[doc(hidden)]
    pub const fn __new(initialise: fn() -> T) -> Self {
        LocalKey {
            initialise,
            _address: 0,
        }
    }

    fn key(&'static self) -> usize {
        (&raw const *self).addr()
    }

    fn slot(&'static self) -> Slot {
        let _side = EngineSide::enter();
        let key = self.key();
        engine::with(
            |engine| match engine.me().locals.iter().find(|local| local.key == key) {
                None => Slot::Missing,
                Some(local) if local.value.is_null() => Slot::Destroyed,
                Some(local) => Slot::Value(local.value),
            },
        )
    }

    /// Uses the variable.
    ///
    /// # Panics
    ///
    /// If it has been destroyed.
    pub fn with<R>(&'static self, use_it: impl FnOnce(&T) -> R) -> R {
        match self.try_with(use_it) {
            Ok(result) => result,
            Err(error) => std::panic::panic_any(format!(
                "cannot access a Thread Local Storage value during or after destruction: {error}"
            )),
        }
    }

    /// Uses the variable, if it has not been destroyed.
    ///
    /// # Errors
    ///
    /// If it has.
    pub fn try_with<R>(&'static self, use_it: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
        let value = match self.slot() {
            Slot::Destroyed => return Err(AccessError),
            Slot::Value(value) => value,
            Slot::Missing => {
                let value = Box::into_raw(Box::new((self.initialise)())).cast();
                let key = self.key();
                let _side = EngineSide::enter();
                engine::with(|engine| {
                    engine.me().locals.push(Local {
                        key,
                        value,
                        destroy: destroy::<T>,
                    });
                });
                value
            }
        };
        // SAFETY: the value was boxed above, in this execution and thread, for this key and type,
        // and is destroyed when the thread ends.
        Ok(use_it(unsafe { &*value.cast::<T>() }))
    }
}

fn destroy<T>(value: *mut ()) {
    // SAFETY: it was boxed by `try_with`, and is given up once.
    drop(unsafe { Box::from_raw(value.cast::<T>()) });
}

/// The running thread is at its end: destroys its variables, the newest first.
pub(crate) fn destroy_locals() {
    loop {
        let next = {
            let _side = EngineSide::enter();
            engine::with(|engine| {
                let mut locals = engine.me().locals.iter_mut().rev();
                let alive = locals.find(|local| !local.value.is_null())?;
                let value = std::mem::replace(&mut alive.value, std::ptr::null_mut());
                Some((value, alive.destroy))
            })
        };
        let Some((value, destroy)) = next else { break };
        destroy(value);
    }
}

impl<T: 'static> LocalKey<crate::cell::Cell<T>> {
    /// Writes the variable.
    pub fn set(&'static self, value: T) {
        self.with(|cell| cell.set(value));
    }

    /// Reads the variable.
    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(crate::cell::Cell::get)
    }

    /// Takes the value, and leaves a new one.
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(crate::cell::Cell::take)
    }

    /// Writes the variable, and gives what was there.
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T: 'static> LocalKey<RefCell<T>> {
    /// Uses the value.
    pub fn with_borrow<R>(&'static self, use_it: impl FnOnce(&T) -> R) -> R {
        self.with(|cell| use_it(&cell.borrow()))
    }

    /// Changes the value.
    pub fn with_borrow_mut<R>(&'static self, use_it: impl FnOnce(&mut T) -> R) -> R {
        self.with(|cell| use_it(&mut cell.borrow_mut()))
    }

    /// Writes the variable.
    pub fn set(&'static self, value: T) {
        self.with(|cell| *cell.borrow_mut() = value);
    }

    /// Takes the value, and leaves a new one.
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(RefCell::take)
    }

    /// Writes the variable, and gives what was there.
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T: 'static> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").finish_non_exhaustive()
    }
}
