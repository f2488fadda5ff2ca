//! An execution that shows what is wrong.

use std::fmt;

use super::Kind;
use crate::engine::{Engine, Failure};
use crate::trace::names::Names;
use crate::trace::page;
use crate::trace::words::Language;

/// An execution that fails, with the fewest deviations there can be.
///
/// It displays itself: what is wrong, then a column for each thread, then where everybody is at the
/// end.
#[derive(Clone, Debug)]
pub struct Counterexample {
    kind: Kind,
    replay: String,
    english: String,
    chinese: String,
}

impl Counterexample {
    pub(crate) fn new(
        engine: &Engine,
        failure: &Failure,
        replay: String,
        sources: &[(String, String)],
    ) -> Self {
        let names = Names::new(engine, sources);
        Counterexample {
            kind: failure.kind,
            english: page::write(engine, &names, failure, &replay, Language::English),
            chinese: page::write(engine, &names, failure, &replay, Language::Chinese),
            replay,
        }
    }

    /// What is wrong.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The page that shows it. What [`Display`](fmt::Display) writes is the English one.
    pub fn page(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }

    /// Names the execution: see [`Model::replay`](super::Model::replay).
    pub fn replay(&self) -> &str {
        &self.replay
    }
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}
