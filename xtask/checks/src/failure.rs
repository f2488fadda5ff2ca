//! Why a check did not pass: a [`Record`] on its way out, so that `?` ends the check.

use arena::Error;
use probe::{Broken, View};

use crate::{Interleaving, Record, Text, Verdict, ending};

/// What a check comes to: passed, or the record of why not.
pub type Judgement<T = ()> = Result<T, Failure>;

/// The record of a check that did not pass.
#[derive(Debug)]
pub struct Failure(pub(crate) Box<Record>);

impl Failure {
    /// Not passed, and the one-line reason.
    pub fn new(verdict: Verdict, headline: Text) -> Self {
        let mut record = Record::new(verdict);
        record.headline = Some(headline);
        Self(Box::new(record))
    }

    /// The answer is wrong, and the one-line reason.
    pub fn wrong(headline: Text) -> Self {
        Self::new(Verdict::Failed, headline)
    }

    /// One more paragraph.
    #[must_use]
    pub fn because(mut self, paragraph: Text) -> Self {
        self.0.detail.push(paragraph);
        self
    }

    /// The steps that show it.
    #[must_use]
    pub fn shown_by(mut self, interleaving: Interleaving) -> Self {
        self.0.interleaving = Some(interleaving);
        self
    }

    /// The system calls that show it.
    #[must_use]
    pub fn drawn_by(mut self, view: View) -> Self {
        self.0.timeline = Some(view);
        self
    }

    /// What the student's processes printed, if they printed anything.
    #[must_use]
    pub fn printed(mut self, printed: &str) -> Self {
        let kept: Vec<&str> = printed
            .lines()
            .filter(|line| !line.starts_with("interlock: "))
            .collect();
        let last = kept[kept.len().saturating_sub(20)..].join("\n");
        if !last.trim().is_empty() {
            self.0.printed = Some(last);
        }
        self
    }
}

/// A sentence about a timeline that does not hold.
impl From<Box<Broken>> for Failure {
    fn from(broken: Box<Broken>) -> Self {
        let Broken { en, zh, view, line } = *broken;
        let mut failure = Self::wrong(Text { en, zh }).drawn_by(view);
        failure.0.place = line.as_ref().map(ending::place);
        failure
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Cannot(reason) => Self::new(
                Verdict::NotGraded,
                crate::text!("not graded: {reason}"; "无法评判：{reason}"),
            ),
            Error::Helper(_) | Error::Io(_) => grader(&error),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        grader(&error)
    }
}

/// The grader's own fault.
pub(crate) fn grader(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Verdict::GraderError,
        crate::text!("the grader failed: {error}"; "评分程序出错：{error}"),
    )
}
