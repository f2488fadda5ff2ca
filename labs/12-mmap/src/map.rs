//! `Map`: a range of bytes, of a file or of nothing, as memory.

#![allow(unused_variables, dead_code, reason = "delete this when you begin")]

use std::fs::File;
use std::io;

/// Why a mapping could not be made.
#[derive(Debug)]
pub enum MapError {
    /// The length is 0.
    Empty,
    /// The range ends at byte `end`, the file already at byte `file`. If offset + len does not fit
    /// into a `u64`, `end` is `u64::MAX`.
    PastEof { end: u64, file: u64 },
    /// `SharedWrite` on a file that is not open for writing.
    ReadOnlyFile,
    /// Any other error of the system.
    Io(io::Error),
}

/// What a mapping of a file allows, and who sees its writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Read the file; writes by others are seen.
    SharedRead,
    /// Read and write the file itself.
    SharedWrite,
    /// Read; writes are seen here and nowhere else. A file opened read-only is enough.
    PrivateWrite,
}

/// Mapped memory. Dropping it unmaps all that was mapped; a child made by `fork` inherits it.
#[derive(Debug)]
pub struct Map {
    // Yours to fill. Add `impl Drop for Map`.
}

// SAFETY: a mapping belongs to the process, not to the thread that made it.
unsafe impl Send for Map {}

impl Map {
    /// Maps `len` bytes of the regular file `f` from byte `offset`, which may be any number.
    ///
    /// The caller may close the file afterwards, and no descriptor stays open.
    /// Errors: see `MapError`. Nothing is mapped that the file does not have.
    pub fn range(f: &File, offset: u64, len: usize, mode: Mode) -> Result<Map, MapError> {
        todo!()
    }

    /// `len` fresh zeros, shared with children that are forked later: `MAP_SHARED | MAP_ANONYMOUS`.
    pub fn anon_bsd(len: usize) -> Result<Map, MapError> {
        todo!()
    }

    /// The same by a shared mapping of `/dev/zero`. No descriptor stays open.
    pub fn anon_svr4(len: usize) -> Result<Map, MapError> {
        todo!()
    }

    /// Copies bytes `at..at + buf.len()` of the range to `buf`. Other processes may write at any
    /// time, so each byte is read afresh (`read_volatile`).
    ///
    /// Panics if the bytes are not all inside the range.
    pub fn read(&self, at: usize, buf: &mut [u8]) {
        todo!()
    }

    /// Copies `data` to bytes `at..at + data.len()` of the range (`write_volatile`).
    ///
    /// Panics if the bytes are not all inside the range, or the mode is `SharedRead`.
    pub fn write(&self, at: usize, data: &[u8]) {
        todo!()
    }

    /// Returns when the bytes `at..at + len` are on the disk.
    ///
    /// Panics if the bytes are not all inside the range.
    pub fn sync(&self, at: usize, len: usize) -> io::Result<()> {
        todo!()
    }

    /// The `len` that the mapping was made with.
    pub fn len(&self) -> usize {
        todo!()
    }

    /// The first byte of the range, not of the page in which it lies.
    pub fn as_ptr(&self) -> *mut u8 {
        todo!()
    }
}
