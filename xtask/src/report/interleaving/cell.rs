//! One step as words: the student's line, what stands there, what the step did. Knows no widths.

use checks::Step;

use super::super::{lang::Lang, visible::visible};

pub(super) struct Cell {
    place: String,
    source: String,
    action: String,
}

impl Cell {
    /// With the source line if it is `quoting`.
    pub(super) fn new(step: &Step, lang: Lang, quoting: bool) -> Self {
        let place = step.place.as_ref().map(|place| {
            let file = place.file.rsplit('/').next().unwrap_or_default();
            format!("{}:{}", visible(file, false), place.line)
        });
        let source = step
            .source
            .as_deref()
            .filter(|_| quoting)
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
