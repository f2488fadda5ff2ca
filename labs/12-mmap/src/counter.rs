//! `Counter`: a number in a file that unrelated processes add to, and no addition is lost.

#![allow(unused_variables, reason = "delete this when you begin")]

use std::io;
use std::path::Path;

/// A number shared by all processes that open the same path, and by the children forked after that.
///
/// Its functions start no thread and no process.
#[derive(Debug)]
pub struct Counter {
    // Yours to fill.
}

impl Counter {
    /// Opens the counter in the file `path`.
    ///
    /// A file that does not exist, or is empty, is a counter at 0; an older value is kept. Several
    /// processes may open a new file at the same moment. The value lives in a shared mapping of the
    /// file, and the file has its size before it is mapped. What else the file holds is up to you.
    pub fn open(path: &Path) -> io::Result<Counter> {
        todo!()
    }

    /// Adds `n` and returns the value right after this addition, whoever else adds at the same
    /// time.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        todo!()
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        todo!()
    }
}
