//! What the commands beside `lab` say, a table per language. The tables' form is here, their words
//! are in the files of the languages.

mod en;
mod zh;

pub(super) use en::EN;
pub(super) use zh::ZH;

use checks::Verdict;

use crate::grader::verify::{Rebased, Round, Summary, Unexpected};

/// The words of the commands beside `lab`. What ends in `_label` must fit into nine cells.
pub(crate) struct Commands {
    // `cargo xtask` alone.
    pub(crate) course_label: &'static str,
    pub(crate) standing: fn(done: usize, labs: usize, points: u32) -> String,
    /// Points of a lab's hundred.
    pub(crate) of_hundred: fn(u32) -> String,
    pub(crate) next_lab: fn(title: &str, hours: u32, handout: &str) -> String,
    pub(crate) all_done: &'static str,
    pub(crate) grade: &'static str,
    pub(crate) stuck: &'static str,
    pub(crate) all_labs: &'static str,
    pub(crate) all_commands: &'static str,

    // `cargo xtask list`.
    /// Lab, name, hours, checks, best score, topic.
    pub(crate) list_head: [&'static str; 6],
    pub(crate) read_and_grade: &'static str,

    // `cargo xtask hint`.
    pub(crate) hint_label: fn(usize) -> String,
    pub(crate) hints_shown: fn(shown: usize, of: usize) -> String,
    pub(crate) no_hints: &'static str,
    pub(crate) next_hint: &'static str,
    pub(crate) only_this_check: &'static str,

    // `cargo xtask reset`.
    pub(crate) reset_label: &'static str,
    pub(crate) starter_again: fn(path: &str) -> String,
    pub(crate) starter_already: fn(folder: &str) -> String,
    pub(crate) kept_label: &'static str,
    pub(crate) kept: fn(path: &str) -> String,

    // `cargo xtask verify`.
    pub(crate) verdict: fn(Verdict) -> &'static str,
    pub(crate) unexpected: fn(&Unexpected) -> String,
    pub(crate) durations: fn(median: u64, slowest: u64) -> String,
    pub(crate) explored_label: &'static str,
    /// Steps, milliseconds; each as minimum, median, maximum.
    pub(crate) explored_head: [&'static str; 2],
    pub(crate) spread_head: [&'static str; 3],
    pub(crate) summary: fn(&Summary) -> Vec<String>,
    pub(crate) verified_label: &'static str,
    pub(crate) verified: fn(labs: usize, seconds: f64, good: bool) -> String,
    pub(crate) building_checks: fn(folder: &str) -> String,
    pub(crate) running: &'static str,
    pub(crate) round_done: fn(Round) -> String,
    pub(crate) rebased: fn(&Rebased) -> &'static str,
    pub(crate) patches_stay: fn(folder: &str) -> String,
}

#[cfg(test)]
mod tests {
    use super::{Commands, EN, ZH};
    use crate::report::width::cells;

    fn labels(words: &Commands) -> [String; 6] {
        [
            words.course_label.to_owned(),
            (words.hint_label)(3),
            words.reset_label.to_owned(),
            words.kept_label.to_owned(),
            words.explored_label.to_owned(),
            words.verified_label.to_owned(),
        ]
    }

    #[test]
    fn every_label_leaves_a_space_to_what_follows_it() {
        for words in [&EN, &ZH] {
            for label in labels(words) {
                assert!(cells(&label) <= 9, "{label}");
            }
        }
    }
}
