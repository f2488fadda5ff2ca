//! State of a primitive that is only touched inside one of its gates, where nothing else happens.
#![expect(unsafe_code, reason = "state that the model protects")]

use std::cell::UnsafeCell;
use std::panic::RefUnwindSafe;

use crate::engine::locks::Handle;
use crate::statics;

/// The state of a gate.
pub(super) struct Shared<T>(UnsafeCell<T>);

// SAFETY: `with` is called inside of a gate, by one thread of the operating system.
unsafe impl<T: Send> Sync for Shared<T> {}
impl<T> RefUnwindSafe for Shared<T> {}

impl<T> Shared<T> {
    pub(super) const fn new(value: T) -> Self {
        Shared(UnsafeCell::new(value))
    }

    /// Before the first use in an execution: a static's state is as it was in the beginning.
    pub(super) fn prepare(&self, handle: &Handle) {
        if handle.is_new() {
            self.restore();
            handle.touch();
        }
    }

    /// As [`Shared::prepare`], for one of several states of a handle that is new.
    pub(super) fn restore(&self) {
        // SAFETY: the state is not used yet in this execution, so nobody holds a reference.
        unsafe { statics::restore(self.0.get().cast(), size_of::<T>()) };
    }

    /// Uses the state. The closure does not come here again, and executes no code under test.
    pub(super) fn with<R>(&self, use_it: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: there is no other reference: see above.
        use_it(unsafe { &mut *self.0.get() })
    }

    /// The state, which does not change any more.
    pub(super) fn settled(&self) -> &T {
        // SAFETY: the caller says that nobody changes it as long as the reference lives.
        unsafe { &*self.0.get() }
    }

    pub(super) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }

    pub(super) fn into_inner(self) -> T {
        self.0.into_inner()
    }
}
