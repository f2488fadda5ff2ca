//! A timeline as rows, time going down, a lane for each process. What the script needs beside the
//! words stands in attributes: which rows are calls of the student's own lines, until when a call
//! lasted, and which row led to which.

use std::collections::BTreeMap;

use maud::{Markup, html};
use probe::{Call, Event, Injection, Result, View, What};

use super::{Page, manual};

/// Rows that a browser leaves alone together while they are out of sight.
const CHUNK: usize = 100;

/// The lane of each process, in the order in which they come.
struct Lanes(BTreeMap<i32, usize>);

impl Lanes {
    fn of(events: &[Event]) -> Self {
        let mut lanes = BTreeMap::new();
        for event in events {
            if !matches!(event.what, What::Mark(_)) {
                let next = lanes.len();
                lanes.entry(event.process).or_insert(next);
            }
        }
        Self(lanes)
    }

    fn of_process(&self, process: i32) -> usize {
        self.0.get(&process).copied().unwrap_or(0)
    }

    /// From left to right.
    fn processes(&self) -> Vec<i32> {
        let mut all: Vec<(usize, i32)> = self.0.iter().map(|(id, lane)| (*lane, *id)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, process)| process).collect()
    }
}

/// The timeline with its tools. `id` is that of the section around it.
pub(super) fn widget(id: &str, view: &View, page: Page<'_>) -> Markup {
    let (words, events) = (page.trace(), &view.timeline.events);
    if events.is_empty() {
        return html! { p { (words.no_calls) } };
    }
    let lanes = Lanes::of(events);
    let links = serde_json::to_string(&view.timeline.links()).unwrap_or_default();
    html! {
        div.timeline
            data-id=(id)
            data-marked=[view.marked]
            data-links=(links)
            data-lanes=(lanes.0.len())
            data-counted=(words.counted)
            data-manual=(words.manual)
            data-leads=(words.leads_to)
            data-comes=(words.comes_from)
            data-start=(words.start)
            data-execute=(words.execute)
            data-wait=(words.wait)
            data-signal=(words.signal)
            data-data=(words.bytes)
        {
            div.tools {
                label {
                    (words.filter) " "
                    input.filter type="search" placeholder=(words.filter_by) autocomplete="off";
                }
                label { input.only-yours type="checkbox"; " " (words.only_yours) }
                label { input.arrows type="checkbox" checked; " " (words.arrows) }
                output.count {}
            }
            (legend(page))
            div.scroll {
                div.grid role="table" aria-rowcount=(events.len() + 1) {
                    div.head role="row" {
                        span.n role="columnheader" { (words.number) }
                        span.where role="columnheader" { (words.your_line) }
                        @for process in lanes.processes() {
                            span.lane role="columnheader" { ((words.process)(process)) }
                        }
                    }
                    div.body role="rowgroup" {
                        @for (chunk, some) in events.chunks(CHUNK).enumerate() {
                            div.chunk role="presentation" {
                                @for (index, event) in some.iter().enumerate() {
                                    (row(id, chunk * CHUNK + index, event, &lanes, view, page))
                                }
                            }
                        }
                    }
                }
            }
            div.detail role="status" {}
            p.keys { (words.keys) }
        }
    }
}

fn legend(page: Page<'_>) -> Markup {
    let words = page.trace();
    let kinds = [
        ("start", words.start),
        ("execute", words.execute),
        ("wait", words.wait),
        ("signal", words.signal),
        ("data", words.data),
    ];
    html! {
        ul.legend aria-hidden="true" {
            @for (kind, told) in kinds { li class=(kind) { (told) } }
        }
    }
}

fn row(id: &str, at: usize, event: &Event, lanes: &Lanes, view: &View, page: Page<'_>) -> Markup {
    let call = match &event.what {
        What::Call(call) => Some(call),
        _ => None,
    };
    let is_marked = view.marked == Some(at);
    let line = call.and_then(|call| call.line.as_ref());
    let source = line.and_then(|line| page.source(line));
    let class = class(event, is_marked, source.is_some());
    html! {
        div class=(class) role="row" tabindex="-1" id={ (id) "-" (at) }
            aria-rowindex=(at + 2)
            data-lane=(lanes.of_process(event.process))
            data-until=[call.and_then(|call| call.returned_at)]
            data-manual=[call.map(|call| manual::page_of(&call.name))]
            data-full=[call.map(full)]
        {
            span.n role="rowheader" { (at) }
            span.where role="cell" {
                @if let Some((place, line)) = &source { span.place { (place) } " " code { (line) } }
            }
            span.what role="cell" style={ "--lane:" (lanes.of_process(event.process)) } {
                @if !matches!(event.what, What::Mark(_)) {
                    span.aside { ((page.trace().process)(event.process)) ": " }
                }
                @if event.task != event.process {
                    span.thread { ((page.trace().thread)(event.task)) " " }
                }
                (words(event, page))
                @if is_marked { span.aside { " (" (page.trace().offending) ")" } }
            }
        }
    }
}

fn class(event: &Event, is_marked: bool, is_yours: bool) -> String {
    let mut class = String::from("row");
    match &event.what {
        What::Call(call) => {
            class.push_str(" call");
            if is_yours {
                class.push_str(" yours");
            }
            if matches!(call.result, Result::Failed { .. }) {
                class.push_str(" failed");
            }
        }
        What::Mark(_) => class.push_str(" mark"),
        _ => class.push_str(" event"),
    }
    if is_marked {
        class.push_str(" marked");
    }
    class
}

fn words(event: &Event, page: Page<'_>) -> Markup {
    let words = page.trace();
    html! {
        @match &event.what {
            What::Call(call) => {
                code { (call.brief()) }
                @if let Some(injection) = call.injected {
                    " " em { (injected(injection, page)) }
                }
            }
            What::Started { task, thread: true } => { "⤷ " ((words.started_thread)(*task)) }
            What::Started { task, .. } => { "⤷ " ((words.started_process)(*task)) }
            What::Executed { path } => { "▶ " ((words.executed)(path)) }
            What::Signalled { name } => { "⚡ " ((words.signalled)(name)) }
            What::Ended { how } => { "■ " ((words.ended)(how)) }
            What::Mark(name) => { "— " (name) " —" }
        }
    }
}

fn injected(injection: Injection, page: Page<'_>) -> String {
    let words = page.trace();
    match injection {
        Injection::Error(_) => words.made_to_fail.to_owned(),
        Injection::Short(bytes) => (words.made_short)(bytes),
        Injection::Delay(milliseconds) => (words.delayed)(milliseconds),
    }
}

/// Every argument by its name, whole.
fn full(call: &Call) -> String {
    let arguments = call
        .arguments
        .iter()
        .map(|argument| format!("{} = {}", argument.name, argument.value));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    format!("{}({arguments}) = {}", call.name, call.result)
}
