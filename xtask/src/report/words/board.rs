//! What is said of an execution under the model: in a report, step by step, and in a game in which
//! the student is the scheduler. A table per language.

mod en;
mod zh;

pub(super) use en::EN;
pub(super) use zh::ZH;

/// The words of stories and boards.
pub(crate) struct Board {
    // In a report.
    /// Beside the isolation: model and code share a process.
    pub(crate) in_process: &'static str,
    pub(crate) step_through: &'static str,
    pub(crate) as_page: &'static str,
    pub(crate) play_it: &'static str,

    // The heads of the parts of a board.
    pub(crate) threads: &'static str,
    pub(crate) memory: &'static str,
    /// What the marks in a history mean.
    pub(crate) memory_about: &'static str,
    pub(crate) happened: &'static str,
    pub(crate) so_far: fn(moments: usize) -> String,
    /// So many earlier moments are not shown.
    pub(crate) earlier: fn(moments: usize) -> String,

    // Where a thread stands.
    pub(crate) acts_next: &'static str,
    pub(crate) goes_on: &'static str,
    pub(crate) not_begun: &'static str,
    pub(crate) finished: &'static str,
    /// Something without a history: `counter`.
    pub(crate) no_history: &'static str,

    // Step by step.
    /// The head of a screen: the lab, the program.
    pub(crate) replay_title: fn(lab: &str, program: &str) -> String,
    /// Moment so many of so many.
    pub(crate) moment: fn(at: usize, of: usize) -> String,
    pub(crate) walk_keys: &'static str,
    pub(crate) nothing_wrong: &'static str,

    // The game.
    pub(crate) play_title: fn(lab: &str, program: &str) -> String,
    pub(crate) which_program: &'static str,
    pub(crate) programs_keys: &'static str,
    pub(crate) play_keys: &'static str,
    /// The same, where a line is read.
    pub(crate) line_keys: &'static str,
    pub(crate) line_programs: &'static str,
    pub(crate) prompt: &'static str,
    pub(crate) not_understood: &'static str,
    pub(crate) nothing_to_undo: &'static str,
    pub(crate) asks_everything: &'static str,
    pub(crate) asks_threads: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) unwritten: &'static str,
    pub(crate) replay_it: &'static str,
    pub(crate) over: &'static str,
    pub(crate) over_keys: &'static str,
    pub(crate) trouble: fn(&str) -> String,
    pub(crate) refused: &'static str,
    pub(crate) does_not_compile: &'static str,
    pub(crate) see_report: &'static str,

    // The page.
    pub(crate) page_title: fn(&str) -> String,
    pub(crate) page_about: &'static str,
    pub(crate) reads_from: &'static str,
    pub(crate) wakes: &'static str,
    pub(crate) old_read: &'static str,
    pub(crate) departs: &'static str,
    pub(crate) guilty: &'static str,
    pub(crate) page_keys: &'static str,
    /// What stands before and behind a step's number.
    pub(crate) memory_after: [&'static str; 2],
    pub(crate) replay: &'static str,
    pub(crate) at_the_end: &'static str,
}

#[cfg(test)]
mod tests {
    use super::{EN, ZH};
    use crate::report::width::cells;

    #[test]
    fn every_line_of_keys_fits_into_a_screen() {
        for words in [&EN, &ZH] {
            for keys in [
                words.walk_keys,
                words.programs_keys,
                words.play_keys,
                words.line_keys,
                words.line_programs,
                words.over_keys,
            ] {
                assert!(cells(keys) <= 80, "{} cells: {keys}", cells(keys));
            }
        }
    }
}
