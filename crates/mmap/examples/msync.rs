//! `msync`: `MS_SYNC` waits for the disk, `MS_ASYNC` does nothing on Linux.
//!
//! ```text
//! cargo run -p mmap --example msync
//! ```
//!
//! Writes to a mapped page and asks `/proc/self/smaps` after each step how much of the mapping is
//! dirty: changed, but not on the disk yet. `MS_ASYNC` leaves it as it is, because the kernel
//! writes dirty pages by and by anyway. On a file system that lives in memory (tmpfs) there is no
//! disk and it stays dirty for good.

#![expect(unsafe_code, reason = "Map::sync is MS_SYNC only, this shows both")]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::ptr::NonNull;

use mmap::{Map, Mode};
use nix::sys::mman::{MsFlags, msync};

#[path = "common/smaps.rs"]
mod smaps;

fn main() -> Result<(), Box<dyn Error>> {
    let file = tempfile::tempfile()?;
    file.set_len(100)?;
    let map = Map::range(&file, 0, 100, Mode::SharedWrite)?;
    let dirty = || smaps::dirty_kib("self", map.as_ptr());

    println!("before the write: {} KiB dirty", dirty()?);
    map.write(0, b"to the disk, please");
    println!("after the write:  {} KiB dirty", dirty()?);

    let start = NonNull::new(map.as_ptr().cast()).ok_or("mapped at 0")?;
    // SAFETY: the range is our own mapping, and msync changes no byte of it.
    unsafe { msync(start, map.len(), MsFlags::MS_ASYNC)? };
    println!("after MS_ASYNC:   {} KiB dirty", dirty()?);

    map.sync(0, map.len())?;
    println!("after MS_SYNC:    {} KiB dirty", dirty()?);
    Ok(())
}
