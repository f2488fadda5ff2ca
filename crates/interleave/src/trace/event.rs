//! What happened in an execution, for whoever reads a counterexample.

use std::panic::Location as Place;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::engine::locks::Access;
use crate::search::path::Question;

/// One thing that a thread did.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) thread: usize,
    pub(crate) place: &'static Place<'static>,
    pub(crate) what: What,
    /// The message of its location that was read.
    pub(crate) read: Option<u32>,
    /// The message that was written.
    pub(crate) written: Option<u32>,
    /// For each location the oldest message that the thread may read from now on.
    pub(crate) knows: Vec<u32>,
    /// Choices that led here and that a quiet machine would not have made, and whose.
    pub(crate) departures: Vec<(Question, usize)>,
    /// Threads that go on because of it.
    pub(crate) wakes: Vec<usize>,
}

/// What it did.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Load {
        location: usize,
        value: u64,
        /// The newest value, if an older one was read.
        newest: Option<u64>,
        order: Ordering,
    },
    Store {
        location: usize,
        old: u64,
        new: u64,
        order: Ordering,
    },
    Update {
        location: usize,
        name: &'static str,
        old: u64,
        new: u64,
        order: Ordering,
    },
    /// A compare-exchange that failed.
    Refused {
        location: usize,
        expected: u64,
        found: u64,
        newest: Option<u64>,
        order: Ordering,
    },
    Fence {
        order: Ordering,
    },
    Access {
        data: usize,
        writes: bool,
    },
    Locked {
        object: usize,
        access: Access,
    },
    Waits {
        object: usize,
        access: Access,
    },
    TryFails {
        object: usize,
        access: Access,
    },
    Unlocked {
        object: usize,
    },
    Downgraded {
        object: usize,
    },
    CondvarWait {
        object: usize,
        spurious: bool,
    },
    Notify {
        object: usize,
        all: bool,
        woken: Vec<usize>,
    },
    Gate {
        object: usize,
        name: &'static str,
    },
    GateWaits {
        object: usize,
    },
    FutexSleeps {
        location: usize,
        expected: u32,
    },
    FutexChanged {
        location: usize,
        expected: u32,
        found: u64,
    },
    FutexInterrupted {
        location: usize,
    },
    FutexWakes {
        location: usize,
        woken: Vec<usize>,
    },
    Parks,
    ParkReturns {
        spurious: bool,
    },
    Unparks {
        thread: usize,
    },
    Sleeps(Duration),
    TimesOut,
    ClockJumps,
    Spins,
    Panics {
        message: String,
        place: Option<(String, u32)>,
    },
    Prints(String),
    Dies,
    /// The kernel marks the word of a thread that has died.
    Marks {
        location: usize,
        old: u64,
        new: u64,
    },
}
