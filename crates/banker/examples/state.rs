//! A state from a file, TOML or JSON: its tables, the safety test step by step, and why a request
//! must wait.
//!
//! ```text
//! cargo run -p banker --example state -- crates/banker/examples/tape_drives.json
//! ```
//!
//! The form is that of `textbook.toml` beside it. A file that is not in order is told so: a row
//! that is too short, a claim above the total, more held than claimed.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

mod common;

fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(env::args_os().nth(1).ok_or("which file? TOML or JSON")?);
    let text = fs::read_to_string(&path)?;
    let written: common::Written = match path.extension() {
        Some(end) if end == "json" => serde_json::from_str(&text)?,
        _ => toml::from_str(&text)?,
    };
    written.show()
}
