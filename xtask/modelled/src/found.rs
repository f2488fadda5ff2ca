//! A report of the model's, as the data that checks and reports read.

use interleave::model::{self, Report, Verdict};
use story::{Counts, Found, Outcome};

use crate::told::story;

pub(crate) fn found(program: &str, report: Report) -> Found {
    let outcome = match report.verdict {
        Verdict::Complete { .. } => Outcome::Complete,
        Verdict::Cut { .. } => Outcome::Cut,
        Verdict::Failed(shown) => Outcome::Failed(Box::new(story(program, shown.story()))),
        Verdict::Replayed(shown) => Outcome::Passed(Box::new(story(program, &shown))),
        Verdict::NotDeterministic(why) | Verdict::NotJudged(why) => Outcome::NotJudged(why),
    };
    Found {
        outcome,
        executions: report.executions,
        steps: report.steps,
        completed: report.completed,
        exhaustive: report.exhaustive,
        threads: report.threads,
        most: counts(report.most),
        waiting: report.waiting.map(counts),
    }
}

fn counts(counts: model::Counts) -> Counts {
    Counts {
        updates: counts.updates,
        spin_hints: counts.spin_hints,
        yields: counts.yields,
        futex_calls: counts.futex_calls,
    }
}
