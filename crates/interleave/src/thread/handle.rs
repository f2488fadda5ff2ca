//! A thread's result, and who waits for it.

use std::cell::Cell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe, Location as Place};
use std::sync::Arc;
use std::thread::Result;

use super::Thread;
use crate::engine::{self, waiting};

/// Where a thread leaves its result.
pub(super) struct Packet<T>(Cell<Option<Result<T>>>);

#[expect(
    unsafe_code,
    reason = "a result that is written once and then read once"
)]
mod shared {
    // SAFETY: the thread writes it before it ends, and whoever joins it takes it afterwards; all
    // model threads are one thread of the operating system.
    unsafe impl<T: Send> Sync for super::Packet<T> {}
}

/// Starts a model thread that leaves its result in a packet.
pub(super) fn launch<'a, T: 'a>(
    body: impl FnOnce() -> T + 'a,
    name: Option<String>,
    place: &'static Place<'static>,
) -> (Thread, Arc<Packet<T>>) {
    let packet = Arc::new(Packet(Cell::new(None)));
    let theirs = Arc::clone(&packet);
    let body: Box<dyn FnOnce() + 'a> = Box::new(move || {
        let result = panic::catch_unwind(AssertUnwindSafe(body));
        if let Err(payload) = &result {
            engine::caught(&**payload);
        }
        theirs.0.set(Some(result));
    });
    let shown = name.clone();
    let index = engine::launch(unbounded(body), shown, place);
    (Thread::new(index, name), packet)
}

#[expect(unsafe_code, reason = "a scope's threads borrow from it")]
fn unbounded<'a>(body: Box<dyn FnOnce() + 'a>) -> Box<dyn FnOnce()> {
    // SAFETY: a thread without a scope borrows nothing ('a is 'static), and a scope does not end
    // before its threads have. An execution that is abandoned forgets all of them together.
    unsafe { std::mem::transmute::<Box<dyn FnOnce() + 'a>, Box<dyn FnOnce()>>(body) }
}

/// Waits for a thread, and takes its result.
pub(super) fn join<T>(
    thread: &Thread,
    packet: &Packet<T>,
    place: &'static Place<'static>,
) -> Result<T> {
    waiting::join(thread.id().index(), true, place);
    match packet.0.take() {
        Some(result) => result,
        // A process that has died leaves none.
        None => Err(Box::new("the thread has died")),
    }
}

/// Shadow of [`std::thread::JoinHandle`].
pub struct JoinHandle<T> {
    pub(super) thread: Thread,
    pub(super) packet: Arc<Packet<T>>,
}

impl<T> JoinHandle<T> {
    /// Waits for the thread.
    ///
    /// # Errors
    ///
    /// What it panicked with.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        join(&self.thread, &self.packet, Place::caller())
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

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}
