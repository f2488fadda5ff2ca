//! The commands that a report offers, for the submission that was graded. Each of them exists.

use super::super::run::Start;

/// Whether there is a `cargo xtask hint`.
pub(super) const HINTS: bool = true;

/// `cargo xtask lab`, for one submission.
#[derive(Debug, Clone, Copy)]
pub(super) struct Command<'a> {
    start: &'a Start,
}

impl<'a> Command<'a> {
    pub(super) fn of(start: &'a Start) -> Self {
        Self { start }
    }

    /// True if the student's own working copy was graded.
    pub(super) fn is_own(self) -> bool {
        let folder = self
            .start
            .lab
            .handout
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        self.start.submission.trim_end_matches('/') == folder
    }

    /// Grades once more, with these arguments.
    pub(super) fn lab(self, arguments: &str) -> String {
        let parts = [self.own(), self.origin(), arguments.to_owned()];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The argument that names the submission again. Its event holds only what a report calls it.
    fn origin(self) -> String {
        let label = self.start.submission.as_str();
        if self.is_own() {
            String::new()
        } else if label.ends_with("(the reference)") {
            "--reference".to_owned()
        } else {
            let path = label
                .split_once(", the other files from ")
                .map_or(label, |(path, _)| path);
            format!("--submission {}", quoted(path))
        }
    }

    /// Grades the student's own working copy.
    pub(super) fn own(self) -> String {
        format!("cargo xtask lab {}", self.start.lab.number)
    }

    /// Only one check.
    pub(super) fn check(self, name: &str) -> String {
        self.lab(&format!("--check {name}"))
    }

    /// One check, with the same random cases.
    pub(super) fn same_cases(self, name: &str) -> String {
        self.lab(&format!("--check {name} --seed {}", self.start.seed))
    }

    /// One run of one check.
    pub(super) fn replay(self, name: &str, replay: &str) -> String {
        self.lab(&format!("--check {name} --replay {}", quoted(replay)))
    }

    /// The next hint for a check.
    pub(super) fn hint(self, name: &str) -> String {
        format!("cargo xtask hint {} {name}", self.start.lab.number)
    }
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,=@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, quoted};
    use crate::{
        grader::events::Isolation,
        report::{fixtures, run::Start},
    };

    fn command(submission: &str) -> String {
        let start = Start {
            lab: fixtures::lab(),
            submission: submission.to_owned(),
            seed: 1,
            isolation: Isolation::None,
        };
        Command::of(&start).lab("")
    }

    #[test]
    fn the_command_grades_the_same_submission_again() {
        assert_eq!(command("labs/12-mmap"), "cargo xtask lab 12");
        assert_eq!(
            command("crates/mmap (the reference)"),
            "cargo xtask lab 12 --reference"
        );
        let one = "mine/map.rs, the other files from labs/12-mmap";
        assert_eq!(command(one), "cargo xtask lab 12 --submission mine/map.rs");
        assert_eq!(
            command("/tmp/a b"),
            "cargo xtask lab 12 --submission '/tmp/a b'"
        );
    }

    #[test]
    fn a_shell_takes_a_quoted_word_as_it_is() {
        assert_eq!(quoted("pair:58"), "pair:58");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }
}
