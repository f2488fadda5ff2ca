//! The program `bump FILE N`: adds 1 to the counter in FILE, N times, and prints the value it
//! reached.
//!
//! ```text
//! cargo run -p mmap --example bump -- /tmp/counter 50000
//! ```
//!
//! Start it in several terminals at once: the last to finish prints the sum of all N.

use std::process::ExitCode;

fn main() -> ExitCode {
    mmap::bump::main(std::env::args_os().skip(1).collect())
}
