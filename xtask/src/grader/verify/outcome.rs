//! What a verification found out, in a form that can be printed or written as JSON.

use std::{collections::BTreeMap, fmt};

use checks::{Text, Verdict};
use serde::{Serialize, Serializer};

use super::{super::lab::Lab, answers::Expect};

/// What a lab's known answers got.
#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) answers: Vec<AnswerOutcome>,
    /// What is wrong with the lab apart from its answers: texts, patches, checks without one.
    pub(crate) problems: Vec<String>,
    pub(crate) summary: Summary,
}

/// A verification in one line.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    pub(crate) starter: Option<u32>,
    pub(crate) reference: Option<u32>,
    pub(crate) wrong: Share,
    pub(crate) right: Share,
    /// How many checks were run.
    pub(crate) runs: u32,
    /// How many answers got something that they should not, and problems beside.
    pub(crate) unexpected: usize,
}

/// So many of so many.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Share {
    pub(crate) good: usize,
    pub(crate) of: usize,
}

/// What one answer got.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerOutcome {
    pub(crate) name: String,
    /// The checks that it must fail; empty for starter, reference and right answers.
    pub(crate) must_fail: Vec<String>,
    pub(crate) checks: Vec<CheckOutcome>,
    /// If all checks were run.
    pub(crate) score: Option<u32>,
    /// What it should not have got, a sentence each.
    pub(crate) unexpected: Vec<Unexpected>,
}

/// What an answer should not have got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unexpected {
    Verdict {
        check: String,
        verdict: Verdict,
        times: u32,
        runs: u32,
        headline: Option<Text>,
    },
    /// A starter with nothing to do.
    FullMarks,
    /// A right answer that loses points.
    Earns(u32),
    /// The model said something else than the first time, so it is not deterministic.
    OtherStory {
        check: String,
        times: u32,
        runs: u32,
    },
    /// It could not be read, is refused, or does not compile.
    NotRun(String),
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verdict {
                check,
                verdict,
                times,
                runs,
                headline,
            } => {
                let word = word(*verdict);
                write!(f, "{check} is {word} {times} of {runs} times")?;
                match headline {
                    Some(headline) => write!(f, ": {}", headline.en),
                    None => Ok(()),
                }
            }
            Self::FullMarks => f.write_str("it earns full marks"),
            Self::Earns(points) => write!(f, "it earns {points} of 100"),
            Self::OtherStory { check, times, runs } => write!(
                f,
                "{check}: the model said something else than the first time in {times} of {runs} runs"
            ),
            Self::NotRun(why) => f.write_str(why),
        }
    }
}

/// As the sentence that tells it.
impl Serialize for Unexpected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The least, the middle and the most of several figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Spread {
    pub(crate) min: u64,
    pub(crate) median: u64,
    pub(crate) max: u64,
}

impl Spread {
    pub(super) fn of(figures: &[u64]) -> Self {
        let mut figures = figures.to_vec();
        figures.sort_unstable();
        let at = |index: usize| figures.get(index).copied().unwrap_or_default();
        Self {
            min: at(0),
            median: at(figures.len() / 2),
            max: at(figures.len().saturating_sub(1)),
        }
    }
}

/// What one check said of one answer.
#[derive(Debug, Serialize)]
pub(crate) struct CheckOutcome {
    pub(crate) check: String,
    /// How often which verdict.
    pub(crate) verdicts: BTreeMap<Verdict, u32>,
    /// The reason that came with a verdict, of its first run.
    pub(crate) headlines: BTreeMap<Verdict, Option<Text>>,
    /// How long a run took.
    pub(crate) milliseconds: Spread,
    /// The check's own figures over all runs, by the check's names for them.
    pub(crate) measured: BTreeMap<String, Spread>,
}

impl CheckOutcome {
    pub(crate) fn runs(&self) -> u32 {
        self.verdicts.values().sum()
    }
}

impl AnswerOutcome {
    pub(super) fn new(name: &str, expect: &Expect) -> Self {
        let must_fail = match expect {
            Expect::Fails(names) => names.clone(),
            Expect::LessThanFull | Expect::Full => Vec::new(),
        };
        Self {
            name: name.to_owned(),
            must_fail,
            checks: Vec::new(),
            score: None,
            unexpected: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, done: CheckOutcome, expect: &Expect) {
        for (verdict, times) in &done.verdicts {
            if !is_expected(&done.check, *verdict, expect) {
                self.unexpected.push(Unexpected::Verdict {
                    check: done.check.clone(),
                    verdict: *verdict,
                    times: *times,
                    runs: done.runs(),
                    headline: done.headlines.get(verdict).cloned().flatten(),
                });
            }
        }
        self.checks.push(done);
    }

    pub(super) fn scored(&mut self, earned: u32, expect: &Expect) {
        self.score = Some(earned);
        match expect {
            Expect::LessThanFull if earned >= 100 => {
                self.unexpected.push(Unexpected::FullMarks);
            }
            Expect::Full if earned < 100 => {
                self.unexpected.push(Unexpected::Earns(earned));
            }
            Expect::LessThanFull | Expect::Full | Expect::Fails(_) => {}
        }
    }

    pub(crate) fn is_good(&self) -> bool {
        self.unexpected.is_empty()
    }
}

/// Whether an answer may get a verdict. What could not be judged proves nothing, so it never may.
pub(super) fn is_expected(check: &str, verdict: Verdict, expect: &Expect) -> bool {
    match (verdict, expect) {
        (Verdict::NotGraded | Verdict::GraderError, _) => false,
        (Verdict::Passed, Expect::Fails(names)) => !names.iter().any(|name| name == check),
        (Verdict::Passed, _) => true,
        (_, Expect::Full) => false,
        (_, Expect::LessThanFull | Expect::Fails(_)) => true,
    }
}

/// A verdict as a word in a sentence.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::TimedOut => "timed out",
        Verdict::Deadlocked => "deadlocked",
        Verdict::Crashed => "crashed",
        Verdict::ExitedEarly => "exited early",
        Verdict::Leaked => "leaked",
        Verdict::NotGraded => "not graded",
        Verdict::GraderError => "grader error",
    }
}

impl Verified {
    pub(super) fn new(lab: &Lab, answers: Vec<AnswerOutcome>, problems: Vec<String>) -> Self {
        let score = |name: &str| answers.iter().find(|answer| answer.name == name)?.score;
        let share = |folder: &str| {
            let of: Vec<&AnswerOutcome> = answers
                .iter()
                .filter(|answer| answer.name.starts_with(folder))
                .collect();
            Share {
                good: of.iter().filter(|answer| answer.is_good()).count(),
                of: of.len(),
            }
        };
        let bad = answers.iter().filter(|answer| !answer.is_good()).count();
        let summary = Summary {
            starter: score("starter"),
            reference: score("reference"),
            wrong: share("wrong/"),
            right: share("right/"),
            runs: answers
                .iter()
                .flat_map(|answer| &answer.checks)
                .map(CheckOutcome::runs)
                .sum(),
            unexpected: bad + problems.len(),
        };
        Self {
            number: lab.manifest.number,
            name: lab.manifest.name.clone(),
            answers,
            problems,
            summary,
        }
    }

    pub(crate) fn is_good(&self) -> bool {
        self.summary.unexpected == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(verdicts: &[(Verdict, u32)], expect: &Expect) -> Vec<String> {
        let mut outcome = AnswerOutcome::new("some", expect);
        let verdicts = verdicts.iter().copied().collect();
        let done = CheckOutcome {
            check: "sure".to_owned(),
            verdicts,
            headlines: BTreeMap::new(),
            milliseconds: Spread::default(),
            measured: BTreeMap::new(),
        };
        outcome.add(done, expect);
        let told = outcome.unexpected.iter();
        told.map(ToString::to_string).collect()
    }

    #[test]
    fn a_spread_is_sorted_first() {
        let spread = Spread::of(&[9, 1, 5]);
        assert_eq!((spread.min, spread.median, spread.max), (1, 5, 9));
        assert_eq!(Spread::of(&[]), Spread::default());
    }

    #[test]
    fn a_wrong_answer_must_fail_what_it_names_every_time() {
        let expect = Expect::Fails(vec!["sure".into()]);
        assert!(outcome(&[(Verdict::Failed, 40), (Verdict::Deadlocked, 10)], &expect).is_empty());
        let told = outcome(&[(Verdict::Failed, 49), (Verdict::Passed, 1)], &expect);
        assert_eq!(told, ["sure is passed 1 of 50 times"]);
    }

    #[test]
    fn what_could_not_be_judged_proves_nothing() {
        for expect in [
            Expect::Fails(vec!["sure".into()]),
            Expect::LessThanFull,
            Expect::Full,
        ] {
            assert_eq!(outcome(&[(Verdict::NotGraded, 1)], &expect).len(), 1);
            assert_eq!(outcome(&[(Verdict::GraderError, 1)], &expect).len(), 1);
        }
    }

    #[test]
    fn a_check_that_a_wrong_answer_does_not_name_may_say_either() {
        let expect = Expect::Fails(vec!["other".into()]);
        assert!(outcome(&[(Verdict::Passed, 1), (Verdict::Failed, 1)], &expect).is_empty());
    }
}
