//! What a lab says of itself: `lab.toml`, read strictly. [`parse`] knows the form, [`validate`] the
//! meaning, and this module what both are for. It looks at no other file of the lab.

mod parse;
mod validate;

use std::{fmt, fs, path::Path, time::Duration};

use checks::Text;
use serde::{Deserialize, Serialize};

/// The manifest of a lab; every rule of [`validate`] holds for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// As the user of the checkout would write it: `labs/12-mmap/lab.toml`.
    pub(crate) path: String,
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) title: Text,
    pub(crate) hours: u32,
    pub(crate) needs: Vec<u32>,
    /// The files that a student hands in, relative to the lab's folder.
    pub(crate) submit: Vec<String>,
    pub(crate) programs: Vec<String>,
    pub(crate) allow: Allow,
    pub(crate) checks: Vec<Check>,
}

/// What a submitted file may use beside `std`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Allow {
    #[serde(default)]
    pub(crate) crates: Vec<String>,
    #[serde(default, rename = "unsafe")]
    pub(crate) unsafe_code: bool,
    /// Whether it may end the process. The lab's programs always may.
    #[serde(default)]
    pub(crate) exit: bool,
    /// Whether it may start programs by `std::process::Command`.
    #[serde(default)]
    pub(crate) commands: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) name: String,
    /// Where the manifest names it.
    pub(crate) line: usize,
    pub(crate) title: Text,
    pub(crate) kind: Kind,
    pub(crate) points: u32,
    pub(crate) deadline: Duration,
    pub(crate) requires: Vec<String>,
    /// The programs of the lab's model that it asks for.
    pub(crate) programs: Vec<String>,
    /// Not shown to students before they have handed in.
    pub(crate) hidden: bool,
    /// From the idea to the shape.
    pub(crate) hints: Vec<Text>,
}

/// How a check finds out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Functional,
    Property,
    Count,
    Leak,
    Trace,
    Fault,
    Park,
    Step,
    Kill,
    Signal,
    Model,
}

impl Kind {
    /// As the manifest writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Functional => "functional",
            Self::Property => "property",
            Self::Count => "count",
            Self::Leak => "leak",
            Self::Trace => "trace",
            Self::Fault => "fault",
            Self::Park => "park",
            Self::Step => "step",
            Self::Kill => "kill",
            Self::Signal => "signal",
            Self::Model => "model",
        }
    }
}

/// Everything that is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(problems))]
pub(crate) struct ManifestError {
    pub(crate) problems: Vec<Problem>,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) file: String,
    /// 0 if it concerns the file as a whole.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what),
            line => write!(f, "{}:{line}: {}", self.file, self.what),
        }
    }
}

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    lines.join("\n")
}

impl Manifest {
    /// Reads and validates a manifest; `shown` is its path for messages.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with it.
    pub(crate) fn load(path: &Path, shown: &str) -> Result<Self, ManifestError> {
        let text = fs::read_to_string(path).map_err(|error| ManifestError {
            problems: vec![Problem {
                file: shown.to_owned(),
                line: 0,
                what: format!("cannot be read: {error}"),
            }],
        })?;
        Self::from_text(&text, shown)
    }

    fn from_text(text: &str, shown: &str) -> Result<Self, ManifestError> {
        let problem = |line, what| Problem {
            file: shown.to_owned(),
            line,
            what,
        };
        let raw = parse::parse(text).map_err(|(line, what)| ManifestError {
            problems: vec![problem(line, what)],
        })?;
        validate::validate(raw, shown).map_err(|problems| ManifestError {
            problems: problems
                .into_iter()
                .map(|(line, what)| problem(line, what))
                .collect(),
        })
    }

    pub(crate) fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The check that makes an execution of a program of the model's again.
    pub(crate) fn check_of(&self, program: &str) -> Option<&Check> {
        let asks = |check: &&Check| check.programs.iter().any(|name| name == program);
        self.checks.iter().find(asks)
    }

    /// Compares the manifest with what the check binary says that it can do.
    ///
    /// # Errors
    ///
    /// Fails with every name that stands on one side only; `source` is the text of the checks, and
    /// `shown` its path, to name the line there.
    pub(crate) fn agree_with(
        &self,
        listed: &[String],
        source: &str,
        shown: &str,
    ) -> Result<(), ManifestError> {
        let without_check = self
            .checks
            .iter()
            .filter(|check| !listed.contains(&check.name))
            .map(|check| Problem {
                file: self.path.clone(),
                line: check.line,
                what: format!("there is no check `{}` in {shown}", check.name),
            });
        let without_entry = listed
            .iter()
            .filter(|name| self.check(name).is_none())
            .map(|name| Problem {
                file: shown.to_owned(),
                line: line_naming(source, name),
                what: format!("the check `{name}` has no [[check]] in {}", self.path),
            });
        let problems: Vec<Problem> = without_check.chain(without_entry).collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ManifestError { problems })
        }
    }
}

/// The first line that holds `name` as a whole word, or 0.
fn line_naming(source: &str, name: &str) -> usize {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    source
        .lines()
        .position(|line| line.split(|c| !word(c)).any(|found| found == name))
        .map_or(0, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"format = 1
number = 12
name = "mmap"
title = { en = "mmap", zh = "内存映射" }
hours = 4
needs = [1]
submit = ["src/map.rs"]
[allow]
crates = ["libc"]
unsafe = true
[[check]]
name = "luck"
title = { en = "luck", zh = "运气" }
kind = "functional"
points = 40
deadline = 30
requires = ["sure"]
hints = { en = ["a", "b"], zh = ["甲", "乙"] }
[[check]]
name = "sure"
title = { en = "sure", zh = "一定" }
kind = "step"
points = 60
deadline = 30
hints = { en = ["a", "b"], zh = ["甲", "乙"] }
"#;

    fn complaint(text: &str) -> String {
        Manifest::from_text(text, "lab.toml")
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_good_manifest_is_read_whole() {
        let manifest = Manifest::from_text(GOOD, "lab.toml").unwrap();
        assert_eq!(manifest.checks.len(), 2);
        assert_eq!(manifest.checks[0].line, 12);
        assert_eq!(
            manifest.checks[0].hints[1],
            Text {
                en: "b".into(),
                zh: "乙".into()
            }
        );
        assert!(manifest.allow.unsafe_code);
        assert!(!manifest.allow.exit);
    }

    #[test]
    fn what_is_not_allowed_is_refused() {
        let text = GOOD.replace("crates = [\"libc\"]\nunsafe = true\n", "");
        let allow = Manifest::from_text(&text, "lab.toml").unwrap().allow;
        assert_eq!(allow, Allow::default());
        assert!(!allow.unsafe_code && !allow.exit && allow.crates.is_empty());
        let text = GOOD.replace("unsafe = true", "unsafe = true\nexit = true");
        assert!(Manifest::from_text(&text, "lab.toml").unwrap().allow.exit);
        let text = GOOD.replace("unsafe = true", "unsafe = true\nfork = true");
        assert!(complaint(&text).starts_with("lab.toml:11: unknown field `fork`"));
    }

    #[test]
    fn an_unknown_key_is_an_error_at_its_line() {
        let text = GOOD.replace("hours = 4", "hours = 4\nminutes = 3");
        assert!(complaint(&text).starts_with("lab.toml:6: unknown field `minutes`"));
    }

    #[test]
    fn an_unknown_kind_is_an_error_at_its_line() {
        let text = GOOD.replace("\"step\"", "\"stress\"");
        assert!(complaint(&text).starts_with("lab.toml:22: unknown variant `stress`"));
    }

    #[test]
    fn points_must_add_up() {
        let text = GOOD.replace("points = 60", "points = 55");
        assert_eq!(
            complaint(&text),
            "lab.toml:23: the points of all checks add up to 95; they must add up to 100"
        );
    }

    #[test]
    fn names_must_differ() {
        let text = GOOD.replace("name = \"luck\"", "name = \"sure\"");
        assert!(complaint(&text).contains("lab.toml:20: there are two checks `sure`"));
    }

    #[test]
    fn requires_must_lead_somewhere_and_not_back() {
        let text = GOOD.replace("requires = [\"sure\"]", "requires = [\"sur\"]");
        assert!(complaint(&text).contains("lab.toml:17: there is no check `sur`"));
        let text = GOOD.replace("requires = [\"sure\"]", "requires = [\"luck\"]");
        assert!(complaint(&text).contains("lab.toml:17: `luck` requires itself"));
        let text = GOOD.replace("points = 60", "points = 60\nrequires = [\"luck\"]");
        assert!(complaint(&text).contains("requires itself"));
    }

    #[test]
    fn a_check_by_the_model_lists_its_programs() {
        let text = GOOD.replace("\"step\"", "\"model\"");
        assert_eq!(
            complaint(&text),
            "lab.toml:20: `sure` is judged by the model, and lists no programs"
        );
        let listed =
            |names: &str| text.replace("points = 60", &format!("points = 60\nprograms = {names}"));
        let manifest = Manifest::from_text(&listed("[\"one\", \"two\"]"), "lab.toml").unwrap();
        assert_eq!(
            manifest.check_of("two").map(|check| check.name.as_str()),
            Some("sure")
        );
        assert!(manifest.check_of("three").is_none());
        for (names, what) in [
            ("[\"one\", \"one\"]", "lists the program `one` twice"),
            ("[\"one,two\"]", "is not made of a-z, 0-9 and _"),
            ("[\"\"]", "is not made of a-z, 0-9 and _"),
        ] {
            assert!(complaint(&listed(names)).contains(what), "{names}");
        }
    }

    #[test]
    fn submit_stays_inside_the_folder() {
        for path in ["/etc/passwd", "../x.rs", "src/../../x.rs", ""] {
            let text = GOOD.replace("\"src/map.rs\"", &format!("{path:?}"));
            assert!(complaint(&text).starts_with("lab.toml:7: "), "{path}");
        }
    }

    #[test]
    fn hints_come_in_both_languages() {
        let text = GOOD.replacen("[\"甲\", \"乙\"]", "[\"甲\"]", 1);
        assert!(complaint(&text).contains("2 hints in English and 1 in Chinese"));
    }

    #[test]
    fn several_problems_are_told_at_once() {
        let text = GOOD
            .replace("points = 60", "points = 61")
            .replace("src/map.rs", "/map.rs");
        assert_eq!(complaint(&text).lines().count(), 2);
    }

    #[test]
    fn names_must_match_the_check_binary_both_ways() {
        let manifest = Manifest::from_text(GOOD, "lab.toml").unwrap();
        let source = "checks::main![\n    luck,\n    other,\n];\n";
        let listed = ["luck".to_owned(), "other".to_owned()];
        let error = manifest
            .agree_with(&listed, source, "tests/checks.rs")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "lab.toml:20: there is no check `sure` in tests/checks.rs\n\
             tests/checks.rs:3: the check `other` has no [[check]] in lab.toml"
        );
    }
}
