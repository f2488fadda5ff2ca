//! As much of std as the compared programs use, made of shuttle.

pub use std::{array, ptr};

/// Spinning.
pub mod hint {
    pub use shuttle::hint::spin_loop;
}

/// Atomics.
pub mod sync {
    pub use shuttle::sync::atomic;
}

/// Threads.
pub mod thread {
    pub use shuttle::thread::{scope, yield_now};
}

/// A payload that notices two accesses at the same time, one of them a write. shuttle itself has none.
pub struct Tracked<T> {
    value: std::cell::Cell<T>,
    readers: std::cell::Cell<u32>,
    writers: std::cell::Cell<u32>,
}

// SAFETY: shuttle runs one thread at a time, and changes threads at its own operations only.
unsafe impl<T: Send> Sync for Tracked<T> {}

impl<T> Tracked<T> {
    /// A payload of this value.
    pub fn new(value: T) -> Self {
        Tracked {
            value: std::cell::Cell::new(value),
            readers: 0.into(),
            writers: 0.into(),
        }
    }

    /// Its value.
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        assert_eq!(self.writers.get(), 0, "data race");
        self.readers.set(self.readers.get() + 1);
        shuttle::thread::yield_now();
        self.readers.set(self.readers.get() - 1);
        self.value.get()
    }

    /// Replaces its value.
    pub fn set(&self, new: T) {
        assert_eq!(self.readers.get() + self.writers.get(), 0, "data race");
        self.writers.set(1);
        shuttle::thread::yield_now();
        self.writers.set(0);
        self.value.set(new);
    }
}

/// One check of 3 000 random executions; panics if something is found.
pub fn check(run: fn()) -> u64 {
    let mut config = shuttle::Config::new();
    config.max_steps = shuttle::MaxSteps::FailAfter(20_000);
    config.failure_persistence = shuttle::FailurePersistence::None;
    let scheduler = shuttle::scheduler::RandomScheduler::new_from_seed(1, 3_000);
    shuttle::Runner::new(scheduler, config).run(run) as u64
}
