//! When does a write to mapped memory become a file? At once for processes, later for the disk.
//!
//! ```text
//! cargo run -p mmap --example write_back
//! ```
//!
//! A child looks from outside: it reads the file in the ordinary way, and the parent's pages in
//! `/proc/PID/smaps`. The new bytes are there, yet the page is dirty: they are in the page cache
//! only. The kernel writes it back when it is old enough; here the child asks for it with fsync, on
//! a descriptor of its own, and the parent's page becomes clean. It is the file that is written
//! back, not a mapping. (On tmpfs there is no disk, and the page stays dirty.)

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use mmap::{Map, Mode};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

#[path = "common/fork.rs"]
mod fork;
#[path = "common/smaps.rs"]
mod smaps;

fn main() -> Result<(), Box<dyn Error>> {
    for name in ["dirty_writeback_centisecs", "dirty_expire_centisecs"] {
        let value = fs::read_to_string(Path::new("/proc/sys/vm").join(name));
        println!("{name}: {}", value.as_deref().unwrap_or("unknown").trim());
    }

    let folder = tempfile::tempdir()?;
    let path = folder.path().join("file");
    fs::write(&path, "old")?;
    File::open(&path)?.sync_all()?;

    let file = File::options().read(true).write(true).open(&path)?;
    let map = Map::range(&file, 0, 3, Mode::SharedWrite)?;
    map.write(0, b"new");

    let parent = Pid::this();
    let child = fork::start(|| {
        if let Err(error) = look_from_outside(parent, &path, &map) {
            println!("the child failed: {error}");
        }
    })?;
    waitpid(child, None)?;
    Ok(())
}

fn look_from_outside(parent: Pid, path: &Path, map: &Map) -> Result<(), Box<dyn Error>> {
    let dirty = || smaps::dirty_kib(parent, map.as_ptr());
    println!("read by another process: {:?}", fs::read_to_string(path)?);
    println!("not on the disk yet:     {} KiB", dirty()?);
    File::open(path)?.sync_all()?;
    println!("after fsync by a child:  {} KiB", dirty()?);
    Ok(())
}
