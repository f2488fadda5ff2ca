//! The machine's own words, all of them: a table per language. Another language is one more table
//! and one more [`Lang`](super::Lang). What labs and checks say comes from them, in each language.

mod en;
mod zh;

pub(super) use en::EN;
pub(super) use zh::ZH;

use checks::Verdict;

use super::run::{Cause, Start};
use crate::grader::events::{Isolation, Score};

/// What a report of one language says. A label must fit into nine cells.
pub(super) struct Words {
    // Labels at the left edge.
    /// `Lab 12`
    pub(super) lab: fn(u32) -> String,
    pub(super) verdict: fn(Verdict) -> &'static str,
    /// The label of a check that passed, and does not count.
    pub(super) withheld: &'static str,
    pub(super) from: &'static str,
    pub(super) build: &'static str,
    pub(super) demo: &'static str,
    pub(super) todo: &'static str,
    pub(super) score: &'static str,
    pub(super) worked: &'static str,
    pub(super) start: &'static str,
    pub(super) next: &'static str,
    pub(super) refused: &'static str,
    pub(super) grader: &'static str,
    pub(super) stopped: &'static str,

    // The head.
    /// Points, hours, what to read.
    pub(super) outline: fn(points: u32, hours: u32, handout: &str) -> String,
    /// The lab's handout in this language, from the English one's path.
    pub(super) handout: fn(&str) -> String,
    pub(super) build_time: fn(seconds: f64) -> String,
    /// The build in full: also whether the checks were built.
    pub(super) build_line: fn(seconds: f64, checks_built: bool) -> String,
    pub(super) slowest_check: fn(seconds: f64) -> String,
    pub(super) seed: fn(u64) -> String,
    pub(super) isolation: fn(Isolation) -> String,
    pub(super) comma: &'static str,
    pub(super) semicolon: &'static str,
    /// Between the names of a list.
    pub(super) list_comma: &'static str,

    // The demo.
    pub(super) demo_unwritten: fn(function: Option<&str>, place: &str) -> String,
    pub(super) demo_silent: &'static str,
    pub(super) demo_left_out: fn(lines: usize) -> String,

    // What is not written yet.
    pub(super) todo_head: [&'static str; 3],
    pub(super) start_with: fn(function: &str, checks: usize, points: u32) -> String,

    // Checks that did not pass.
    /// What is said if a check gives no reason.
    pub(super) reason: fn(Verdict) -> &'static str,
    /// Between a check and its reason.
    pub(super) colon: &'static str,
    /// Passed, but `needs` did not; `open` if `needs` was not judged.
    pub(super) not_apart: fn(needs: &str, open: bool) -> String,
    pub(super) repair_first: fn(needs: &str) -> String,
    pub(super) not_to_blame: &'static str,
    pub(super) printed: fn(shown: usize, of: usize) -> String,
    pub(super) rows_left_out: fn(usize) -> String,
    pub(super) more_elsewhere: fn(command: &str) -> String,

    // The score.
    pub(super) points: fn(&Score) -> String,
    pub(super) gradable_checks: fn(gradable: usize, of: usize) -> String,
    pub(super) asked_for: fn(checks: usize) -> String,
    pub(super) cause: fn(Cause) -> String,
    pub(super) best: fn(u32) -> String,

    // The next step.
    pub(super) hint: fn(hints: usize) -> String,
    pub(super) replay: &'static str,
    pub(super) same_cases: &'static str,
    pub(super) again: &'static str,
    pub(super) again_elsewhere: &'static str,
    pub(super) all_checks: &'static str,
    pub(super) other_labs: &'static str,
    pub(super) own_files: &'static str,
    pub(super) explain: &'static str,

    // Endings before the checks.
    pub(super) does_not_compile: fn(errors: usize) -> String,
    pub(super) lines_left_out: fn(usize) -> String,
    pub(super) refusal: fn(findings: usize) -> String,
    pub(super) findings_left_out: fn(usize) -> String,
    pub(super) after_refusal: &'static str,
    pub(super) grader_failed: &'static str,
    pub(super) log: fn(path: &str) -> String,
    pub(super) once_more: &'static str,
    pub(super) interrupted: &'static str,

    // Progress.
    pub(super) building: &'static str,
    pub(super) demoing: &'static str,
    pub(super) checking: fn(done: usize, of: usize, names: &str) -> String,
}

impl Words {
    /// Build, slowest check, seed and isolation in one line.
    pub(super) fn facts(&self, start: &Start, build: Option<f64>, slowest: Option<f64>) -> String {
        let facts = [
            build.map(self.build_time),
            slowest.map(self.slowest_check),
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
