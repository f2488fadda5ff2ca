//! Threads that borrow from whoever waits for them.
#![expect(clippy::panic, reason = "it panics where std does")]

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe, Location as Place};
use std::sync::Arc;
use std::thread::Result;

use super::Thread;
use super::handle::{Packet, join, launch};
use crate::engine::waiting;

/// What a scope and its threads share.
#[derive(Default)]
struct Members {
    threads: RefCell<Vec<usize>>,
    /// Threads whose panic nobody has taken by `join`.
    panicked: Cell<usize>,
}

/// Shadow of [`std::thread::Scope`].
pub struct Scope<'scope, 'env: 'scope> {
    members: Arc<Members>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

#[expect(
    unsafe_code,
    reason = "members are added and marked by one thread at a time"
)]
mod shared {
    // SAFETY: all model threads are one thread of the operating system, and nothing here leaves its
    // fiber while a member is borrowed.
    unsafe impl Sync for super::Members {}
    // SAFETY: as above.
    unsafe impl Send for super::Members {}
}

/// Shadow of [`std::thread::scope`].
#[track_caller]
pub fn scope<'env, F, T>(body: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let place = Place::caller();
    let scope = Scope {
        members: Arc::new(Members::default()),
        scope: PhantomData,
        env: PhantomData,
    };
    let result = panic::catch_unwind(AssertUnwindSafe(|| body(&scope)));
    // A thread of the scope may start another one while it is waited for.
    let mut next = 0;
    while let Some(thread) = scope.member(next) {
        waiting::join(thread, false, place);
        next += 1;
    }
    match result {
        Err(payload) => panic::resume_unwind(payload),
        Ok(_) if scope.members.panicked.get() > 0 => {
            std::panic::panic_any("a scoped thread panicked")
        }
        Ok(value) => value,
    }
}

impl<'scope, 'env> Scope<'scope, 'env> {
    /// Starts a thread that the scope waits for.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, body: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.launch(None, body, Place::caller())
    }

    pub(super) fn launch<T: 'scope>(
        &'scope self,
        name: Option<String>,
        body: impl FnOnce() -> T + 'scope,
        place: &'static Place<'static>,
    ) -> ScopedJoinHandle<'scope, T> {
        let members = Arc::clone(&self.members);
        let body = move || {
            let result = panic::catch_unwind(AssertUnwindSafe(body));
            match result {
                Ok(value) => value,
                Err(payload) => {
                    members.panicked.update(|count| count + 1);
                    panic::resume_unwind(payload)
                }
            }
        };
        let (thread, packet) = launch(body, name, place);
        self.members.threads.borrow_mut().push(thread.id().index());
        ScopedJoinHandle {
            thread,
            packet,
            members: Arc::clone(&self.members),
            scope: PhantomData,
        }
    }

    fn member(&self, index: usize) -> Option<usize> {
        self.members.threads.borrow().get(index).copied()
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

/// Shadow of [`std::thread::ScopedJoinHandle`].
pub struct ScopedJoinHandle<'scope, T> {
    thread: Thread,
    packet: Arc<Packet<T>>,
    members: Arc<Members>,
    scope: PhantomData<&'scope ()>,
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the thread.
    ///
    /// # Errors
    ///
    /// What it panicked with.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let result = join(&self.thread, &self.packet, Place::caller());
        if result.is_err() {
            // Whoever takes the panic answers for it; the scope need not.
            self.members.panicked.update(|count| count - 1);
        }
        result
    }

    /// Whether it has ended.
    #[track_caller]
    pub fn is_finished(&self) -> bool {
        waiting::is_finished(self.thread.id().index(), Place::caller())
    }

    /// The thread itself.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedJoinHandle").finish_non_exhaustive()
    }
}
