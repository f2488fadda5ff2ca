//! Three classic mistakes with `mmap`, each made on purpose.
//!
//! ```text
//! cargo run -p mmap --example traps
//! ```
//!
//! 1. An empty file is mapped without giving it a size: mmap succeeds, the first touch is SIGBUS.
//! 2. Shared memory without taking turns: an addition vanishes. Here the order is forced, so it
//!    always does.
//! 3. The result is compared with NULL: failure is `MAP_FAILED`, -1, so the test never fires, and
//!    the touch is SIGSEGV.

#![expect(unsafe_code, reason = "these mistakes need the bare calls")]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::os::fd::AsRawFd;
use std::{io, ptr};

use mmap::Map;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    no_size()?;
    no_turns()?;
    null_is_not_failure()
}

fn no_size() -> Result<(), Box<dyn Error>> {
    let empty = tempfile::tempfile()?;
    let prot = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: the kernel chooses unused addresses.
    let base = unsafe {
        libc::mmap(
            ptr::null_mut(),
            100,
            prot,
            libc::MAP_SHARED,
            empty.as_raw_fd(),
            0,
        )
    };
    if base == libc::MAP_FAILED {
        return Err(io::Error::last_os_error().into());
    }
    let killer = touch_in_a_child(base.cast())?;
    println!("1. no ftruncate: mmap of an empty file succeeds, the first touch is {killer}");
    // SAFETY: nobody uses it any more.
    unsafe { libc::munmap(base, 100) };
    Ok(())
}

fn no_turns() -> Result<(), Box<dyn Error>> {
    let shared = Map::anon_bsd(1)?;
    let load = || {
        let mut byte = [0];
        shared.read(0, &mut byte);
        byte[0]
    };
    let value = load();
    // Between our load and our store a child adds 1, too.
    let child = fork::start(|| shared.write(0, &[load() + 1]))?;
    waitpid(child, None)?;
    shared.write(0, &[value + 1]);
    println!("2. no synchronisation: 0 + 1 + 1 = {}", load());
    Ok(())
}

fn null_is_not_failure() -> Result<(), Box<dyn Error>> {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: fails, as its length is 0.
    let base = unsafe { libc::mmap(ptr::null_mut(), 0, libc::PROT_READ, flags, -1, 0) };
    let error = io::Error::last_os_error();
    println!(
        "3. compared with NULL: {base:?} is null: {}",
        base.is_null()
    );
    let killer = touch_in_a_child(base.cast())?;
    println!("   the error was {error:?}, the first touch is {killer}");
    Ok(())
}

/// The signal that a read at this address ends in.
fn touch_in_a_child(address: *const u8) -> Result<Signal, Box<dyn Error>> {
    let child = fork::start(|| {
        // SAFETY: not at all: it kills the child, and that is what it is for.
        unsafe { address.read_volatile() };
    })?;
    match waitpid(child, None)? {
        WaitStatus::Signaled(_, signal, _) => Ok(signal),
        other => Err(format!("the touch did no harm: {other:?}").into()),
    }
}
