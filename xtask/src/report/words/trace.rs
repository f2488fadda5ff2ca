//! What the page of a timeline says, a table per language.

mod en;
mod zh;

pub(super) use en::EN;
pub(super) use zh::ZH;

/// The words of `--trace`.
pub(crate) struct Trace {
    /// As HTML names the language.
    pub(crate) code: &'static str,
    /// The page's title, of the lab's.
    pub(crate) title: fn(&str) -> String,
    pub(crate) demo: &'static str,
    /// What the demo's timeline is good for.
    pub(crate) about_demo: &'static str,
    pub(crate) no_calls: &'static str,
    /// The page of a grading in which nothing failed and nothing was traced.
    pub(crate) nothing: &'static str,
    pub(crate) filter: &'static str,
    /// What can be typed there.
    pub(crate) filter_by: &'static str,
    pub(crate) only_yours: &'static str,
    pub(crate) arrows: &'static str,
    /// `{shown}` and `{all}` stand for numbers.
    pub(crate) counted: &'static str,
    pub(crate) keys: &'static str,
    /// The heads of columns.
    pub(crate) number: &'static str,
    pub(crate) process: fn(i32) -> String,
    pub(crate) thread: fn(i32) -> String,
    pub(crate) your_line: &'static str,
    /// What happened.
    pub(crate) started_process: fn(i32) -> String,
    pub(crate) started_thread: fn(i32) -> String,
    pub(crate) executed: fn(&str) -> String,
    pub(crate) signalled: fn(&str) -> String,
    pub(crate) ended: fn(&str) -> String,
    /// What the check did to a call.
    pub(crate) made_to_fail: &'static str,
    pub(crate) made_short: fn(u64) -> String,
    pub(crate) delayed: fn(u64) -> String,
    pub(crate) offending: &'static str,
    pub(crate) manual: &'static str,
    /// How one row led to another, as a legend and before a link.
    pub(crate) start: &'static str,
    pub(crate) execute: &'static str,
    pub(crate) wait: &'static str,
    pub(crate) signal: &'static str,
    pub(crate) data: &'static str,
    /// `{bytes}` stands for a number.
    pub(crate) bytes: &'static str,
    pub(crate) leads_to: &'static str,
    pub(crate) comes_from: &'static str,
    /// Beside the step of a race that matters.
    pub(crate) look_here: &'static str,
    /// In the terminal: a label of at most nine cells, and what is not shown.
    pub(crate) label: &'static str,
    pub(crate) left_out: fn(usize) -> String,
}
