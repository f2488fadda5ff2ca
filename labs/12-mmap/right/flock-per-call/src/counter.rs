//! `Counter` under `flock`, on a file opened anew for each addition.
//!
//! An flock belongs to the open file description; parent and child share an inherited one, and
//! would both hold the lock. A description of its own for each call makes them strangers.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// A shared number: bytes 0 to 7 of the file.
#[derive(Debug)]
pub struct Counter {
    map: Map,
    path: PathBuf,
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
        Ok(Counter { map, path })
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        let file = File::open(&self.path)?;
        while let Err(error) = file.lock() {
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
        let value = self.get().wrapping_add(n);
        self.value().store(value, Ordering::Relaxed);
        drop(file);
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
