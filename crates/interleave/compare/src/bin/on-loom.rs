//! Checks a program with loom.

extern crate std as real;
extern crate std_on_loom as std;

#[path = "../programs/mod.rs"]
#[allow(dead_code, reason = "not every program takes part")]
mod programs;

/// What std does not have.
mod world {
    pub(crate) use std_on_loom::Tracked;
}

fn main() {
    programs::main(std_on_loom::check);
}
