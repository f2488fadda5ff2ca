//! `Counter` with an unnamed, process-shared POSIX semaphore in the file.
//!
//! A word that is 0 in a new file says who initialises the semaphore; everybody else waits for
//! that.

use std::cell::UnsafeCell;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// The contents of the file.
#[repr(C)]
struct Shared {
    /// | value | meaning |
    /// |---|---|
    /// | 0 | new file |
    /// | 1 | somebody is initialising `semaphore` |
    /// | 2 | `semaphore` is ready |
    state: AtomicU32,
    semaphore: UnsafeCell<libc::sem_t>,
    /// Written while holding the semaphore's only unit.
    value: AtomicU64,
}

/// A shared number.
#[derive(Debug)]
pub struct Counter {
    map: Map,
}

impl Counter {
    /// Opens the counter in the file `path`; an old value is kept.
    pub fn open(path: &Path) -> io::Result<Counter> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let size = size_of::<Shared>();
        if file.metadata()?.len() < size as u64 {
            file.set_len(size as u64)?;
        }
        let counter = Counter {
            map: Map::range(&file, 0, size, Mode::SharedWrite)?,
        };
        counter.initialise_once()?;
        Ok(counter)
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        let shared = self.shared();
        // SAFETY: `open` has seen to it that the semaphore is initialised.
        while unsafe { libc::sem_wait(shared.semaphore.get()) } == -1 {
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
        let value = shared.value.load(Ordering::Relaxed).wrapping_add(n);
        shared.value.store(value, Ordering::Relaxed);
        // SAFETY: as above.
        if unsafe { libc::sem_post(shared.semaphore.get()) } == -1 {
            return Err(io::Error::last_os_error());
        }
        Ok(value)
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        self.shared().value.load(Ordering::Relaxed)
    }

    fn initialise_once(&self) -> io::Result<()> {
        let Shared {
            state, semaphore, ..
        } = self.shared();
        if state
            .compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
        {
            // SAFETY: the only one who goes from 0 to 1 has the semaphore for itself.
            if unsafe { libc::sem_init(semaphore.get(), 1, 1) } == -1 {
                return Err(io::Error::last_os_error());
            }
            state.store(2, Ordering::Release);
        }
        while state.load(Ordering::Acquire) != 2 {
            std::thread::yield_now();
        }
        Ok(())
    }

    fn shared(&self) -> &Shared {
        let shared = self.map.as_ptr().cast::<Shared>();
        // SAFETY: aligned as the start of a page, large enough, and all its fields may change under
        // a shared reference. Any bytes are valid for them.
        unsafe { &*shared }
    }
}
