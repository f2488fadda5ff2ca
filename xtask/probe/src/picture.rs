//! A piece of a timeline as text: a column for each process, a line for each event, one of them
//! marked. Behind a call stands the student's line that made it, if that is known.

use serde::{Deserialize, Serialize};

use crate::{Call, Event, Timeline, Value, What};

/// The most lines of a picture.
const LINES: usize = 20;

/// As wide as a report may be, less its margin.
const WIDTH: usize = 86;
/// Behind the line that is meant.
const MARK: &str = "  <--";
/// The most room for the name of a file and the number of its line.
const PLACE: usize = 20;

/// A timeline, and what to look at in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// All of it.
    pub timeline: Timeline,
    /// The event that matters, by its place.
    pub marked: Option<usize>,
}

impl View {
    /// The events around the marked one, as text.
    pub fn picture(&self) -> String {
        picture(&self.timeline, self.marked, LINES)
    }
}

/// At most so many lines around an event, or else from the end.
pub fn picture(timeline: &Timeline, marked: Option<usize>, lines: usize) -> String {
    let count = timeline.events.len();
    let middle = marked.unwrap_or(count);
    let first = middle.saturating_sub(lines * 2 / 3);
    let first = first.min(count.saturating_sub(lines));
    let shown = first..(first + lines).min(count);
    let mut processes: Vec<i32> = Vec::new();
    for event in &timeline.events[shown.clone()] {
        if !processes.contains(&event.process) && !matches!(event.what, What::Mark(_)) {
            processes.push(event.process);
        }
    }
    let columns = processes.len().max(1);
    let place_of = |at: usize| place(&timeline.events[at]);
    let longest = shown.clone().map(|at| place_of(at).chars().count()).max();
    let width = (WIDTH - MARK.len() - longest.unwrap_or(0)) / columns;
    let mut text = String::new();
    if columns > 1 {
        for process in &processes {
            text.push_str(&fit(&format!("process {process}"), width));
        }
        text = text.trim_end().to_owned() + "\n";
    }
    for at in shown {
        let event = &timeline.events[at];
        let column = processes.iter().position(|it| *it == event.process);
        let column = column.unwrap_or(0);
        let mut line = " ".repeat(width * column);
        line.push_str(&fit(&event.brief(), width));
        line.push_str(&" ".repeat(width * (columns - 1 - column)));
        line.push_str(&place_of(at));
        let mut line = line.trim_end().to_owned();
        if marked == Some(at) {
            line.push_str(MARK);
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The student's line of a call, `counter.rs:41`; nothing if it is not known.
fn place(event: &Event) -> String {
    let What::Call(Call { line: Some(at), .. }) = &event.what else {
        return String::new();
    };
    let place = at.brief();
    // The number is at the end, and says more than the begin of a long name.
    let excess = place.chars().count().saturating_sub(PLACE);
    place.chars().skip(excess).collect()
}

impl Event {
    /// What happened, the same in every language: `+ process 3`, `x exit 0`.
    pub fn brief(&self) -> String {
        match &self.what {
            What::Call(call) => call.brief(),
            What::Started { task, thread: true } => format!("+ thread {task}"),
            What::Started { task, .. } => format!("+ process {task}"),
            What::Executed { path } => format!("= {path}"),
            What::Signalled { name } => format!("! {name}"),
            What::Ended { how } => format!("x {how}"),
            What::Mark(name) => format!("-- {name} --"),
        }
    }
}

impl Call {
    /// The call as a line of a program, paths cut to their last part.
    pub fn brief(&self) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(|it| shown(&it.value)).collect();
        let injected = match self.injected {
            Some(_) => " (injected)",
            None => "",
        };
        let arguments = arguments.join(", ");
        format!("{}({arguments}) = {}{injected}", self.name, self.result)
    }
}

/// The last part of a path says enough.
fn shown(value: &Value) -> String {
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    match value {
        Value::Path(path) => format!("\"{}\"", last(path)),
        Value::Descriptor {
            number: libc::AT_FDCWD,
            ..
        } => "AT_FDCWD".to_owned(),
        Value::Descriptor {
            number,
            target: Some(target),
        } => format!("{number}<{}>", last(target)),
        other => other.to_string(),
    }
}

/// Cut or filled to a width, with two spaces to the next column.
fn fit(text: &str, width: usize) -> String {
    let room = width.saturating_sub(2);
    let mut fitted: String = text.chars().take(room).collect();
    if text.chars().count() > room {
        fitted.pop();
        fitted.push('…');
    }
    let missing = width.saturating_sub(fitted.chars().count());
    fitted + &" ".repeat(missing)
}
