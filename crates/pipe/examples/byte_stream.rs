//! First in, first out, and bytes without boundaries.
//!
//! ```text
//! cargo run -p pipe --example byte_stream
//! ```
//!
//! Three writes may come out of one read, and one write out of many. Whoever needs messages must put
//! their lengths, or newlines, among the bytes.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, Read, Seek, Write};
use std::os::fd::OwnedFd;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut reads, mut writes) = io::pipe()?;
    for word in ["one", "two", "three"] {
        writes.write_all(word.as_bytes())?;
    }
    let mut piece = [0; 100];
    let length = reads.read(&mut piece)?;
    println!(
        "three writes, one read:  {}",
        String::from_utf8_lossy(&piece[..length])
    );

    writes.write_all(b"interlock")?;
    let mut pieces = Vec::new();
    for _ in 0..3 {
        let mut piece = [0; 3];
        reads.read_exact(&mut piece)?;
        pieces.push(String::from_utf8_lossy(&piece).into_owned());
    }
    println!("one write, three reads:  {}", pieces.join(" "));

    // What was read is gone, and nobody can go back.
    let mut file = std::fs::File::from(OwnedFd::from(reads));
    println!("seek:                    {}", told(file.rewind()));
    Ok(())
}

fn told(result: io::Result<()>) -> String {
    result.map_or_else(|error| error.to_string(), |()| "ok".to_owned())
}
