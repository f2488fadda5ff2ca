//! The report that is looked at instead of read: one page of HTML for `--trace=FILE.html`, with a
//! timeline of the demo's system calls, and what failed checks have to show: a timeline that is open
//! at the call in question, the steps of a race, or an execution of threads with its memory.
//!
//! The page is whole: styles and script are in it, and it loads nothing. Without the script it is a
//! list; the script filters it, draws arrows between its rows and lets the keyboard walk through it.

mod interleaving;
mod manual;
mod story;
mod timeline;

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use probe::SourceLine;

use super::{
    Report,
    lang::Lang,
    run::{Outcome, Run, Standing},
    words::{self, Words},
};
use crate::grader::events::{Event, Traced};

const STYLE: &str = include_str!("trace/style.css");
const SCRIPT: &str = include_str!("trace/script.js");

/// The report as a page.
pub(crate) struct Trace {
    out: Box<dyn Write + Send>,
    lang: Lang,
    run: Run,
}

/// What the page's parts are written with.
#[derive(Clone, Copy)]
struct Page<'a> {
    lang: Lang,
    words: &'static Words,
    /// The submitted files, by their paths.
    sources: &'a BTreeMap<String, String>,
}

impl Page<'_> {
    fn trace(self) -> &'static words::Trace {
        &self.words.trace
    }

    /// Where a line of the submission is, and the line without its indentation; nothing for lines
    /// of anything else that runs in a box.
    fn source(&self, at: &SourceLine) -> Option<(String, &str)> {
        let file = checks::submitted_path(&at.file);
        let text = self.sources.get(&file)?;
        let index = usize::try_from(at.line).ok()?.checked_sub(1)?;
        let line = text.lines().nth(index)?;
        Some((format!("{file}:{}", at.line), line.trim()))
    }
}

impl Trace {
    /// A page that is written to `out` at the end.
    pub(crate) fn new(out: Box<dyn Write + Send>, lang: Lang) -> Self {
        Self {
            out,
            lang,
            run: Run::default(),
        }
    }
}

impl Report for Trace {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.run.fold(event);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out
            .write_all(document(&self.run, self.lang).into_string().as_bytes())?;
        self.out.flush()
    }
}

/// The whole page.
fn document(run: &Run, lang: Lang) -> Markup {
    let none = BTreeMap::new();
    let (traced, sources) = match &run.traced {
        Some((traced, sources)) => (Some(traced), sources),
        None => (None, &none),
    };
    let page = Page {
        lang,
        words: lang.words(),
        sources,
    };
    let shown = run.outcomes().into_iter().filter(shows).collect::<Vec<_>>();
    let title = run.start.as_ref().map_or_else(String::new, |start| {
        let lab = (page.words.lab)(start.lab.number);
        format!("{lab} {}", lang.pick(&start.lab.title))
    });
    let is_of_threads = shown.iter().any(|outcome| outcome.record.story.is_some());
    let title = match is_of_threads {
        true => (page.words.board.page_title)(&title),
        false => (page.trace().title)(&title),
    };
    html! {
        (DOCTYPE)
        html lang=(page.trace().code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    (facts(run, page))
                }
                main {
                    @for outcome in &shown { (check(outcome, page)) }
                    @if let Some(traced) = traced { (demo(traced, shown.is_empty(), page)) }
                    @if shown.is_empty() && traced.is_none() { p { (page.trace().nothing) } }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn facts(run: &Run, page: Page<'_>) -> Markup {
    let Some(start) = &run.start else {
        return html! {};
    };
    html! {
        p.facts {
            span { (page.words.from) " " code { ((page.words.origin)(&start.origin)) } }
            " " span {
                (page.words.facts(start, None, None))
                @if run.is_in_process() { (page.words.comma) (page.words.board.in_process) }
            }
        }
    }
}

/// Whether a check has something that can be drawn.
fn shows(outcome: &Outcome<'_>) -> bool {
    let record = outcome.record;
    // A story of a check that passed was asked for by name.
    record.story.is_some()
        || outcome.standing != Standing::Earned
            && (record.timeline.is_some() || record.interleaving.is_some())
}

fn check(outcome: &Outcome<'_>, page: Page<'_>) -> Markup {
    let (record, id) = (outcome.record, format!("check-{}", outcome.check.name));
    html! {
        section id=(id) {
            h2 {
                span.verdict { ((page.words.verdict)(record.verdict)) } " "
                (page.lang.pick(&outcome.check.title))
                @if let Some(headline) = &record.headline {
                    (page.words.colon) (page.lang.pick(headline))
                }
            }
            @for paragraph in &record.detail { p { (page.lang.pick(paragraph)) } }
            @if let Some(steps) = &record.interleaving { (interleaving::table(steps, page)) }
            @if let Some(story) = &record.story { (story::widget(&id, story, page)) }
            @if let Some(view) = &record.timeline { (timeline::widget(&id, view, page)) }
        }
    }
}

fn demo(traced: &Traced, open: bool, page: Page<'_>) -> Markup {
    html! {
        section id="demo" {
            details open[open] {
                summary { h2 { (page.trace().demo) } }
                @match traced {
                    Traced::Cannot { why } => p { (page.lang.pick(why)) },
                    Traced::Seen { timeline } => {
                        p { (page.trace().about_demo) }
                        (timeline::widget("demo", &probe::View {
                            timeline: timeline.clone(),
                            marked: None,
                        }, page))
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod browser_tests;
#[cfg(test)]
mod story_tests;
#[cfg(test)]
mod tests;
