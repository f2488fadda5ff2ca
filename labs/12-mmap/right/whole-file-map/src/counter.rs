//! `Counter`: a number in a file that unrelated processes add to, and none of them is lost.
//!
//! The bytes 0 to 7 of the file are the value, in the machine's byte order, and all processes map
//! them shared. It does not survive a power cut: nothing here waits for the disk.

#![expect(
    unsafe_code,
    reason = "an atomic in mapped memory starts from a raw pointer"
)]

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// Bytes that the value takes in the file.
const SIZE: usize = size_of::<u64>();

/// A shared number. Open the same path in every process, or fork after opening it.
#[derive(Debug)]
pub struct Counter {
    map: Map,
}

impl Counter {
    /// Opens the counter in the file `path`; a new or empty file counts from 0, an old value is
    /// kept.
    ///
    /// The file gets its size before it is mapped: a touch behind its end would be SIGBUS. Two
    /// processes may open a new file at the same moment, since growing to the same size twice harms
    /// nobody, and the zeros that ftruncate appends are a valid value.
    ///
    /// # Errors
    ///
    /// Those of [open(2)](https://man7.org/linux/man-pages/man2/open.2.html),
    /// [ftruncate(2)](https://man7.org/linux/man-pages/man2/ftruncate.2.html) and
    /// [mmap(2)](https://man7.org/linux/man-pages/man2/mmap.2.html), such as EACCES, ENOENT,
    /// EISDIR, ENOMEM.
    pub fn open(path: &Path) -> io::Result<Counter> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        if file.metadata()?.len() < SIZE as u64 {
            file.set_len(SIZE as u64)?;
        }
        let map = Map::range(&file, 0, SIZE, Mode::SharedWrite)?;
        Ok(Counter { map })
    }

    /// Adds `n` and returns the value right after this addition; it wraps around at 2^64.
    ///
    /// # Errors
    ///
    /// None here. A design with a lock has calls that can fail.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        // `Relaxed` is enough: an atomic addition loses nothing in any order, and the counter
        // guards no other data.
        let before = self.value().fetch_add(n, Ordering::Relaxed);
        Ok(before.wrapping_add(n))
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        self.value().load(Ordering::Relaxed)
    }

    fn value(&self) -> &AtomicU64 {
        // SAFETY: the pointer is the start of a page, hence aligned, and the mapping lives as long
        // as `self`. All accesses, in this process and others, are atomic ones.
        unsafe { AtomicU64::from_ptr(self.map.as_ptr().cast()) }
    }
}
