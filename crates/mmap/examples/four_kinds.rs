//! The four kinds of mapping: with a file or anonymous, shared or private.
//!
//! ```text
//! cargo run -p mmap --example four_kinds
//! ```
//!
//! For each kind a child writes one byte into the inherited mapping; the parent looks at its own
//! memory and at the file. Shared: the child's write is seen in both. Private: in neither, as the
//! child wrote to a copy.

#![expect(
    unsafe_code,
    reason = "the four kinds are four arguments of mmap itself"
)]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::fs::File;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;

use nix::sys::mman::{MapFlags, ProtFlags, mmap, mmap_anonymous, munmap};
use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

const LEN: NonZeroUsize = NonZeroUsize::MIN;

fn main() -> Result<(), Box<dyn Error>> {
    println!("kind            seen by the parent   in the file");
    for with_file in [true, false] {
        for (sharing, flag) in [
            ("shared", MapFlags::MAP_SHARED),
            ("private", MapFlags::MAP_PRIVATE),
        ] {
            let file = if with_file {
                Some(tempfile::tempfile()?)
            } else {
                None
            };
            let seen = child_writes(file.as_ref(), flag)?;
            let in_file = match &file {
                Some(file) => yes_or_no(first_byte(file)? == b'x'),
                None => "-",
            };
            let name = format!("{} {sharing}", if with_file { "file" } else { "anonymous" });
            println!("{name:<18}{:<21}{in_file}", yes_or_no(seen));
        }
    }
    Ok(())
}

/// Whether a child's write into the mapping is seen by the parent.
fn child_writes(file: Option<&File>, flag: MapFlags) -> Result<bool, Box<dyn Error>> {
    let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    let base = match file {
        Some(file) => {
            file.set_len(LEN.get() as u64)?;
            // SAFETY: the kernel chooses unused addresses.
            unsafe { mmap(None, LEN, prot, flag, file, 0)? }
        }
        // SAFETY: as above.
        None => unsafe { mmap_anonymous(None, LEN, prot, flag)? },
    };
    let byte = base.cast::<u8>();
    let child = fork::start(|| {
        // SAFETY: the child has inherited the mapping, and the parent waits for it.
        unsafe { byte.write_volatile(b'x') };
    })?;
    waitpid(child, None)?;
    // SAFETY: mapped, and the child has ended.
    let seen = unsafe { byte.read_volatile() } == b'x';
    // SAFETY: `byte` is not used any more.
    unsafe { munmap(base, LEN.get())? };
    Ok(seen)
}

fn first_byte(file: &File) -> Result<u8, Box<dyn Error>> {
    let mut byte = [0];
    file.read_exact_at(&mut byte, 0)?;
    Ok(byte[0])
}

fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}
