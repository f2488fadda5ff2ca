//! How much a pipe holds: 64 KiB by default, in 16 buffers of a page.
//!
//! ```text
//! cargo run -p pipe --example capacity
//! ```
//!
//! Filled without sleeping (`O_NONBLOCK`), byte by byte and in larger pieces; then made larger. Where a
//! user has many pipes already (`/proc/sys/fs/pipe-user-pages-soft`), new ones are smaller.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, PipeReader, PipeWriter, Write};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};

fn main() -> Result<(), Box<dyn Error>> {
    let (_reads, writes) = pipe()?;
    println!(
        "F_GETPIPE_SZ:                 {}",
        fcntl(&writes, FcntlArg::F_GETPIPE_SZ)?
    );
    println!("filled by writes of 1 byte:   {}", fill(&writes, 1)?);

    let (_reads, writes) = pipe()?;
    println!("filled by writes of a page:   {}", fill(&writes, 4096)?);

    // A write that does not fit as a whole goes in as far as it fits, if it is longer than PIPE_BUF;
    // a shorter one waits until there is room for all of it.
    let (reads, writes) = pipe()?;
    fill(&writes, 4096)?;
    nix::unistd::read(&reads, &mut [0; 4096])?;
    println!(
        "room for 4096, write of 4097: {:?}",
        nix::unistd::write(&writes, &[0; 4097])
    );
    println!(
        "no room, write of 1:          {:?}",
        nix::unistd::write(&writes, &[0])
    );

    let (_reads, writes) = pipe()?;
    let larger = fcntl(&writes, FcntlArg::F_SETPIPE_SZ(1 << 20))?;
    println!(
        "F_SETPIPE_SZ to 1 MiB:        {larger}, filled: {}",
        fill(&writes, 4096)?
    );
    Ok(())
}

/// A pipe whose writer is told when it would have to sleep.
fn pipe() -> io::Result<(PipeReader, PipeWriter)> {
    let (reads, writes) = io::pipe()?;
    fcntl(&writes, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok((reads, writes))
}

/// How many bytes go in.
fn fill(mut writes: &PipeWriter, piece: usize) -> io::Result<usize> {
    let piece = vec![0; piece];
    let mut filled = 0;
    loop {
        match writes.write(&piece) {
            Ok(written) => filled += written,
            Err(error) if error.raw_os_error() == Some(Errno::EAGAIN as i32) => return Ok(filled),
            Err(error) => return Err(error),
        }
    }
}
