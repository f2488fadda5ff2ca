//! What no submission may learn, and whether a report tells any of it: lines of the hidden checks, of
//! the reference, of `/etc/shadow`, and a word from another process's environment. What is public, or
//! was handed in, is no secret.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use super::bait::SECRET;

/// A shorter line of a program may stand anywhere.
const SHORTEST: usize = 20;

/// Lines, as the files have them, without the spaces around them.
#[derive(Debug)]
pub(super) struct Secrets(BTreeSet<String>);

impl Secrets {
    /// Reads the secrets of a lab. A file that this user cannot read either is nobody's secret.
    pub(super) fn of(lab: &Path, reference: &Path) -> Self {
        let public = sources(&lab.join("src"));
        let programs = [sources(&lab.join("tests")), sources(&reference.join("src"))].concat();
        let mut lines: BTreeSet<String> = code(&programs).collect();
        for line in code(&public) {
            lines.remove(&line);
        }
        let passwords = fs::read_to_string("/etc/shadow").unwrap_or_default();
        let passwords = passwords.lines().filter(|line| line.len() >= SHORTEST);
        lines.extend(passwords.map(str::to_owned));
        lines.insert(SECRET.to_owned());
        Self(lines)
    }

    /// Those that stand anywhere in `value`, and are not in `own`, which its author has written.
    pub(super) fn told(&self, value: &Value, own: &str) -> Vec<String> {
        let mut all = String::new();
        words(value, &mut all);
        let told = self.0.iter().filter(|secret| all.contains(&***secret));
        told.filter(|secret| !own.contains(&***secret))
            .cloned()
            .collect()
    }
}

/// The text of all Rust files of a folder.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = entries.filter_map(|entry| fs::read_to_string(entry.path()).ok());
    texts.collect::<Vec<_>>().join("\n")
}

/// Lines that are a statement or the head of something. A sentence of a message is none: the check
/// that holds it says it to every student.
fn code(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| line.len() >= SHORTEST && line.ends_with([';', '{']));
    lines.map(str::to_owned)
}

/// All texts in a JSON value, with a line between them.
fn words(value: &Value, all: &mut String) {
    match value {
        Value::String(text) => {
            all.push_str(text);
            all.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| words(value, all)),
        Value::Object(values) => values.values().for_each(|value| words(value, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hidden_line_is_found_wherever_it_stands() {
        let line = "let expected = 4 * increments;";
        let secrets = Secrets(BTreeSet::from([line.to_owned()]));
        let report = json!({ "messages": [format!("7 |     {line}\n  | ^")] });
        assert_eq!(secrets.told(&report, ""), [line]);
        assert!(
            secrets.told(&report, line).is_empty(),
            "its author wrote it"
        );
        assert!(secrets.told(&json!(["harmless"]), "").is_empty());
    }

    #[test]
    fn only_statements_are_secrets() {
        let text =
            "    let expected = 4 * increments;\n    an update was lost, and nobody\n    }\n";
        let lines: Vec<String> = code(text).collect();
        assert_eq!(lines, ["let expected = 4 * increments;"]);
    }
}
