//! `Counter` under a lease: a token beside the counter is renamed away by whoever holds it, and
//! renamed back afterwards.
//!
//! rename(2) moves the one token in one step: the second finds nothing to rename. A process that
//! dies in between takes the token along; a real program would put a time and its pid into it.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// A shared number: bytes 0 to 7 of the file.
#[derive(Debug)]
pub struct Counter {
    map: Map,
    free: PathBuf,
    held: PathBuf,
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
        let free = beside(&path, ".free");
        // There is one token only: whoever makes this marker makes it.
        let marker = beside(&path, ".token-made");
        match File::create_new(marker) {
            Ok(_) => drop(File::create(&free)?),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        let held = beside(&path, ".held");
        Ok(Counter { map, free, held })
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        while let Err(error) = fs::rename(&self.free, &self.held) {
            if error.kind() != io::ErrorKind::NotFound {
                return Err(error);
            }
            std::thread::yield_now();
        }
        let value = self.get().wrapping_add(n);
        self.value().store(value, Ordering::Relaxed);
        fs::rename(&self.held, &self.free)?;
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

/// The path with something after it.
fn beside(path: &Path, ending: impl AsRef<OsStr>) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
