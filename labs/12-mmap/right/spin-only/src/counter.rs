//! `Counter` under a spin lock that never gives the CPU away: with few processes and short critical
//! sections it is over soon, and it is exact.
//!
//! Zeros are a free lock and a counter at 0.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// The contents of the file.
#[repr(C)]
struct Shared {
    /// Written under `held`.
    value: AtomicU64,
    held: AtomicBool,
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
        Ok(Counter {
            map: Map::range(&file, 0, size, Mode::SharedWrite)?,
        })
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        let Shared { value, held } = self.shared();
        while held.swap(true, Ordering::Acquire) {
            while held.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        }
        let sum = value.load(Ordering::Relaxed).wrapping_add(n);
        value.store(sum, Ordering::Relaxed);
        held.store(false, Ordering::Release);
        Ok(sum)
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        self.shared().value.load(Ordering::Relaxed)
    }

    fn shared(&self) -> &Shared {
        let shared = self.map.as_ptr().cast::<Shared>();
        // SAFETY: aligned as the start of a page, large enough, and made of atomics only. `held` is
        // only ever written as 0 or 1, and a new file is all zeros.
        unsafe { &*shared }
    }
}
