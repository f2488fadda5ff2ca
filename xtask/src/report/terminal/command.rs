//! The commands that a report offers, for the submission that was graded. Each of them exists.

use ::story::Story;

use super::super::{run::Start, story};
use crate::grader::events::Origin;

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
        matches!(self.start.origin, Origin::WorkingCopy { .. })
    }

    /// Grades once more, with these arguments.
    pub(super) fn lab(self, arguments: &str) -> String {
        self.command("lab", arguments)
    }

    fn command(self, command: &str, arguments: &str) -> String {
        let number = self.start.lab.number;
        let command = format!("cargo xtask {command} {number}");
        let parts = [command, self.origin(), arguments.to_owned()];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The argument that names the submission again.
    fn origin(self) -> String {
        match &self.start.origin {
            Origin::WorkingCopy { .. } => String::new(),
            Origin::Reference { .. } => "--reference".to_owned(),
            Origin::Folder { path } | Origin::Patch { path } | Origin::SingleFile { path, .. } => {
                format!("--submission {}", quoted(path))
            }
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

    /// One run of one check, with the same values.
    pub(super) fn replay(self, name: &str, replay: &str) -> String {
        let (replay, seed) = (quoted(replay), self.start.seed);
        self.lab(&format!("--check {name} --replay {replay} --seed {seed}"))
    }

    /// One execution under the model.
    pub(super) fn execution(self, story: &Story) -> String {
        self.lab(&format!("--replay {}", quoted(&story::replay(story))))
    }

    /// One check, and what it found as a page.
    pub(super) fn picture(self, name: &str) -> String {
        self.lab(&format!("--check {name} --trace=target/trace.html"))
    }

    /// The game with a program of the model's.
    pub(super) fn play(self, program: &str) -> String {
        self.command("play", &format!("--program {}", quoted(program)))
    }

    /// The next hint for a check.
    pub(super) fn hint(self, name: &str) -> String {
        format!("cargo xtask hint {} {name}", self.start.lab.number)
    }
}

/// As a shell takes it for one word.
pub(crate) fn quoted(word: &str) -> String {
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
        grader::events::Origin,
        report::{fixtures, run::Start},
    };

    fn command(origin: Origin) -> String {
        let start = Start {
            lab: fixtures::lab(),
            origin,
            seed: 1,
            isolation: fixtures::isolation(),
        };
        Command::of(&start).lab("")
    }

    #[test]
    fn the_command_grades_the_same_submission_again() {
        let folder = || "labs/12-mmap".to_owned();
        let own = Origin::WorkingCopy { folder: folder() };
        assert_eq!(command(own), "cargo xtask lab 12");
        let reference = Origin::Reference {
            folder: "crates/mmap".to_owned(),
        };
        assert_eq!(command(reference), "cargo xtask lab 12 --reference");
        let one = Origin::SingleFile {
            path: "mine/map.rs".to_owned(),
            others: folder(),
        };
        assert_eq!(command(one), "cargo xtask lab 12 --submission mine/map.rs");
        let spaced = Origin::Folder {
            path: "/tmp/a b".to_owned(),
        };
        assert_eq!(
            command(spaced),
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
