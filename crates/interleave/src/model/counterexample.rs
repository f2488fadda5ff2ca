//! An execution that shows what is wrong.

use std::fmt;

use super::Kind;
use super::story::Story;
use crate::trace::words::Language;

/// An execution that fails, with the fewest deviations there can be.
///
/// It displays itself: what is wrong, then a column for each thread, then where everybody is at the
/// end.
#[derive(Clone, Debug)]
pub struct Counterexample {
    kind: Kind,
    story: Story,
}

impl Counterexample {
    pub(crate) fn new(kind: Kind, story: Story) -> Self {
        Counterexample { kind, story }
    }

    /// What is wrong.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What happened, moment by moment.
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// The page that shows it. What [`Display`](fmt::Display) writes is the English one.
    pub fn page(&self, language: Language) -> &str {
        self.story.page.pick(language)
    }

    /// Names the execution: see [`Model::replay`](super::Model::replay).
    pub fn replay(&self) -> &str {
        &self.story.replay
    }
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.story.page.english)
    }
}
