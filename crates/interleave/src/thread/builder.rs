//! Threads without a scope.

use std::io;
use std::panic::Location as Place;

use super::handle::{JoinHandle, launch};
use super::scope::{Scope, ScopedJoinHandle};

/// Shadow of [`std::thread::spawn`].
#[track_caller]
pub fn spawn<F, T>(body: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let (thread, packet) = launch(body, None, Place::caller());
    JoinHandle { thread, packet }
}

/// Shadow of [`std::thread::Builder`].
#[derive(Debug, Default)]
#[must_use = "a builder that spawns nothing does nothing"]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// A builder of threads without a name.
    pub fn new() -> Self {
        Builder::default()
    }

    /// Names the thread.
    pub fn name(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// Has no effect: all stacks have the same size.
    pub fn stack_size(self, size: usize) -> Self {
        let _ = size;
        self
    }

    /// Starts a thread.
    ///
    /// # Errors
    ///
    /// None; the signature is `std`'s.
    #[track_caller]
    pub fn spawn<F, T>(self, body: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let (thread, packet) = launch(body, self.name, Place::caller());
        Ok(JoinHandle { thread, packet })
    }

    /// Starts a thread of a scope.
    ///
    /// # Errors
    ///
    /// None; the signature is `std`'s.
    #[track_caller]
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        body: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Ok(scope.launch(self.name, body, Place::caller()))
    }
}
