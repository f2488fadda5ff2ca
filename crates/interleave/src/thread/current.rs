//! The calling thread, and how it waits.

use std::fmt;
use std::io;
use std::num::NonZeroUsize;
use std::panic::Location as Place;
use std::time::Duration;

use crate::engine::{self, waiting};
use crate::heap::EngineSide;

/// Shadow of [`std::thread::ThreadId`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThreadId(usize);

impl ThreadId {
    pub(super) fn index(self) -> usize {
        self.0
    }
}

impl fmt::Debug for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ThreadId({})", self.0 + 1)
    }
}

/// Shadow of [`std::thread::Thread`].
#[derive(Clone)]
pub struct Thread {
    index: usize,
    name: Option<String>,
}

impl Thread {
    pub(super) fn new(index: usize, name: Option<String>) -> Self {
        Thread { index, name }
    }

    /// Wakes the thread from its park, this one or the next.
    #[track_caller]
    pub fn unpark(&self) {
        waiting::unpark(self.index, Place::caller());
    }

    /// Distinguishes it from others.
    pub fn id(&self) -> ThreadId {
        ThreadId(self.index)
    }

    /// The name that its builder gave it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread")
            .field("id", &self.id())
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The number of the calling thread: the program itself is 0.
pub(crate) fn index() -> usize {
    let _side = EngineSide::enter();
    engine::with(|engine| engine.current)
}

/// Shadow of [`std::thread::current`].
pub fn current() -> Thread {
    let index = index();
    let side = EngineSide::enter();
    let name = engine::with(|engine| engine.me().name.clone());
    drop(side);
    // The copy that the code under test gets is its own.
    let own = name.as_deref().map(str::to_owned);
    let _side = EngineSide::enter();
    drop(name);
    Thread::new(index, own)
}

/// Shadow of [`std::thread::panicking`]: whether a panic of this thread is on its way.
pub fn panicking() -> bool {
    if !engine::is_checking() {
        return std::thread::panicking();
    }
    let _side = EngineSide::enter();
    engine::with(|engine| engine.me().unwinding > 0)
}

/// Shadow of [`std::thread::park`].
#[track_caller]
pub fn park() {
    waiting::park(None, Place::caller());
}

/// Shadow of [`std::thread::park_timeout`].
#[track_caller]
pub fn park_timeout(time: Duration) {
    waiting::park(Some(time), Place::caller());
}

/// The deprecated `std::thread::park_timeout_ms`.
#[track_caller]
pub fn park_timeout_ms(milliseconds: u32) {
    park_timeout(Duration::from_millis(milliseconds.into()));
}

/// Shadow of [`std::thread::yield_now`]: others may go first, until something changes that the
/// thread has looked at.
#[track_caller]
pub fn yield_now() {
    let place = Place::caller();
    let _side = EngineSide::enter();
    engine::with(|engine| engine.me().counts.yields += 1);
    engine::spin(place);
}

/// Shadow of `std::thread::sleep`: virtual time passes.
#[track_caller]
pub fn sleep(time: Duration) {
    waiting::sleep(time, Place::caller());
}

/// The deprecated `std::thread::sleep_ms`.
#[track_caller]
pub fn sleep_ms(milliseconds: u32) {
    sleep(Duration::from_millis(milliseconds.into()));
}

/// Shadow of [`std::thread::available_parallelism`]: the same on every machine.
///
/// # Errors
///
/// None; the signature is `std`'s.
pub fn available_parallelism() -> io::Result<NonZeroUsize> {
    Ok(NonZeroUsize::MIN.saturating_add(3))
}
