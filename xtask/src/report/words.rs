//! The machine's own words, all of them: a table per language. Another language is one more table
//! and one more [`Lang`](super::Lang). What labs and checks say comes from them, in each language.

mod board;
mod commands;
mod doctor;
mod en;
mod errors;
mod hostile;
mod papers;
mod trace;
mod zh;

pub(crate) use board::Board;
pub(crate) use commands::Commands;
pub(crate) use doctor::{Doctor, Piece};
pub(super) use en::EN;
pub(crate) use hostile::{Counts, Hostile};
pub(crate) use papers::Papers;
pub(crate) use trace::Trace;
pub(super) use zh::ZH;

use arena::Isolation;
use checks::Verdict;

use super::run::{Cause, Start};
use crate::grader::{
    error::Error,
    events::{Origin, Score},
};

/// What a report of one language says. A label must fit into nine cells.
pub(crate) struct Words {
    // Labels at the left edge.
    /// `Lab 12`
    pub(crate) lab: fn(u32) -> String,
    pub(crate) verdict: fn(Verdict) -> &'static str,
    /// The label of a check that passed, and does not count.
    pub(crate) withheld: &'static str,
    pub(crate) from: &'static str,
    pub(crate) build: &'static str,
    pub(crate) demo: &'static str,
    pub(crate) todo: &'static str,
    pub(crate) score: &'static str,
    pub(crate) worked: &'static str,
    pub(crate) start: &'static str,
    pub(crate) next: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) grader: &'static str,
    pub(crate) stopped: &'static str,

    // The head.
    /// What was graded, if it is not the student's own working copy.
    pub(crate) origin: fn(&Origin) -> String,
    /// Points, hours, what to read.
    pub(crate) outline: fn(points: u32, hours: u32, handout: &str) -> String,
    /// The lab's handout in this language, from the English one's path.
    pub(crate) handout: fn(&str) -> String,
    pub(crate) build_time: fn(seconds: f64) -> String,
    /// The build in full: also whether the checks were built.
    pub(crate) build_line: fn(seconds: f64, checks_built: bool) -> String,
    pub(crate) checks_time: fn(checks: usize, seconds: f64) -> String,
    pub(crate) seed: fn(u64) -> String,
    pub(crate) isolation: fn(Isolation) -> String,
    pub(crate) comma: &'static str,
    pub(crate) semicolon: &'static str,
    /// Between the names of a list.
    pub(crate) list_comma: &'static str,

    // The demo.
    pub(crate) demo_unwritten: fn(function: Option<&str>, place: &str) -> String,
    pub(crate) demo_silent: &'static str,
    pub(crate) demo_left_out: fn(lines: usize) -> String,

    // What is not written yet.
    pub(crate) todo_head: [&'static str; 3],
    pub(crate) start_with: fn(function: &str, checks: usize, points: u32) -> String,

    // Checks that did not pass.
    /// What is said if a check gives no reason.
    pub(crate) reason: fn(Verdict) -> &'static str,
    /// Between a check and its reason.
    pub(crate) colon: &'static str,
    /// Passed, but `needs` did not; `open` if `needs` was not judged.
    pub(crate) not_apart: fn(needs: &str, open: bool) -> String,
    pub(crate) repair_first: fn(needs: &str) -> String,
    pub(crate) not_to_blame: &'static str,
    pub(crate) printed: fn(shown: usize, of: usize) -> String,
    pub(crate) rows_left_out: fn(usize) -> String,
    pub(crate) more_elsewhere: fn(command: &str) -> String,

    // The score.
    pub(crate) points: fn(&Score) -> String,
    pub(crate) gradable_checks: fn(gradable: usize, of: usize) -> String,
    /// Only some of the checks were run.
    pub(crate) only_some: fn(checks: usize) -> String,
    /// A score of some points would be a way on.
    pub(crate) provisional: &'static str,
    pub(crate) ask_doctor: &'static str,
    pub(super) cause: fn(Cause) -> String,
    pub(crate) best: fn(u32) -> String,

    // The next step.
    pub(crate) hint: fn(hints: usize) -> String,
    pub(crate) replay: &'static str,
    pub(crate) same_cases: &'static str,
    pub(crate) again: &'static str,
    pub(crate) again_elsewhere: &'static str,
    pub(crate) all_checks: &'static str,
    pub(crate) other_labs: &'static str,
    pub(crate) own_files: &'static str,
    pub(crate) explain: &'static str,

    // Endings before the checks.
    pub(crate) does_not_compile: fn(errors: usize) -> String,
    pub(crate) compiler_stopped: fn(reason: &str) -> String,
    pub(crate) compiler_limits: &'static str,
    pub(crate) lines_left_out: fn(usize) -> String,
    pub(crate) refusal: fn(findings: usize) -> String,
    pub(crate) findings_left_out: fn(usize) -> String,
    pub(crate) after_refusal: &'static str,
    pub(crate) grader_failed: &'static str,
    pub(crate) log: fn(path: &str) -> String,
    pub(crate) once_more: &'static str,
    pub(crate) interrupted: &'static str,

    // Progress.
    pub(crate) building: &'static str,
    pub(crate) demoing: &'static str,
    pub(crate) checking: fn(done: usize, of: usize, names: &str) -> String,

    // Everything beside a report.
    pub(crate) commands: Commands,
    pub(crate) hostile: Hostile,
    pub(crate) diagnosis: Doctor,
    pub(crate) trace: Trace,
    pub(crate) board: Board,
    pub(crate) papers: Papers,
    /// Before an error.
    pub(crate) error: &'static str,
    /// An error without what caused it.
    pub(crate) mistake: fn(&Error) -> String,
    pub(crate) interrupted_command: &'static str,
}

impl Words {
    /// Build, all checks, seed and isolation in one line.
    pub(super) fn facts(
        &self,
        start: &Start,
        build: Option<f64>,
        checks: Option<(usize, f64)>,
    ) -> String {
        let facts = [
            build.map(self.build_time),
            checks.map(|(checks, seconds)| (self.checks_time)(checks, seconds)),
            Some((self.seed)(start.seed)),
            Some((self.isolation)(start.isolation)),
        ];
        facts
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(self.comma)
    }
}

#[cfg(test)]
mod tests {
    use checks::Verdict;

    use super::{EN, Words, ZH};
    use crate::report::width::cells;

    const VERDICTS: [Verdict; 9] = [
        Verdict::Passed,
        Verdict::Failed,
        Verdict::TimedOut,
        Verdict::Deadlocked,
        Verdict::Crashed,
        Verdict::ExitedEarly,
        Verdict::Leaked,
        Verdict::NotGraded,
        Verdict::GraderError,
    ];

    fn labels(words: &Words) -> Vec<String> {
        let mut labels: Vec<String> = VERDICTS
            .iter()
            .map(|verdict| (words.verdict)(*verdict).to_owned())
            .collect();
        labels.push(words.withheld.to_owned());
        labels
    }

    #[test]
    fn every_label_leaves_a_space_to_what_follows_it() {
        for words in [&EN, &ZH] {
            let others = [
                words.from,
                words.build,
                words.demo,
                words.todo,
                words.score,
                words.worked,
                words.start,
                words.next,
                words.refused,
                words.grader,
                words.stopped,
            ];
            let others = others
                .into_iter()
                .map(str::to_owned)
                .chain([(words.lab)(28)]);
            for label in labels(words).into_iter().chain(others) {
                assert!(cells(&label) <= 9, "{label}");
            }
        }
    }

    #[test]
    fn no_two_verdicts_share_a_label() {
        for words in [&EN, &ZH] {
            let mut labels = labels(words);
            labels.sort();
            labels.dedup();
            assert_eq!(labels.len(), VERDICTS.len() + 1);
        }
    }

    #[test]
    fn one_is_singular() {
        assert_eq!((EN.does_not_compile)(1), "does not compile: 1 error");
        assert_eq!((EN.does_not_compile)(2), "does not compile: 2 errors");
        assert_eq!((EN.rows_left_out)(1), "1 row in between is left out");
        assert!((EN.start_with)("f", 1, 1).ends_with("1 check (1 point) waits for it"));
        assert!((EN.start_with)("f", 2, 10).ends_with("2 checks (10 points) wait for it"));
    }
}
