//! The report that a person reads: words before colour, at most 100 columns, the next command at
//! its end. Everything is written at the end, since the order in which checks end is not an order
//! to read them in; until then a line of [`progress`](super::progress) says what is going on.

mod calls;
mod command;
mod failures;
mod head;
mod next;
mod passes;
mod score;
mod stopped;
mod style;
mod todo;

use std::io::{self, Write};

pub(crate) use self::{command::quoted, style::Style};

use self::command::Command;
use super::{
    Lang, Report,
    page::Page,
    progress::{Activity, Progress},
    run::{Outcome, Run, Standing, Start},
    words::Words,
};
use crate::grader::events::{Built, Event};

/// The report for a terminal, or for whatever else shows plain text.
pub(crate) struct Terminal {
    out: Box<dyn Write + Send>,
    style: Style,
    lang: Lang,
    /// Whether the demo's system calls are shown, if they were noted.
    calls: bool,
    run: Run,
    activity: Activity,
    progress: Option<Progress>,
}

impl Terminal {
    /// A report that is written to `out` at the end.
    pub(crate) fn new(out: Box<dyn Write + Send>, style: Style, lang: Lang) -> Self {
        let (run, activity) = (Run::default(), Activity::default());
        Self {
            out,
            style,
            lang,
            calls: false,
            run,
            activity,
            progress: None,
        }
    }

    /// It shows the system calls of the demo too.
    pub(crate) fn with_calls(mut self, calls: bool) -> Self {
        self.calls = calls;
        self
    }
}

impl Report for Terminal {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.run.fold(event);
        let lab = self.run.start.as_ref().map(|start| &start.lab);
        if let Some(message) = self
            .activity
            .after(event, lab, self.lang)
            .filter(|_| self.style.progress)
        {
            self.progress
                .get_or_insert_with(Progress::start)
                .say(message);
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.progress = None;
        if self.run.is_empty() {
            return Ok(());
        }
        let page = page(&self.run, self.lang, self.style.width, self.calls);
        page.write(&mut self.out, self.style.colour)?;
        self.out.flush()
    }
}

/// The whole report.
fn page(run: &Run, lang: Lang, width: usize, calls: bool) -> Page {
    let mut page = Page::new(width);
    let view = View {
        run,
        lang,
        words: lang.words(),
        calls,
    };
    match &run.start {
        Some(start) => Graded {
            view,
            start,
            outcomes: run.outcomes(),
        }
        .show(&mut page),
        None => stopped::grader_failed(&view, &mut page),
    }
    page
}

/// What every section is written from.
#[derive(Clone, Copy)]
struct View<'a> {
    run: &'a Run,
    lang: Lang,
    words: &'static Words,
    calls: bool,
}

/// A grading that has begun.
struct Graded<'a> {
    view: View<'a>,
    start: &'a Start,
    outcomes: Vec<Outcome<'a>>,
}

impl<'a> Graded<'a> {
    /// The order of the sections.
    fn show(&self, page: &mut Page) {
        head::show(self, page);
        if self.view.calls {
            calls::show(self, page);
        }
        if self.view.run.failure.is_some() {
            page.blank();
            stopped::grader_failed(&self.view, page);
        } else if !self.view.run.refused.is_empty() {
            stopped::refused(self, page);
            page.blank();
            score::show(self, page);
        } else if let Some(Built::DoesNotCompile {
            messages,
            errors,
            note,
        }) = &self.view.run.built
        {
            stopped::does_not_compile(self, messages, *errors, note.as_ref(), page);
            page.blank();
            score::show(self, page);
        } else if let Some(Built::CompilerStopped { reason }) = &self.view.run.built {
            stopped::compiler_stopped(self, reason, page);
            page.blank();
            score::show(self, page);
        } else {
            passes::show(self, page);
            failures::show(self, page);
            todo::show(self, page);
            page.blank();
            score::show(self, page);
        }
        page.blank();
        next::show(self, page);
    }

    fn command(&self) -> Command<'_> {
        Command::of(self.start)
    }

    /// The checks that were lost by themselves.
    fn roots(&self) -> impl Iterator<Item = &Outcome<'a>> {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.standing == Standing::Lost)
    }

    /// True for a starter on which no work has been done: it gets an outline instead of figures.
    fn is_untouched(&self) -> bool {
        let score = self.view.run.score.as_ref();
        score.is_some_and(|score| score.earned == 0 && !score.todos.is_empty())
    }
}
