//! `Counter` under a POSIX record lock, which belongs to the process: a forked child does not
//! inherit it.
//!
//! The descriptor is kept, and only `add` locks; no other descriptor of the file is closed
//! meanwhile, which would drop the lock. It does not exclude threads of one process.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

use crate::map::{Map, Mode};

/// A shared number: bytes 0 to 7 of the file.
#[derive(Debug)]
pub struct Counter {
    map: Map,
    file: File,
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
        let map = Map::range(&file, 0, 8, Mode::SharedWrite)?;
        Ok(Counter { map, file })
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        self.record_lock(libc::F_WRLCK)?;
        let value = self.get().wrapping_add(n);
        // SAFETY: aligned, mapped and writable; a store of eight aligned bytes is not torn.
        unsafe { self.value().write_volatile(value) };
        self.record_lock(libc::F_UNLCK)?;
        Ok(value)
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        // SAFETY: aligned and mapped; a load of eight aligned bytes is not torn.
        unsafe { self.value().read_volatile() }
    }

    fn value(&self) -> *mut u64 {
        self.map.as_ptr().cast()
    }

    fn record_lock(&self, kind: i32) -> io::Result<()> {
        let range = libc::flock {
            l_type: kind as i16,
            l_whence: libc::SEEK_SET as i16,
            l_start: 0,
            l_len: 8,
            l_pid: 0,
        };
        loop {
            // SAFETY: the structure is alive and fully written.
            if unsafe { libc::fcntl(self.file.as_raw_fd(), libc::F_SETLKW, &range) } != -1 {
                return Ok(());
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }
}
