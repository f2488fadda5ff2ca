//! What `cargo xtask doctor` says beside the facts, a table per language; the commands that it
//! tells for other hosts are the same in all of them, and are here.

mod en;
mod zh;

pub(super) use en::EN;
pub(super) use zh::ZH;

use arena::{Isolation, Level, MemoryBound};

use crate::grader::machine::{diagnosis::Effect, labs::Gradable};

/// The words of `cargo xtask doctor`. What ends in `_label` must fit into nine cells.
pub(crate) struct Doctor {
    /// The label of a fact.
    pub(crate) effect_label: fn(Effect) -> &'static str,
    pub(crate) level_label: &'static str,
    pub(crate) labs_label: &'static str,
    /// What the level is called, and what it keeps a submission from.
    pub(crate) level: fn(Level) -> &'static str,
    pub(crate) memory: fn(MemoryBound) -> &'static str,
    /// No level can be had at all.
    pub(crate) no_level: &'static str,
    /// How many of the labs can be graded.
    pub(crate) labs: fn(whole: usize, of: usize) -> String,
    /// What cannot be graded of a lab.
    pub(crate) ungradable: fn(&Gradable) -> String,
    /// Labs that are left out of the list.
    pub(crate) more_labs: fn(usize) -> String,
    /// After a remedy.
    pub(crate) look_again: &'static str,
    pub(crate) gradescope: &'static [Piece],
    pub(crate) actions: &'static [Piece],
}

impl Doctor {
    /// A level with its bound on memory.
    pub(crate) fn isolation(&self, isolation: Isolation, semicolon: &str) -> String {
        let level = (self.level)(isolation.level);
        match isolation.level {
            Level::None => level.to_owned(),
            _ => format!("{level}{semicolon}{}", (self.memory)(isolation.memory)),
        }
    }
}

/// A piece of what a host needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A paragraph.
    Say(&'static str),
    /// A line to copy.
    Copy(&'static str),
}

// Gradescope: `setup.sh` is run when the image is built, `run_autograder` for each submission.
const APT: &str = "apt-get update && apt-get install -y build-essential ca-certificates curl git";
const RUSTUP: &str =
    "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal";
const ENTER: &str = ". \"$HOME/.cargo/env\" && cd /autograder/source";
const LOOK: &str = "cargo xtask doctor";
const GRADE_UPLOAD: &str =
    "cargo xtask lab 12 --submission /autograder/submission --format json=result.json";

// GitHub Actions: the steps of a job.
const STEP_NAMESPACES: &str =
    "- run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
const STEP_RUST: &str = "- run: rustup update stable --no-self-update";
const STEP_DOCTOR: &str = "- run: cargo xtask doctor";
const STEP_GRADE: &str = "- run: cargo xtask lab 12 --ungraded refuse";

#[cfg(test)]
mod tests {
    use super::{Doctor, EN, Effect, Piece, ZH};
    use crate::report::width::cells;

    #[test]
    fn every_label_leaves_a_space_to_what_follows_it() {
        for words in [&EN, &ZH] {
            let effects = [Effect::Nothing, Effect::Weaker, Effect::Ungradable];
            let labels = effects.map(words.effect_label).into_iter();
            for label in labels.chain([words.level_label, words.labs_label]) {
                assert!(cells(label) <= 9, "{label}");
            }
        }
    }

    #[test]
    fn every_language_tells_the_same_commands() {
        let copied = |pieces: &[Piece]| -> Vec<Piece> {
            let copied = pieces
                .iter()
                .filter(|piece| matches!(piece, Piece::Copy(_)));
            copied.copied().collect()
        };
        let hosts = |words: &Doctor| [copied(words.gradescope), copied(words.actions)];
        assert_eq!(hosts(&EN), hosts(&ZH));
        assert!(hosts(&EN).iter().all(|commands| commands.len() >= 3));
    }
}
