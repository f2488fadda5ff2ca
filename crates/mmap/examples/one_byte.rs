//! Changing one byte of a file without a single `write`.
//!
//! ```text
//! cargo run -p mmap --example one_byte
//! ```
//!
//! Maps a file shared, stores one byte in memory, and reads the file in the ordinary way: the byte
//! has changed at once, since mapping and `read` look at the same pages of the page cache.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::fs;

use mmap::{Map, Mode};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("greeting");
    fs::write(&path, "hello, file\n")?;
    print!("before: {}", fs::read_to_string(&path)?);

    let file = fs::File::options().read(true).write(true).open(&path)?;
    let map = Map::range(&file, 0, 1, Mode::SharedWrite)?;
    map.write(0, b"H");

    print!("after:  {}", fs::read_to_string(&path)?);
    Ok(())
}
