//! The head: which lab, what was built, how the demo went. An untouched starter gets an outline of
//! the lab, anything else the figures of this grading.

use checks::Verdict;

use super::{
    super::page::{Page, Role},
    Graded,
    failures::printed,
};
use crate::grader::events::{Built, Demo};

/// The most lines of a demo that are shown.
const DEMO_LINES: usize = 16;

pub(super) fn show(graded: &Graded<'_>, page: &mut Page) {
    let words = graded.view.words;
    let lab = &graded.start.lab;
    let seconds = match &graded.view.run.built {
        Some(Built::Ok {
            seconds,
            checks_built,
        }) => Some((*seconds, *checks_built)),
        _ => None,
    };
    page.label(Role::Strong, &(words.lab)(lab.number));
    let title = graded.view.lang.pick(&lab.title);
    if graded.is_untouched() {
        let points = lab.checks.iter().map(|check| check.points).sum();
        page.ends(
            title,
            &(words.outline)(points, lab.hours, &(words.handout)(&lab.handout)),
        );
    } else {
        let score = graded.view.run.score.as_ref();
        let checks = score
            .filter(|_| !graded.outcomes.is_empty())
            .map(|score| (graded.outcomes.len(), score.wall.as_secs_f64()));
        let mut facts = words.facts(graded.start, seconds.map(|(seconds, _)| seconds), checks);
        if graded.view.run.is_in_process() {
            facts = [&facts, words.comma, words.board.in_process].concat();
        }
        page.ends(title, &facts);
    }
    if !graded.command().is_own() {
        page.label(Role::Plain, words.from);
        page.text(Role::Plain, &(words.origin)(&graded.start.origin));
    }
    if let Some((seconds, checks_built)) = seconds.filter(|_| graded.is_untouched()) {
        page.label(Role::Plain, words.build);
        page.text(Role::Plain, &(words.build_line)(seconds, checks_built));
    }
    if let Some(demo) = &graded.view.run.demo {
        show_demo(graded, demo, page);
    }
}

/// A demo that went well is shown once there is nothing left to repair.
fn show_demo(graded: &Graded<'_>, demo: &Demo, page: &mut Page) {
    let words = graded.view.words;
    page.label(Role::Plain, words.demo);
    if let Some(place) = &demo.not_written {
        let todo = graded
            .view
            .run
            .todos()
            .iter()
            .find(|todo| todo.place == *place);
        let function = todo.map(|todo| todo.function.as_str());
        let place = format!("{}:{}", place.file, place.line);
        page.text(
            Role::Plain,
            &(words.demo_unwritten)(function.filter(|it| *it != place), &place),
        );
    } else if demo.verdict != Verdict::Passed {
        let headline = demo
            .headline
            .as_ref()
            .map(|headline| graded.view.lang.pick(headline));
        page.text(
            Role::Plain,
            headline.unwrap_or_else(|| (words.reason)(demo.verdict)),
        );
        printed(&demo.printed, 3, words, page);
    } else if !graded.view.run.is_full() {
        page.no_label();
    } else if demo.printed.trim().is_empty() {
        page.text(Role::Plain, words.demo_silent);
    } else {
        let lines: Vec<&str> = demo.printed.trim_end().lines().collect();
        for line in lines.iter().take(DEMO_LINES) {
            page.quote(line);
        }
        if lines.len() > DEMO_LINES {
            page.text(
                Role::Quiet,
                &(words.demo_left_out)(lines.len() - DEMO_LINES),
            );
        }
    }
}
