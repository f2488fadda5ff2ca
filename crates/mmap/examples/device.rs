//! Mapping a device: its driver decides what the memory means, or that there is none.
//!
//! ```text
//! cargo run -p mmap --example device
//! ```
//!
//! Maps a page of three devices, privately. `/dev/zero` gives fresh zeros that can be written, and
//! another mapping does not see it. `/dev/null` and `/dev/urandom` have nothing to map: ENODEV. A
//! frame buffer or a network card would give its own memory here. `Map::range` refuses them all: a
//! device has no size.

#![expect(
    unsafe_code,
    reason = "Map::range wants a file with a size, so this calls mmap itself"
)]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::fs::File;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

use mmap::{Map, Mode};
use nix::sys::mman::{MapFlags, ProtFlags, munmap};

const LEN: NonZeroUsize = NonZeroUsize::MIN;

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["/dev/zero", "/dev/null", "/dev/urandom"] {
        let device = File::open(path)?;
        match map(&device) {
            Ok(byte) => println!(
                "{path}: mapped, its first byte is {}",
                try_out(byte, &device)?
            ),
            Err(errno) => println!("{path}: {errno:?}"),
        }
    }
    if let Err(error) = Map::range(&File::open("/dev/zero")?, 0, 1, Mode::PrivateWrite) {
        println!("Map::range: {error}");
    }
    Ok(())
}

/// Reads and writes one mapping, and looks whether a second one has noticed.
fn try_out(byte: NonNull<u8>, device: &File) -> nix::Result<String> {
    // SAFETY: mapped.
    let fresh = unsafe { byte.read_volatile() };
    // SAFETY: mapped and writable.
    unsafe { byte.write_volatile(7) };
    // SAFETY: mapped.
    let written = unsafe { byte.read_volatile() };
    let other = map(device)?;
    // SAFETY: mapped.
    let seen = unsafe { other.read_volatile() };
    for mapped in [byte, other] {
        // SAFETY: ours, and used no more.
        unsafe { munmap(mapped.cast(), LEN.get())? };
    }
    Ok(format!(
        "{fresh}, {written} after a write, still {seen} in another mapping"
    ))
}

fn map(device: &File) -> nix::Result<NonNull<u8>> {
    let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: the kernel chooses unused addresses.
    let base = unsafe { nix::sys::mman::mmap(None, LEN, prot, MapFlags::MAP_PRIVATE, device, 0)? };
    Ok(base.cast())
}
