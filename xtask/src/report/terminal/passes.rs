//! The checks that passed: several to a line, since there is nothing to say of them.

use super::{
    super::{
        page::{Page, Role, Span},
        run::{Outcome, Standing},
        width::cells,
    },
    Graded, failures,
};

/// Between two checks on a line.
const GAP: &str = "   ";

pub(super) fn show(graded: &Graded<'_>, page: &mut Page) {
    let passed = || {
        graded
            .outcomes
            .iter()
            .filter(|it| it.standing == Standing::Earned)
    };
    // A run that was asked for by name is shown, however well it went.
    let shows = |it: &Outcome<'_>| it.record.interleaving.is_some() || it.record.story.is_some();
    let stepped = passed().find(|it| shows(it));
    let others = passed().filter(|it| stepped.is_none_or(|one| one.check.name != it.check.name));
    let items = others.map(|outcome| failures::passed(graded, outcome));
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if cells(line) + GAP.len() + cells(&item) <= page.inner() => {
                line.push_str(GAP);
                line.push_str(&item);
            }
            _ => lines.push(item),
        }
    }
    if !lines.is_empty() {
        page.label(
            Role::Good,
            (graded.view.words.verdict)(checks::Verdict::Passed),
        );
    }
    for line in lines {
        page.line(vec![Span::plain(&line)]);
    }
    if let Some(outcome) = stepped {
        failures::stepped(graded, outcome, page);
    }
}
