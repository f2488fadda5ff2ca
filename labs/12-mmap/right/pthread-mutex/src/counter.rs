//! `Counter` with a process-shared, robust pthread mutex beside the value.
//!
//! Whoever opens holds an flock on a description of its own, so that the mutex is initialised once;
//! the word `ready` is set last, so that a file left half done by a crash is done again.

use std::cell::UnsafeCell;
use std::fs::{File, OpenOptions};
use std::io;
use std::mem::MaybeUninit;
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::map::{Map, Mode};

const READY: u32 = 0x6d75_7478;

/// The contents of the file.
#[repr(C)]
struct Shared {
    /// Written under the flock of `open`.
    ready: AtomicU32,
    mutex: UnsafeCell<libc::pthread_mutex_t>,
    /// Written under `mutex`.
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
        lock_file(&file)?;
        let size = size_of::<Shared>();
        if file.metadata()?.len() < size as u64 {
            file.set_len(size as u64)?;
        }
        let counter = Counter {
            map: Map::range(&file, 0, size, Mode::SharedWrite)?,
        };
        if counter.shared().ready.load(Ordering::Acquire) != READY {
            init_mutex(counter.shared().mutex.get())?;
            counter.shared().ready.store(READY, Ordering::Release);
        }
        // Closing the file would not do: the mapping keeps its open file description alive, lock
        // and all.
        file.unlock()?;
        Ok(counter)
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        let mutex = self.shared().mutex.get();
        // SAFETY: initialised by `open`, and mapped as long as `self` lives.
        match unsafe { libc::pthread_mutex_lock(mutex) } {
            0 => {}
            // The owner died. The value is one store, so it is either the old or the new one.
            libc::EOWNERDEAD => {
                // SAFETY: we hold the mutex.
                check(unsafe { libc::pthread_mutex_consistent(mutex) })?;
            }
            errno => return Err(io::Error::from_raw_os_error(errno)),
        }
        let value = self.shared().value.load(Ordering::Relaxed).wrapping_add(n);
        self.shared().value.store(value, Ordering::Relaxed);
        // SAFETY: we hold the mutex.
        check(unsafe { libc::pthread_mutex_unlock(mutex) })?;
        Ok(value)
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        self.shared().value.load(Ordering::Relaxed)
    }

    fn shared(&self) -> &Shared {
        let shared = self.map.as_ptr().cast::<Shared>();
        // SAFETY: aligned as the start of a page, large enough, and all its fields may change under
        // a shared reference. Any bytes are valid for them.
        unsafe { &*shared }
    }
}

fn lock_file(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

fn init_mutex(mutex: *mut libc::pthread_mutex_t) -> io::Result<()> {
    let mut attr = MaybeUninit::uninit();
    // SAFETY: `attr` is initialised here.
    check(unsafe { libc::pthread_mutexattr_init(attr.as_mut_ptr()) })?;
    // SAFETY: `attr` is initialised.
    check(unsafe {
        libc::pthread_mutexattr_setpshared(attr.as_mut_ptr(), libc::PTHREAD_PROCESS_SHARED)
    })?;
    // SAFETY: `attr` is initialised.
    check(unsafe {
        libc::pthread_mutexattr_setrobust(attr.as_mut_ptr(), libc::PTHREAD_MUTEX_ROBUST)
    })?;
    // SAFETY: nobody else uses the mutex yet, since `open` holds the file's lock.
    check(unsafe { libc::pthread_mutex_init(mutex, attr.as_ptr()) })?;
    // SAFETY: `attr` is initialised and not used any more.
    check(unsafe { libc::pthread_mutexattr_destroy(attr.as_mut_ptr()) })
}

fn check(errno: i32) -> io::Result<()> {
    if errno == 0 {
        Ok(())
    } else {
        Err(io::Error::from_raw_os_error(errno))
    }
}
