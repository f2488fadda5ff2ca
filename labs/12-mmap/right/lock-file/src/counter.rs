//! `Counter` under a lock file: whoever creates `path.lock` holds the lock, and removes it
//! afterwards.
//!
//! O_EXCL makes "does it exist" and "create it" one step. A process that dies in between leaves the
//! file behind; a real program would write its pid into it.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// A shared number: bytes 0 to 7 of the file.
#[derive(Debug)]
pub struct Counter {
    map: Map,
    lock: PathBuf,
}

impl Counter {
    /// Opens the counter in the file `path`; an old value is kept.
    pub fn open(path: &Path) -> io::Result<Counter> {
        // The working directory may change until the next addition.
        let path = std::path::absolute(path)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)?;
        if file.metadata()?.len() < 8 {
            file.set_len(8)?;
        }
        let map = Map::range(&file, 0, 8, Mode::SharedWrite)?;
        let mut lock = OsString::from(path);
        lock.push(".lock");
        Ok(Counter {
            map,
            lock: lock.into(),
        })
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        while let Err(error) = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&self.lock)
        {
            if error.kind() != io::ErrorKind::AlreadyExists {
                return Err(error);
            }
            std::thread::yield_now();
        }
        let value = self.get().wrapping_add(n);
        self.value().store(value, Ordering::Relaxed);
        fs::remove_file(&self.lock)?;
        Ok(value)
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        self.value().load(Ordering::Relaxed)
    }

    fn value(&self) -> &AtomicU64 {
        // SAFETY: the start of a page is aligned, and mapped as long as `self` lives.
        unsafe { AtomicU64::from_ptr(self.map.as_ptr().cast()) }
    }
}
