//! The system calls of the demo, as `--trace` asks for them: those of the student's own lines, a row
//! each, the process and the line before it.

use checks::submitted_path;
use probe::{Call, Event, Timeline, What};

use super::{
    super::{
        page::{Page, Role, Span},
        width::{cells, cut, pad},
    },
    Graded,
};
use crate::grader::events::Traced;

/// The cells for the process's number, and for the student's line at most.
const PROCESS: usize = 5;
const PLACE: usize = 20;

pub(super) fn show(graded: &Graded<'_>, page: &mut Page) {
    let Some((traced, sources)) = &graded.view.run.traced else {
        return;
    };
    let words = &graded.view.words.trace;
    page.label(Role::Plain, words.label);
    match traced {
        Traced::Cannot { why } => page.text(Role::Plain, graded.view.lang.pick(why)),
        Traced::Seen { timeline } => {
            let is_of_submission = |file: &str| sources.contains_key(&submitted_path(file));
            list(timeline, &is_of_submission, words.left_out, page);
        }
    }
}

fn list(
    timeline: &Timeline,
    is_of_submission: &dyn Fn(&str) -> bool,
    left_out: fn(usize) -> String,
    page: &mut Page,
) {
    // Not a call of the loader or the runtime.
    let is_of_interest = |event: &&Event| match &event.what {
        What::Call(Call { line: Some(at), .. }) => is_of_submission(&at.file),
        What::Call(_) => false,
        _ => true,
    };
    let (shown, hidden): (Vec<&Event>, Vec<&Event>) =
        timeline.events.iter().partition(is_of_interest);
    let places: Vec<String> = shown.iter().map(|event| place(event)).collect();
    let width = places.iter().map(|place| cells(place)).max().unwrap_or(0);
    let width = width.min(PLACE);
    let room = page.inner().saturating_sub(PROCESS + width + 2);
    for (event, place) in shown.iter().zip(&places) {
        page.line(vec![
            Span::new(Role::Quiet, &pad(&event.process.to_string(), PROCESS)),
            Span::new(Role::Quiet, &pad(&cut(place, width), width + 2)),
            Span::plain(&cut(&event.brief(), room)),
        ]);
    }
    if !hidden.is_empty() {
        page.text(Role::Quiet, &left_out(hidden.len()));
    }
}

/// `map.rs:302`; the file's name says enough beside the call.
fn place(event: &Event) -> String {
    match &event.what {
        What::Call(Call { line: Some(at), .. }) => at.brief(),
        _ => String::new(),
    }
}
