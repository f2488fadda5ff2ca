//! Memory that parent and child share, with no file behind it.
//!
//! ```text
//! cargo run -p mmap --example anon_shared
//! ```
//!
//! A child changes a variable and an anonymous shared mapping. The variable is the child's own
//! copy; the mapping is the same memory in both. Processes without a common ancestor cannot share
//! it: they need a name.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;

use mmap::Map;
use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let mut variable = *b"parent";
    let shared = Map::anon_bsd(variable.len())?;
    shared.write(0, b"parent");

    let child = fork::start(|| {
        variable = *b"child ";
        shared.write(0, b"child ");
        println!(
            "in the child:  variable {:?}, mapping {:?}",
            text(&variable),
            mapped(&shared)
        );
    })?;
    waitpid(child, None)?;
    println!(
        "in the parent: variable {:?}, mapping {:?}",
        text(&variable),
        mapped(&shared)
    );
    Ok(())
}

fn mapped(map: &Map) -> String {
    let mut bytes = vec![0; map.len()];
    map.read(0, &mut bytes);
    text(&bytes)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
