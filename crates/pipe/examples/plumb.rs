//! The program `plumb CMD ARG… --pipe CMD ARG…`: a shell's `CMD ARG… | CMD ARG…`.
//!
//! ```text
//! cargo run -p pipe --example plumb -- ls --pipe sort -r --pipe head -n 3
//! ```

use std::process::ExitCode;

fn main() -> ExitCode {
    pipe::plumb::main(std::env::args_os().skip(1).collect())
}
