//! The state that nearly every book has: the tables, the safe sequence, and three requests.
//!
//! ```text
//! cargo run -p banker --example textbook
//! ```

use std::error::Error;

mod common;

fn main() -> Result<(), Box<dyn Error>> {
    let written: common::Written = toml::from_str(include_str!("textbook.toml"))?;
    written.show()
}
