//! One attack, named by the first argument: `hostile fork-bomb`. It prints one line of facts.
//!
//! Further arguments are `key=value` pairs that say what there is to attack: `hidden=FILE`,
//! `tcp=PORT`, `victim=PID` (all of them: [`given`]). `hostile list` tells the names,
//! `hostile table` prints the tables of `docs/threats.md`.
//!
//! It is meant to be started in a box by `cargo xtask selftest hostile`. Started by hand it does
//! to your machine whatever it can, within its own bounds.

mod attacks;
mod child;
mod given;
mod outcome;

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use given::Given;
use hostile::Kind;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let said = match name.as_str() {
        "list" => list(),
        "table" => tables(),
        name => match attacks::named(name) {
            Some(attack) => attack(&Given::new(arguments)).to_string(),
            None => {
                writeln!(io::stderr(), "there is no such attack: see `hostile list`").ok();
                return ExitCode::from(2);
            }
        },
    };
    // Without a standard output there is nobody to tell.
    writeln!(io::stdout(), "{said}").ok();
    ExitCode::SUCCESS
}

fn tables() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = Kind::ALL.map(|kind| kind.markdown(folder).unwrap_or_else(|why| why.to_string()));
    [vec![hostile::markdown()], files.to_vec()]
        .concat()
        .join("\n")
}

fn list() -> String {
    let lines = hostile::attacks().map(|attack| format!("{:24} {}", attack.name, attack.does));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attack_of_the_table_can_be_made_and_no_other() {
        for attack in hostile::attacks() {
            assert!(attacks::named(attack.name).is_some(), "{}", attack.name);
        }
        for name in attacks::names() {
            assert!(
                hostile::attack(name).is_some(),
                "{name} is not in the table"
            );
        }
        assert_eq!(attacks::names().count(), hostile::attacks().count());
    }
}
