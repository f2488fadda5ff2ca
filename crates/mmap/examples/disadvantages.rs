//! What `mmap` costs: it is not always the faster way to read a file.
//!
//! ```text
//! cargo run -p mmap --example disadvantages
//! ```
//!
//! Reads a cached file from front to back, once by `read` into a buffer that is used again, once by
//! mapping and unmapping it, and looks at one byte of each page. Each mapping pays for new page
//! table entries and page faults, which is more than a copy of a few pages. The ratio depends on
//! machine and size: measure, do not believe. The other disadvantages are shown without a clock.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use mmap::{Map, Mode};
use nix::unistd::{SysconfVar, sysconf};

const STEP: usize = 4096;

fn main() -> Result<(), Box<dyn Error>> {
    for (kib, rounds) in [(16, 4_000), (4_096, 40)] {
        let len = kib * 1024;
        let mut file = tempfile::tempfile()?;
        file.write_all(&vec![1; len])?;
        let mut buffer = vec![0; len];

        let start = Instant::now();
        for _ in 0..rounds {
            by_read(&file, &mut buffer)?;
        }
        let reading = start.elapsed();
        let start = Instant::now();
        for _ in 0..rounds {
            by_mapping(&file, len)?;
        }
        let ratio = start.elapsed().as_secs_f64() / reading.as_secs_f64();
        println!("{kib} KiB, front to back: mmap takes {ratio:.1} times as long as read");
    }

    let file = tempfile::tempfile()?;
    file.set_len(1)?;
    let map = Map::range(&file, 0, 1, Mode::SharedWrite)?;
    println!("a mapping does not grow: it has {} byte", map.len());
    file.write_all_at(b"more", 0)?;
    println!(
        "the file has {} bytes now, the mapping {}",
        file.metadata()?.len(),
        map.len()
    );
    println!("a read that fails returns an error, a touch that fails is a signal: see sigbus");
    println!(
        "memory comes in pages: that one byte takes {} bytes",
        page_size()?
    );
    println!("pipes, sockets and terminals cannot be mapped at all");
    Ok(())
}

fn page_size() -> Result<i64, Box<dyn Error>> {
    Ok(sysconf(SysconfVar::PAGE_SIZE)?.ok_or("no page size")?)
}

fn by_read(file: &File, buffer: &mut [u8]) -> Result<(), Box<dyn Error>> {
    file.read_exact_at(buffer, 0)?;
    for byte in buffer.iter().step_by(STEP) {
        black_box(*byte);
    }
    Ok(())
}

fn by_mapping(file: &File, len: usize) -> Result<(), Box<dyn Error>> {
    let map = Map::range(file, 0, len, Mode::SharedRead)?;
    let mut byte = [0];
    for at in (0..len).step_by(STEP) {
        map.read(at, &mut byte);
        black_box(byte);
    }
    Ok(())
}
