//! `PIPE_BUF`: writes of up to 4096 bytes are never mixed with those of others; longer ones may be.
//!
//! ```text
//! cargo run -p pipe --example atomicity
//! ```
//!
//! Four writers send records at the same time, each record made of one letter. One reader looks at
//! every record that it gets: is it of one letter? The pipe is kept nearly full, as a record only
//! tears when there is not enough room for all of it.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, Read, Write};

use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

const WRITERS: [u8; 4] = *b"ABCD";
const RECORDS: usize = 2000;

fn main() -> Result<(), Box<dyn Error>> {
    println!("PIPE_BUF here: {}", libc::PIPE_BUF);
    println!("record   records   torn");
    for size in [512, 4096, 4097] {
        let (mut reads, writes) = io::pipe()?;
        let mut writers = Vec::new();
        for letter in WRITERS {
            writers.push(fork::start(|| {
                let record = vec![letter; size];
                for _ in 0..RECORDS {
                    { &writes }.write_all(&record).ok();
                }
            })?);
        }
        drop(writes);
        let (mut records, mut torn) = (0, 0);
        let mut record = vec![0; size];
        while reads.read_exact(&mut record).is_ok() {
            records += 1;
            torn += usize::from(record.iter().any(|byte| *byte != record[0]));
        }
        for writer in writers {
            waitpid(writer, None)?;
        }
        println!("{size:>6}   {records:>7}   {torn:>4}");
    }
    Ok(())
}
