//! The first argument of `mmap`: an address, as a wish or as an order.
//!
//! ```text
//! cargo run -p mmap --example addr_hint
//! ```
//!
//! A wish is granted if the place is free, and silently ignored if not. `MAP_FIXED` is an order: it
//! replaces whatever was mapped there, contents and all. `MAP_FIXED_NOREPLACE` is the order that
//! looks first.

#![expect(unsafe_code, reason = "the address is mmap's first argument")]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

/// A multiple of every page size in use.
const LEN: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    // A place that is certainly free: mapped a moment ago, and given back.
    let free = map_at(None, MapFlags::empty())?;
    // SAFETY: nothing uses it yet.
    unsafe { munmap(free.cast(), LEN)? };

    let first = map_at(Some(free), MapFlags::empty())?;
    println!("a wish for a free place:  {}", granted(first == free));
    // SAFETY: mapped and writable.
    unsafe { first.write_volatile(b'x') };

    let second = map_at(Some(first), MapFlags::empty())?;
    println!("a wish for a taken place: {}", granted(second == first));

    match map_at(Some(first), MapFlags::MAP_FIXED_NOREPLACE) {
        Ok(_) => println!("MAP_FIXED_NOREPLACE:      granted"),
        Err(errno) => println!("MAP_FIXED_NOREPLACE:      {errno:?}"),
    }

    // SAFETY: still mapped.
    println!("byte before MAP_FIXED:    {}", unsafe {
        first.read_volatile()
    });
    let fixed = map_at(Some(first), MapFlags::MAP_FIXED)?;
    // SAFETY: mapped anew.
    println!("byte after MAP_FIXED:     {}", unsafe {
        fixed.read_volatile()
    });

    for place in [fixed, second] {
        // SAFETY: both are ours, and used no more.
        unsafe { munmap(place.cast(), LEN)? };
    }
    Ok(())
}

fn map_at(place: Option<NonNull<u8>>, flags: MapFlags) -> nix::Result<NonNull<u8>> {
    let len = NonZeroUsize::new(LEN).ok_or(nix::errno::Errno::EINVAL)?;
    let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    let flags = flags | MapFlags::MAP_PRIVATE;
    // SAFETY: with MAP_FIXED the place is one of our own mappings, whose contents nobody needs.
    let base = unsafe { mmap_anonymous(place.map(NonNull::addr), len, prot, flags)? };
    Ok(base.cast())
}

fn granted(yes: bool) -> &'static str {
    if yes {
        "granted"
    } else {
        "mapped somewhere else"
    }
}
