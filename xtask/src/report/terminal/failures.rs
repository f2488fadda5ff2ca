//! The checks that did not pass: one block each, with the steps that show why. A check that fell
//! with another stands below it, in a line or two.

use std::borrow::Cow;

use checks::{Interleaving, Record, Verdict};

use super::{
    super::{
        interleaving::draw,
        page::{Page, Role, Span},
        run::{Outcome, Standing},
        story,
        visible::visible,
        words::Words,
    },
    Graded, View,
};

/// A report that is longer than this gives only the reasons of further failures.
const ENOUGH: usize = 40;
/// The most lines of one block.
const BLOCK: usize = 25;
/// The most lines of the reason beside the title, and of the explanation: fewer above steps.
const HEADLINE: usize = 2;
const DETAIL: usize = 6;
const DETAIL_BESIDE_STEPS: usize = 4;
/// The most lines of what the program printed: fewer beside an interleaving.
const PRINTED: usize = 5;
const PRINTED_BESIDE_STEPS: usize = 3;
/// The most lines of what follows from an interleaving.
const CONCLUSION: usize = 4;

pub(super) fn show(graded: &Graded<'_>, page: &mut Page) {
    let mut drawn = false;
    let open = graded
        .outcomes
        .iter()
        .filter(|outcome| outcome.standing == Standing::Open);
    let heads: Vec<&Outcome<'_>> = graded.roots().chain(open).collect();
    for root in &heads {
        page.blank();
        let first = page.len();
        head(graded, root, page);
        match steps(root) {
            _ if first > ENOUGH && root.standing == Standing::Lost => more(graded, root, page),
            Some(steps) if !drawn => {
                drawn = true;
                block_with_steps(graded, root, &steps, first, page);
            }
            steps => block(graded, root, steps.as_deref(), page),
        }
        for outcome in graded
            .outcomes
            .iter()
            .filter(|it| it.standing.because_of(root.check))
        {
            fallen(graded, outcome, page);
        }
    }
    for outcome in &graded.outcomes {
        if !heads
            .iter()
            .any(|root| outcome.standing.because_of(root.check))
        {
            fallen(graded, outcome, page);
        }
    }
}

/// A check that passed, with the steps of the run that was made again.
pub(super) fn stepped(graded: &Graded<'_>, outcome: &Outcome<'_>, page: &mut Page) {
    page.blank();
    let first = page.len();
    head(graded, outcome, page);
    if let Some(steps) = steps(outcome) {
        block_with_steps(graded, outcome, &steps, first, page);
    }
}

/// What shows step by step why it came to this: of processes, or of threads under the model.
fn steps<'a>(outcome: &Outcome<'a>) -> Option<Cow<'a, Interleaving>> {
    let record = outcome.record;
    let of_threads = || record.story.as_ref().map(story::steps).map(Cow::Owned);
    let of_processes = record.interleaving.as_ref().map(Cow::Borrowed);
    of_processes.or_else(of_threads)
}

/// Verdict, check, points, reason.
fn head(graded: &Graded<'_>, outcome: &Outcome<'_>, page: &mut Page) {
    let words = graded.view.words;
    let role = match outcome.standing {
        Standing::Open => Role::Open,
        Standing::Earned => Role::Good,
        _ => Role::Bad,
    };
    page.label(role, (words.verdict)(outcome.record.verdict));
    let headline = outcome.record.headline.as_ref();
    let reason = headline.map_or_else(
        || (words.reason)(outcome.record.verdict),
        |headline| graded.view.lang.pick(headline),
    );
    let title = if outcome.standing == Standing::Earned && headline.is_none() {
        passed(graded, outcome)
    } else {
        titled(graded, outcome, reason)
    };
    page.text_within(Role::Strong, &title, HEADLINE);
}

/// A check that passed: its title and what it is worth.
pub(super) fn passed(graded: &Graded<'_>, outcome: &Outcome<'_>) -> String {
    let title = visible(graded.view.lang.pick(&outcome.check.title), false);
    format!("{title} {}", outcome.check.points)
}

fn titled(graded: &Graded<'_>, outcome: &Outcome<'_>, reason: &str) -> String {
    let title = graded.view.lang.pick(&outcome.check.title);
    let points = outcome.check.points;
    let colon = graded.view.words.colon;
    match outcome.standing {
        // "0/10" would say that points were lost.
        Standing::Open => format!("{title} -/{points}{colon}{reason}"),
        _ => format!("{title} {}/{points}{colon}{reason}", outcome.earned()),
    }
}

fn detail(graded: &Graded<'_>, record: &Record, limit: usize, page: &mut Page) {
    let lang = graded.view.lang;
    let mut paragraphs: Vec<&str> = record.detail.iter().map(|text| lang.pick(text)).collect();
    let title = record.story.as_ref().and_then(|story| story.title.as_ref());
    // What the check says of it may be the story's own title.
    let title = title.map(|title| lang.pick(title));
    paragraphs.extend(title.filter(|title| !paragraphs.contains(title)));
    page.text_within(Role::Plain, &paragraphs.join("\n"), limit);
}

/// `first` is the line at which the block begins.
fn block_with_steps(
    graded: &Graded<'_>,
    outcome: &Outcome<'_>,
    steps: &Interleaving,
    first: usize,
    page: &mut Page,
) {
    let View { lang, words, .. } = graded.view;
    detail(graded, outcome.record, DETAIL_BESIDE_STEPS, page);

    // What stands below the steps comes first, to know how much room is left to them.
    let mut below = page.beside();
    below.text_within(Role::Plain, lang.pick(&steps.conclusion), CONCLUSION);
    let output = outcome.record.printed.as_deref().unwrap_or_default();
    printed(output, PRINTED_BESIDE_STEPS, words, &mut below);

    page.blank();
    let room = BLOCK.saturating_sub(page.len() - first + below.len());
    for line in draw(steps, lang, words, page.inner(), room) {
        page.line(line);
    }
    page.append(below);
}

fn block(
    graded: &Graded<'_>,
    outcome: &Outcome<'_>,
    steps: Option<&Interleaving>,
    page: &mut Page,
) {
    detail(graded, outcome.record, DETAIL, page);
    if let Some(steps) = steps {
        page.text_within(
            Role::Plain,
            graded.view.lang.pick(&steps.conclusion),
            CONCLUSION,
        );
        more(graded, outcome, page);
    }
    if let Some(timeline) = &outcome.record.timeline {
        page.blank();
        for line in timeline.picture().lines() {
            page.line(vec![Span::plain(&visible(line, false))]);
        }
        page.blank();
    }
    if outcome.record.verdict == Verdict::GraderError {
        page.text(Role::Plain, graded.view.words.not_to_blame);
    }
    let output = outcome.record.printed.as_deref().unwrap_or_default();
    printed(output, PRINTED, graded.view.words, page);
}

/// The command that shows what is not shown here, if there is anything.
fn more(graded: &Graded<'_>, outcome: &Outcome<'_>, page: &mut Page) {
    let record = outcome.record;
    if steps(outcome).is_some() || record.printed.is_some() || !record.detail.is_empty() {
        let command = graded.command().check(&outcome.check.name);
        page.text(Role::Plain, &(graded.view.words.more_elsewhere)(&command));
    }
}

/// A check that fell with another one.
fn fallen(graded: &Graded<'_>, outcome: &Outcome<'_>, page: &mut Page) {
    let words = graded.view.words;
    let pick = |text| graded.view.lang.pick(text);
    match outcome.standing {
        Standing::Withheld { needs } => {
            let open = graded.view.run.is_open(&needs.name);
            let reason = (words.not_apart)(pick(&needs.title), open);
            page.blank();
            page.label(Role::Bad, words.withheld);
            page.text_within(Role::Strong, &titled(graded, outcome, &reason), HEADLINE);
        }
        Standing::Follows { needs } => {
            page.blank();
            head(graded, outcome, page);
            page.text(Role::Plain, &(words.repair_first)(pick(&needs.title)));
        }
        _ => {}
    }
}

/// The end of what a program printed, each line behind a bar: nothing that a program prints can
/// pass for a line of the report.
pub(super) fn printed(output: &str, limit: usize, words: &Words, page: &mut Page) {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    if lines.is_empty() {
        return;
    }
    let shown = &lines[lines.len().saturating_sub(limit)..];
    page.text(Role::Plain, &(words.printed)(shown.len(), lines.len()));
    for line in shown {
        page.quote(line);
    }
}
