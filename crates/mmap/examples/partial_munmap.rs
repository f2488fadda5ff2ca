//! `munmap` takes any pages, not just whole mappings.
//!
//! ```text
//! cargo run -p mmap --example partial_munmap
//! ```
//!
//! Maps three pages and unmaps the middle one: one mapping has become two. A touch of the hole is
//! SIGSEGV, unmapping the hole once more is no error, and a length of one byte unmaps a whole page.

#![expect(
    unsafe_code,
    reason = "Map unmaps all or nothing, so this calls munmap itself"
)]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{SysconfVar, sysconf};

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let page = sysconf(SysconfVar::PAGE_SIZE)?.ok_or("no page size")? as usize;
    let len = NonZeroUsize::new(3 * page).ok_or("no page size")?;
    let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // Shared, because the kernel joins private anonymous neighbours into one mapping.
    // SAFETY: the kernel chooses unused addresses.
    let first = unsafe { mmap_anonymous(None, len, prot, MapFlags::MAP_SHARED)? }.cast::<u8>();
    let at = |n: usize| first.as_ptr().wrapping_add(n * page);
    let unmap = |n: usize, len: usize| {
        let start = NonNull::new(at(n).cast()).ok_or(nix::errno::Errno::EINVAL)?;
        // SAFETY: one of our three pages; only the child touches it again, and dies of it.
        unsafe { munmap(start, len) }
    };

    unmap(1, page)?;
    println!("page 1 unmapped");
    for n in 0..3 {
        println!("touching page {n}: {}", touch(at(n))?);
    }
    println!("unmapping page 1 again: {}", outcome(unmap(1, page)));
    println!("unmapping one byte of page 0: {}", outcome(unmap(0, 1)));
    println!(
        "touching the last byte of page 0: {}",
        touch(at(1).wrapping_sub(1))?
    );
    println!("unmapping at an address inside page 2: {}", {
        let inside = NonNull::new(at(2).wrapping_add(1).cast()).ok_or("mapped at 0")?;
        // SAFETY: fails, as the address is not that of a page.
        outcome(unsafe { munmap(inside, page) })
    });
    unmap(2, page)?;
    Ok(())
}

fn outcome(result: nix::Result<()>) -> String {
    result.map_or_else(|errno| format!("{errno:?}"), |()| "ok".into())
}

/// Reads one byte in a child and says what became of it.
fn touch(address: *const u8) -> Result<String, Box<dyn Error>> {
    let child = fork::start(|| {
        // SAFETY: if it is not mapped, it ends the child, which is what we want to see.
        unsafe { address.read_volatile() };
    })?;
    Ok(match waitpid(child, None)? {
        WaitStatus::Signaled(_, signal, _) => signal.to_string(),
        _ => "ok".into(),
    })
}
