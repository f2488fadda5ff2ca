//! Two ways to anonymous shared memory: `MAP_ANONYMOUS` of BSD and `/dev/zero` of System V.
//!
//! ```text
//! cargo run -p mmap --example bsd_and_svr4
//! ```
//!
//! Both work on Linux, both are shared with children, and `/proc/self/maps` shows both in the same
//! way. Two mappings of `/dev/zero` are two objects: the path is the same, the memory is not. With
//! `MAP_ANONYMOUS` portable programs pass descriptor -1; Linux does not look at it.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]
#![expect(
    unsafe_code,
    reason = "only the raw call takes a descriptor that is not open"
)]

use std::error::Error;
use std::{fs, io, ptr};

use mmap::Map;
use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let bsd = Map::anon_bsd(1)?;
    let svr4 = Map::anon_svr4(1)?;
    let another = Map::anon_svr4(1)?;

    let child = fork::start(|| {
        bsd.write(0, b"x");
        svr4.write(0, b"x");
    })?;
    waitpid(child, None)?;

    println!("child's write in MAP_ANONYMOUS: {}", seen(&bsd));
    println!("child's write in /dev/zero:     {}", seen(&svr4));
    println!("the same in another /dev/zero:  {}", seen(&another));
    println!("in /proc/self/maps, MAP_ANONYMOUS is {}", name(&bsd)?);
    println!("in /proc/self/maps, /dev/zero is     {}", name(&svr4)?);
    println!(
        "MAP_ANONYMOUS with a descriptor that is not open: {}",
        with_any_descriptor()
    );
    Ok(())
}

/// What Linux says to an anonymous mapping whose descriptor makes no sense.
fn with_any_descriptor() -> &'static str {
    const NOT_OPEN: i32 = 12_345;
    let (protection, flags) = (libc::PROT_READ, libc::MAP_SHARED | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping where the kernel likes; nothing refers to it.
    let mapped = unsafe { libc::mmap(ptr::null_mut(), 1, protection, flags, NOT_OPEN, 0) };
    if mapped == libc::MAP_FAILED {
        "refused"
    } else {
        "mapped"
    }
}

fn seen(map: &Map) -> &'static str {
    let mut byte = [0];
    map.read(0, &mut byte);
    if byte == *b"x" { "seen" } else { "not seen" }
}

/// What the kernel calls the object behind a mapping: the last column of `/proc/self/maps`.
fn name(map: &Map) -> io::Result<String> {
    let start = format!("{:x}-", map.as_ptr().addr());
    let maps = fs::read_to_string("/proc/self/maps")?;
    let line = maps
        .lines()
        .find(|line| line.starts_with(&start))
        .unwrap_or_default();
    Ok(line
        .split_whitespace()
        .skip(5)
        .collect::<Vec<_>>()
        .join(" "))
}
