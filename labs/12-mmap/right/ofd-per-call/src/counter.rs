//! `Counter` under an open file description lock, on a file opened anew for each addition.
//!
//! On a kept descriptor it would be shared with the children that inherit it. Opened anew, it
//! excludes even the threads of one process.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::AsRawFd;
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
        // A write lock needs a descriptor open for writing.
        let file = OpenOptions::new().write(true).open(&self.path)?;
        let whole = libc::flock {
            l_type: libc::F_WRLCK as i16,
            l_whence: libc::SEEK_SET as i16,
            l_start: 0,
            l_len: 0,
            l_pid: 0,
        };
        // SAFETY: the structure is alive and fully written.
        while unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLKW, &whole) } == -1 {
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
        let value = self.get().wrapping_add(n);
        self.value().store(value, Ordering::Relaxed);
        // The last descriptor of the description gives the lock back.
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
