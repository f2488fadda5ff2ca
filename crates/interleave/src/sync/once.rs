//! Shadows of `std::sync::{Once, OnceLock, LazyLock}`: things that happen once.
#![expect(clippy::panic, reason = "it panics where std does")]

use std::fmt;
use std::ops::Deref;
use std::panic::{Location as Place, RefUnwindSafe, UnwindSafe};

use super::shared::Shared;
use crate::engine::locks::Handle;
use crate::objects::Sort;

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nobody has begun.
    New,
    /// This thread is at it.
    Running(usize),
    Done,
    /// Whoever was at it has panicked.
    Poisoned,
}

/// Shadow of [`std::sync::Once`].
pub struct Once {
    handle: Handle,
    progress: Shared<Progress>,
}

/// Shadow of [`std::sync::OnceState`].
#[derive(Debug)]
pub struct OnceState(bool);

impl OnceState {
    /// Whether an earlier attempt has panicked.
    pub fn is_poisoned(&self) -> bool {
        self.0
    }
}

/// The attempt of the thread that runs the closure: it fails unless it is said to have succeeded.
struct Attempt<'a> {
    once: &'a Once,
    place: &'static Place<'static>,
    outcome: Progress,
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.once.handle.gate(None, self.place, |gate| {
            gate.synchronise(52);
            self.once.progress.with(|progress| *progress = self.outcome);
            gate.open();
            Some(())
        });
    }
}

impl Once {
    /// Nothing has happened.
    #[track_caller]
    pub const fn new() -> Self {
        Once {
            handle: Handle::new(Sort::Once),
            progress: Shared::new(Progress::New),
        }
    }

    /// Runs the closure if nobody has; waits if somebody is at it.
    ///
    /// # Panics
    ///
    /// If whoever was at it has panicked.
    #[track_caller]
    pub fn call_once<F: FnOnce()>(&self, body: F) {
        self.run(Place::caller(), false, Progress::Poisoned, |_| {
            body();
            Ok::<(), std::convert::Infallible>(())
        })
        .unwrap_or_else(|never| match never {});
    }

    /// As [`Once::call_once`], even if an earlier attempt has panicked.
    #[track_caller]
    pub fn call_once_force<F: FnOnce(&OnceState)>(&self, body: F) {
        self.run(Place::caller(), true, Progress::Poisoned, |state| {
            body(state);
            Ok::<(), std::convert::Infallible>(())
        })
        .unwrap_or_else(|never| match never {});
    }

    /// Whether it has happened.
    #[track_caller]
    pub fn is_completed(&self) -> bool {
        self.progress.prepare(&self.handle);
        let done = self.handle.gate(None, Place::caller(), |gate| {
            let done = self.progress.with(|progress| *progress == Progress::Done);
            if done {
                gate.acquire(53);
            } else {
                gate.look(54);
            }
            Some(done)
        });
        done.unwrap_or(false)
    }

    /// Waits until it has happened.
    ///
    /// # Panics
    ///
    /// If whoever was at it has panicked.
    #[track_caller]
    pub fn wait(&self) {
        self.wait_at(Place::caller(), false);
    }

    /// As [`Once::wait`], whatever panicked.
    #[track_caller]
    pub fn wait_force(&self) {
        self.wait_at(Place::caller(), true);
    }

    fn wait_at(&self, place: &'static Place<'static>, force: bool) {
        self.progress.prepare(&self.handle);
        let poisoned = self.handle.gate(None, place, |gate| {
            match self.progress.with(|progress| *progress) {
                Progress::Done => {
                    gate.acquire(55);
                    Some(false)
                }
                Progress::Poisoned if !force => {
                    gate.look(56);
                    Some(true)
                }
                _ => None,
            }
        });
        assert!(
            poisoned != Some(true),
            "Once instance has previously been poisoned"
        );
    }

    /// Runs the closure if nobody has. If it panics, the state is `panicked` afterwards; if it gives
    /// an error, as new.
    fn run<E>(
        &self,
        place: &'static Place<'static>,
        force: bool,
        panicked: Progress,
        body: impl FnOnce(&OnceState) -> Result<(), E>,
    ) -> Result<(), E> {
        self.progress.prepare(&self.handle);
        let before = self.handle.gate(None, place, |gate| {
            let me = gate.thread();
            self.progress.with(|progress| match *progress {
                Progress::Running(_) => None,
                Progress::Done => {
                    gate.acquire(57);
                    Some(Progress::Done)
                }
                Progress::Poisoned if !force => {
                    gate.look(58);
                    Some(Progress::Running(me))
                }
                before => {
                    gate.synchronise(59);
                    gate.tell("begins");
                    *progress = Progress::Running(me);
                    Some(before)
                }
            })
        });
        match before {
            Some(Progress::Done) | None => return Ok(()),
            Some(Progress::Running(_)) => {
                std::panic::panic_any("Once instance has previously been poisoned")
            }
            Some(Progress::New | Progress::Poisoned) => {}
        }
        let mut attempt = Attempt {
            once: self,
            place,
            outcome: panicked,
        };
        let result = body(&OnceState(before == Some(Progress::Poisoned)));
        attempt.outcome = if result.is_ok() {
            Progress::Done
        } else {
            Progress::New
        };
        result
    }
}

impl Default for Once {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").finish_non_exhaustive()
    }
}

/// Shadow of [`std::sync::OnceLock`].
pub struct OnceLock<T> {
    once: Once,
    value: Shared<Option<T>>,
}

impl<T> OnceLock<T> {
    /// Nothing is there.
    #[track_caller]
    pub const fn new() -> Self {
        OnceLock {
            once: Once::new(),
            value: Shared::new(None),
        }
    }

    fn prepare(&self) {
        if self.once.handle.is_new() {
            self.value.restore();
        }
        self.once.progress.prepare(&self.once.handle);
    }

    /// The value, if it is there.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        self.prepare();
        if self.once.is_completed() {
            self.value.settled().as_ref()
        } else {
            None
        }
    }

    /// The value, which the closure makes if it is not there.
    #[track_caller]
    pub fn get_or_init<F: FnOnce() -> T>(&self, make: F) -> &T {
        match self.get_or_try(
            Place::caller(),
            || Ok::<T, std::convert::Infallible>(make()),
        ) {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }

    fn get_or_try<E>(
        &self,
        place: &'static Place<'static>,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<&T, E> {
        self.prepare();
        self.once.run(place, true, Progress::New, |_| {
            let made = make()?;
            self.value.with(|value| *value = Some(made));
            Ok(())
        })?;
        match self.value.settled() {
            Some(value) => Ok(value),
            None => std::panic::panic_any("a OnceLock that is done is empty"),
        }
    }

    /// Puts a value in, if none is there.
    ///
    /// # Errors
    ///
    /// The value, if another one is there.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        let place = Place::caller();
        let result = self.get_or_try(place, || value.take().ok_or(()));
        match (result, value) {
            (_, Some(back)) => Err(back),
            _ => Ok(()),
        }
    }

    /// Waits until a value is there.
    #[track_caller]
    pub fn wait(&self) -> &T {
        self.prepare();
        self.once.wait_at(Place::caller(), true);
        match self.value.settled() {
            Some(value) => value,
            None => std::panic::panic_any("a OnceLock that is done is empty"),
        }
    }

    /// The value, for somebody who has it to themselves.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut().as_mut()
    }

    /// The value, and the lock is no more.
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }

    /// Takes the value out; nothing has happened.
    pub fn take(&mut self) -> Option<T> {
        self.once = Once::new();
        self.value.get_mut().take()
    }
}

impl<T> Default for OnceLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        let mut lock = OnceLock::new();
        *lock.value.get_mut() = Some(value);
        *lock.once.progress.get_mut() = Progress::Done;
        lock
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceLock").finish_non_exhaustive()
    }
}

/// Shadow of [`std::sync::LazyLock`].
pub struct LazyLock<T, F = fn() -> T> {
    once: Once,
    state: Shared<Lazy<T, F>>,
}

/// What makes the value, then the value.
struct Lazy<T, F> {
    make: Option<F>,
    value: Option<T>,
}

impl<T: UnwindSafe, F: UnwindSafe> RefUnwindSafe for LazyLock<T, F> {}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// A value that is made when it is first used.
    #[track_caller]
    pub const fn new(make: F) -> Self {
        LazyLock {
            once: Once::new(),
            state: Shared::new(Lazy {
                make: Some(make),
                value: None,
            }),
        }
    }

    /// The value.
    ///
    /// # Panics
    ///
    /// If making it has panicked.
    #[track_caller]
    pub fn force(this: &LazyLock<T, F>) -> &T {
        if this.once.handle.is_new() {
            this.state.restore();
        }
        this.once.progress.prepare(&this.once.handle);
        this.once.call_once(|| {
            if let Some(make) = this.state.with(|lazy| lazy.make.take()) {
                let value = make();
                this.state.with(|lazy| lazy.value = Some(value));
            }
        });
        match &this.state.settled().value {
            Some(value) => value,
            None => std::panic::panic_any("LazyLock instance has previously been poisoned"),
        }
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        Self::force(self)
    }
}

impl<T: Default> Default for LazyLock<T> {
    #[track_caller]
    fn default() -> Self {
        LazyLock::new(T::default)
    }
}

impl<T, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyLock").finish_non_exhaustive()
    }
}
