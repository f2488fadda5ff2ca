//! What lies behind the end of a mapped file: zeros up to the end of the page, then SIGBUS.
//!
//! ```text
//! cargo run -p mmap --example sigbus
//! ```
//!
//! Maps two pages of a file of five bytes, which the kernel allows. The rest of the first page can
//! be read and even written, but never reaches the file. A child that touches the second page is
//! killed.

#![expect(
    unsafe_code,
    reason = "Map::range refuses such a range, so this calls mmap itself"
)]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::Write;
use std::num::NonZeroUsize;

use mmap::{Map, Mode};
use nix::sys::mman::{MapFlags, ProtFlags, munmap};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{SysconfVar, sysconf};

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let page = sysconf(SysconfVar::PAGE_SIZE)?.ok_or("no page size")? as usize;
    let len = NonZeroUsize::new(2 * page).ok_or("no page size")?;
    let mut file = tempfile::tempfile()?;
    file.write_all(b"hello")?;

    let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: the kernel chooses unused addresses.
    let base = unsafe { nix::sys::mman::mmap(None, len, prot, MapFlags::MAP_SHARED, &file, 0)? };
    println!("a file of 5 bytes, two pages of {page} bytes mapped: mmap does not mind");

    let first = base.cast::<u8>().as_ptr();
    let last = first.wrapping_add(page - 1);
    // SAFETY: the first page is backed by the file.
    println!("last byte of the first page: {}", unsafe {
        last.read_volatile()
    });
    // SAFETY: as above.
    unsafe { last.write_volatile(b'!') };
    println!(
        "after a write there, the file has {} bytes",
        file.metadata()?.len()
    );

    let next = first.wrapping_add(page);
    let child = fork::start(|| {
        // SAFETY: mapped, but nothing is behind it: this ends the child, and no byte is read.
        unsafe { next.read_volatile() };
    })?;
    match waitpid(child, None)? {
        WaitStatus::Signaled(_, signal, _) => println!("first byte of the second page: {signal}"),
        other => println!("first byte of the second page: {other:?}"),
    }
    // SAFETY: nobody uses the pointers any more.
    unsafe { munmap(base, len.get())? };

    if let Err(error) = Map::range(&file, 0, 2 * page, Mode::SharedWrite) {
        println!("Map::range says it before it is too late: {error}");
    }
    Ok(())
}
