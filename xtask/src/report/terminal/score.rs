//! The score: always told together with the points that could not be graded, and with what it cost
//! if one mistake lost several checks.

use super::{
    super::{
        page::{Page, Role},
        run::Standing,
        width::{cells, pad},
    },
    Graded,
};
use crate::grader::events::{Grade, Score};

/// The most lines about what the checks did.
const WORK: usize = 12;

pub(super) fn show(graded: &Graded<'_>, page: &mut Page) {
    let words = graded.view.words;
    let Some(score) = &graded.view.run.score else {
        page.label(Role::Bad, words.stopped);
        page.text(Role::Plain, words.interrupted);
        return;
    };
    let role = match score.grade {
        Grade::Refused => Role::Bad,
        _ if graded.view.run.is_full() => Role::Good,
        _ => Role::Strong,
    };
    page.label(role, words.score);
    page.ends(&points(graded, score), &remark(graded, score));
    if graded.view.run.is_full() {
        work(graded, page);
    }
}

fn points(graded: &Graded<'_>, score: &Score) -> String {
    let words = graded.view.words;
    let causes = graded.view.run.causes().into_iter().map(words.cause);
    let parts = [(words.points)(score)].into_iter().chain(causes);
    parts.collect::<Vec<_>>().join("     ")
}

/// What stands at the right end of the line.
fn remark(graded: &Graded<'_>, score: &Score) -> String {
    let words = graded.view.words;
    if graded.is_untouched() {
        let gradable = graded
            .outcomes
            .iter()
            .filter(|it| it.standing != Standing::Open)
            .count();
        let can = (words.gradable_checks)(gradable, graded.outcomes.len());
        let facts = words.facts(graded.start, None, None);
        return [can, facts].join(words.comma);
    }
    if graded.view.run.is_partial() {
        return (words.only_some)(graded.start.lab.checks.len());
    }
    let best = score
        .best
        .filter(|best| *best > score.earned || score.earned < score.gradable);
    best.map(words.best).unwrap_or_default()
}

/// What the checks did, so that full marks mean something.
fn work(graded: &Graded<'_>, page: &mut Page) {
    let lang = graded.view.lang;
    let worked = || {
        graded
            .outcomes
            .iter()
            .filter(|outcome| !outcome.record.work.is_empty())
    };
    let titles = worked().map(|outcome| cells(lang.pick(&outcome.check.title)));
    let Some(width) = titles.max() else { return };
    page.label(Role::Plain, graded.view.words.worked);
    for outcome in worked().take(WORK) {
        let mut title = pad(lang.pick(&outcome.check.title), width + 3);
        for text in &outcome.record.work {
            page.hanging(&title, lang.pick(text));
            title = " ".repeat(width + 3);
        }
    }
}
