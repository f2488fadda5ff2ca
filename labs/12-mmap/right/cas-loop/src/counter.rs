//! `Counter` by compare and exchange: compute the new value, store it if the old one is still
//! there.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// A shared number: bytes 0 to 7 of the file.
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
        if file.metadata()?.len() < 8 {
            file.set_len(8)?;
        }
        let map = Map::range(&file, 0, 8, Mode::SharedWrite)
            .map_err(|error| io::Error::other(format!("{error:?}")))?;
        Ok(Counter { map })
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        let mut old = self.get();
        loop {
            let new = old.wrapping_add(n);
            match self
                .value()
                .compare_exchange_weak(old, new, Ordering::AcqRel, Ordering::Acquire)
            {
                Ok(_) => return Ok(new),
                Err(now) => old = now,
            }
        }
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        self.value().load(Ordering::Acquire)
    }

    fn value(&self) -> &AtomicU64 {
        // SAFETY: the start of a page is aligned, and mapped as long as `self` lives.
        unsafe { AtomicU64::from_ptr(self.map.as_ptr().cast()) }
    }
}
