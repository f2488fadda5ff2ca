//! what: fills the memory of the compiler with a constant
//! expect: does-not-compile|stopped-by-limit

use std::{ffi::OsString, process::ExitCode};

const fn fill(depth: u32) -> [u64; 1 << 20] {
    let mut numbers = [depth as u64; 1 << 20];
    if depth > 0 {
        let more = fill(depth - 1);
        numbers[0] = more[0] + more[1];
    }
    numbers
}

static NUMBERS: [[u64; 1 << 20]; 64] = [fill(100); 64];
static MORE: [[u64; 1 << 20]; 256] = [fill(101); 256];

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{} {}", NUMBERS[1][1], MORE[1][1]);
    ExitCode::SUCCESS
}
