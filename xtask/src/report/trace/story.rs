//! An execution under the model: rows like those of a timeline, a lane for each thread, and below
//! them memory as it is after the row that is picked. What the script needs to fold memory row by row
//! stands in attributes; without the script, the table below tells how memory is at the end.

use maud::{Markup, html};
use serde::Serialize;
use story::{Memory, Moment, Story};

use super::{
    super::story::{is_stuck, replay},
    Page, words,
};

/// Rows that a browser leaves alone together while they are out of sight.
const CHUNK: usize = 100;

/// A line of the grid.
enum Row {
    /// A remark on the moment below it.
    Remark(usize),
    Moment(usize),
}

/// How one row leads to another, as the script takes it.
#[derive(Serialize)]
struct Link {
    from: usize,
    to: usize,
    tie: Tie,
}

#[derive(Serialize)]
struct Tie {
    kind: &'static str,
}

/// A story, its rows, and the threads that have a lane.
struct Picture<'a> {
    story: &'a Story,
    rows: Vec<Row>,
    lanes: Vec<usize>,
    page: Page<'a>,
}

/// The story with its tools. `id` is that of the section around it.
pub(super) fn widget(id: &str, story: &Story, page: Page<'_>) -> Markup {
    Picture::new(story, page).draw(id)
}

impl<'a> Picture<'a> {
    fn new(story: &'a Story, page: Page<'a>) -> Self {
        let mut rows = Vec::new();
        for (at, moment) in story.moments.iter().enumerate() {
            rows.extend(moment.deviation.as_ref().map(|_| Row::Remark(at)));
            rows.push(Row::Moment(at));
        }
        let acts = |thread: &usize| story.moments.iter().any(|it| it.thread == *thread);
        Self {
            story,
            rows,
            lanes: (0..story.threads.len()).filter(acts).collect(),
            page,
        }
    }

    fn words(&self) -> &'static words::Board {
        &self.page.words.board
    }

    fn name(&self, thread: usize) -> String {
        let known = self.story.threads.get(thread);
        known.map_or_else(|| format!("T{thread}"), |known| known.name.clone())
    }

    /// The row in which a moment stands.
    fn row_of(&self, moment: usize) -> Option<usize> {
        let is_it = |row: &Row| matches!(row, Row::Moment(at) if *at == moment);
        self.rows.iter().position(is_it)
    }

    /// From each write to those reads of it that another thread made, and from whoever wakes to the
    /// next thing that the woken thread does.
    fn links(&self) -> Vec<Link> {
        let (story, mut links) = (self.story, Vec::new());
        let mut link = |from: usize, to: usize, kind| {
            if let (Some(from), Some(to)) = (self.row_of(from), self.row_of(to)) {
                links.push(Link {
                    from,
                    to,
                    tie: Tie { kind },
                });
            }
        };
        for (at, moment) in story.moments.iter().enumerate() {
            let writer = story.read_from(at);
            let other = |from: &usize| story.moments[*from].thread != moment.thread;
            if let Some(from) = writer.filter(other) {
                link(from, at, if moment.old { "old" } else { "reads" });
            }
            for woken in &moment.wakes {
                let mut later = story.moments.iter().enumerate().skip(at + 1);
                if let Some((to, _)) = later.find(|(_, it)| it.thread == *woken) {
                    link(at, to, "wakes");
                }
            }
        }
        links
    }

    fn draw(&self, id: &str) -> Markup {
        let (words, trace, story) = (self.words(), self.page.trace(), self.story);
        // Strings and numbers always become JSON.
        let links = serde_json::to_string(&self.links()).unwrap_or_default();
        let things = serde_json::to_string(&story.things).unwrap_or_default();
        let names: Vec<String> = (0..story.threads.len()).map(|it| self.name(it)).collect();
        let names = serde_json::to_string(&names).unwrap_or_default();
        let marked = story.guilty.first().and_then(|at| self.row_of(*at));
        html! {
            @if let Some(title) = &story.title {
                @for line in self.page.lang.pick(title).lines() { p.said { (line.trim()) } }
            }
            p { (words.page_about) }
            div.timeline.story
                data-id=(id)
                data-marked=[marked]
                data-links=(links)
                data-lanes=(self.lanes.len())
                data-things=(things)
                data-threads=(names)
                data-plain=(words.no_history)
                data-counted=(trace.counted)
                data-leads=(trace.leads_to)
                data-comes=(trace.comes_from)
                data-reads=(words.reads_from)
                data-old=(words.old_read)
                data-wakes=(words.wakes)
            {
                div.tools {
                    label {
                        (trace.filter) " "
                        input.filter type="search" placeholder=(self.filter_by()) autocomplete="off";
                    }
                    label { input.arrows type="checkbox" checked; " " (trace.arrows) }
                    output.count {}
                }
                ul.legend aria-hidden="true" {
                    @for (kind, told) in [
                        ("reads", words.reads_from), ("old", words.old_read), ("wakes", words.wakes),
                    ] { li class=(kind) { (told) } }
                    li.departs { (words.departs) }
                }
                div.scroll {
                    div.grid role="table" aria-rowcount=(self.rows.len() + 1) {
                        div.head role="row" {
                            span.n role="columnheader" { (trace.number) }
                            span.where role="columnheader" { (trace.your_line) }
                            @for lane in &self.lanes {
                                span.lane role="columnheader" { (self.name(*lane)) }
                            }
                        }
                        div.body role="rowgroup" {
                            @for (chunk, rows) in self.rows.chunks(CHUNK).enumerate() {
                                div.chunk role="presentation" {
                                    @for (index, row) in rows.iter().enumerate() {
                                        (self.row(id, chunk * CHUNK + index, row))
                                    }
                                }
                            }
                        }
                    }
                }
                div.detail role="status" {}
                (self.memory())
                @if is_stuck(story) {
                    h3 { (words.at_the_end) }
                    @for (at, thread) in story.threads.iter().enumerate() {
                        @if let Some(ending) = &thread.ending {
                            p.ending { strong { (self.name(at)) } " " (self.page.lang.pick(ending)) }
                        }
                    }
                }
                p.keys { (words.page_keys) }
                p.keys { (words.replay) (self.page.words.colon) code { "--replay " (replay(story)) } }
            }
        }
    }

    /// What could be typed to see less: a thread, and something that threads share.
    fn filter_by(&self) -> String {
        let thread = self.lanes.first().map(|lane| self.name(*lane));
        let thing = self.story.things.first().map(|thing| thing.name.clone());
        let both: Vec<String> = [thread, thing].into_iter().flatten().collect();
        both.join(self.page.words.list_comma)
    }

    fn row(&self, id: &str, at: usize, row: &Row) -> Markup {
        let (Row::Remark(number) | Row::Moment(number)) = *row;
        let moment = &self.story.moments[number];
        match (row, &moment.deviation) {
            (Row::Remark(_), Some(deviation)) => self.remark(id, at, moment, deviation),
            _ => self.moment(id, at, number),
        }
    }

    fn lane(&self, thread: usize) -> usize {
        let lane = self.lanes.iter().position(|lane| *lane == thread);
        lane.unwrap_or_default()
    }

    fn remark(&self, id: &str, at: usize, moment: &Moment, said: &story::Text) -> Markup {
        html! {
            div.row.mark.departs role="row" tabindex="-1" id={ (id) "-" (at) }
                aria-rowindex=(at + 2) data-lane=(self.lane(moment.thread))
            {
                span.n role="rowheader" {}
                span.where role="cell" {}
                span.what role="cell" style="--lane:0" { "◆ " (self.page.lang.pick(said)) }
            }
        }
    }

    fn moment(&self, id: &str, at: usize, number: usize) -> Markup {
        let moment = &self.story.moments[number];
        let is_marked = self.story.guilty.contains(&number);
        let lane = self.lane(moment.thread);
        let view = serde_json::to_string(&moment.view).unwrap_or_default();
        let mut class = String::from("row call yours");
        for (is, name) in [(is_marked, " marked failed"), (moment.old, " old")] {
            class.push_str(if is { name } else { "" });
        }
        html! {
            div class=(class) role="row" tabindex="-1" id={ (id) "-" (at) }
                aria-rowindex=(at + 2)
                data-lane=(lane)
                data-step=(number + 1)
                data-thread=(moment.thread)
                data-thing=[moment.thing]
                data-writes=[&moment.writes]
                data-view=(view)
            {
                span.n role="rowheader" { (number + 1) }
                span.where role="cell" {
                    @if let Some(place) = &moment.place {
                        span.place { (place.file) ":" (place.line) } " "
                    }
                    @if let Some(source) = &moment.source { code { (source) } }
                }
                span.what role="cell" style={ "--lane:" (lane) } {
                    span.aside { (self.name(moment.thread)) ": " }
                    code { (self.page.lang.pick(&moment.words)) }
                    @if is_marked { span.aside { " (" (self.words().guilty) ")" } }
                }
            }
        }
    }

    /// Memory at the end; the script puts in what it was after the row that is picked.
    fn memory(&self) -> Markup {
        let (words, story) = (self.words(), self.story);
        if story.things.is_empty() {
            return html! {};
        }
        let memory = Memory::after(story, story.moments.len());
        let knows = |thing: usize, message: usize| {
            let threads = (0..story.threads.len()).filter(|thread| {
                let view = memory.views.get(*thread).and_then(Option::as_ref);
                view.and_then(|view| view.get(thing)) == Some(&message)
            });
            threads.map(|thread| self.name(thread)).collect::<Vec<_>>()
        };
        html! {
            h3 { (words.memory_after[0]) span.step { (story.moments.len()) } (words.memory_after[1]) }
            p.keys { (words.memory_about) }
            div.scroll {
                table.memory {
                    @for (thing, history) in memory.histories.iter().enumerate() {
                        tr {
                            th scope="row" { code { (story.things[thing].name) } }
                            td {
                                @if history.is_empty() { span.plain { (words.no_history) } }
                                @for (message, value) in history.iter().enumerate() {
                                    span.value {
                                        code { (value.value) }
                                        @for name in knows(thing, message) { span.knows { (name) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
