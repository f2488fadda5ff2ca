//! The part of `std::io` that names errors. There is nothing to read from or write to.

pub use std::io::{Error, ErrorKind, Result};
