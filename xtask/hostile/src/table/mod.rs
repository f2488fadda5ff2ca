//! The table: every attack, what a stopped one looks like, and at which level that is expected.
//!
//! It says what is *not* stopped too. An attack that a level is not expected to stop is made all the
//! same: if the level does better than the table, the table is behind.

mod files;
mod leftovers;
mod network;
mod privileges;
mod processes;
mod spying;

use std::fmt::Write;

use crate::Sign;

/// What a level is expected to do about an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It stops it: by this.
    Stopped(&'static str),
    /// It does not, because of this.
    Passes(&'static str),
    /// Whether it does depends on the machine: on this.
    Depends(&'static str),
}

/// An attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attack {
    /// The first argument of the program.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub does: &'static str,
    /// What it looks like if it was stopped.
    pub sign: Sign,
    /// At level `namespaces`.
    pub namespaces: Expected,
    /// At level `landlock`.
    pub landlock: Expected,
    /// At level `none`, where only limits, a deadline and an empty environment are left.
    pub none: Expected,
}

/// Attacks of one kind, under its name.
pub type Family = (&'static str, &'static [Attack]);

/// The families, in the order of the table.
pub const FAMILIES: [Family; 6] = [
    ("processes", processes::ATTACKS),
    ("files", files::ATTACKS),
    ("spying", spying::ATTACKS),
    ("network", network::ATTACKS),
    ("privileges", privileges::ATTACKS),
    ("leftovers", leftovers::ATTACKS),
];

/// All attacks, family by family.
pub fn attacks() -> impl Iterator<Item = &'static Attack> {
    FAMILIES.iter().flat_map(|(_, attacks)| attacks.iter())
}

/// The attack of this name.
pub fn attack(name: &str) -> Option<&'static Attack> {
    attacks().find(|attack| attack.name == name)
}

/// The table of `docs/threats.md`.
pub fn markdown() -> String {
    let mut table =
        "| attack | what it does | `namespaces` | `landlock` | `none` |\n|---|---|---|---|---|\n"
            .to_owned();
    for attack in attacks() {
        let cell = |expected: Expected| match expected {
            Expected::Stopped(by) => format!("stopped: {by}"),
            Expected::Passes(why) => format!("**not stopped**: {why}"),
            Expected::Depends(on) => format!("*depends*: {on}"),
        };
        // Writing to a string cannot fail.
        writeln!(
            table,
            "| `{}` | {} | {} | {} | {} |",
            attack.name,
            attack.does,
            cell(attack.namespaces),
            cell(attack.landlock),
            cell(attack.none),
        )
        .ok();
    }
    table
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_plain() {
        let mut names = BTreeSet::new();
        for attack in attacks() {
            assert!(names.insert(attack.name), "{} is there twice", attack.name);
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(attack.name.bytes().all(plain), "{}", attack.name);
        }
    }

    #[test]
    fn namespaces_stop_whatever_landlock_stops() {
        for attack in attacks() {
            let (strong, weak) = (attack.namespaces, attack.landlock);
            let weaker =
                matches!(weak, Expected::Stopped(_)) && matches!(strong, Expected::Passes(_));
            assert!(!weaker, "{}", attack.name);
        }
    }

    #[test]
    fn the_page_about_threats_holds_this_table() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/threats.md");
        let page = std::fs::read_to_string(page).unwrap();
        assert!(
            page.contains(&markdown()),
            "docs/threats.md: put in what `cargo run -p hostile -- table` prints"
        );
    }
}
