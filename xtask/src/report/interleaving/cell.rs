//! One step as words: the student's line, what stands there, what the step did. Knows no widths.

use checks::Step;

use super::super::{lang::Lang, visible::visible};

/// How much a cell says beside what the step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// `counter.rs:31` and the source line.
    Source,
    /// `counter.rs:31`
    Place,
    /// `:31`, where all steps are in one file.
    Line,
}

pub(super) struct Cell {
    place: String,
    source: String,
    action: String,
}

impl Cell {
    pub(super) fn new(step: &Step, lang: Lang, detail: Detail) -> Self {
        let place = step.place.as_ref().map(|place| {
            let file = match detail {
                Detail::Line => "",
                _ => place.file.rsplit('/').next().unwrap_or_default(),
            };
            format!("{}:{}", visible(file, false), place.line)
        });
        let source = step
            .source
            .as_deref()
            .filter(|_| detail == Detail::Source)
            .unwrap_or_default();
        Self {
            place: place.unwrap_or_default(),
            source: visible(source, false).into_owned(),
            action: visible(lang.pick(&step.action), false).into_owned(),
        }
    }

    /// What stands in the process's column.
    pub(super) fn text(&self) -> String {
        join(&[&self.place, &self.source, &self.action])
    }

    /// The source line with its place.
    pub(super) fn quote(&self) -> String {
        join(&[&self.place, &self.source])
    }
}

fn join(parts: &[&str]) -> String {
    parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("  ")
}
