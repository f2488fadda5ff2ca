//! A piece of a timeline as text: a column for each process, a line for each event, one of them
//! marked.

use crate::{Call, Event, Timeline, Value, What};

/// As wide as a report may be, less its margin.
const WIDTH: usize = 86;
/// Behind the line that is meant.
const MARK: &str = "  <--";

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
    let width = (WIDTH - MARK.len()) / columns;
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
        let mut line = " ".repeat(width * column.unwrap_or(0));
        line.push_str(fit(&words(event), width).trim_end());
        if marked == Some(at) {
            line.push_str(MARK);
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn words(event: &Event) -> String {
    match &event.what {
        What::Call(call) => call_words(call),
        What::Started { task, thread: true } => format!("+ thread {task}"),
        What::Started { task, .. } => format!("+ process {task}"),
        What::Executed { path } => format!("= {path}"),
        What::Signalled { name } => format!("! {name}"),
        What::Ended { how } => format!("x {how}"),
        What::Mark(name) => format!("-- {name} --"),
    }
}

fn call_words(call: &Call) -> String {
    let arguments: Vec<String> = call.arguments.iter().map(|it| shown(&it.value)).collect();
    let injected = match call.injected {
        Some(_) => " (injected)",
        None => "",
    };
    let arguments = arguments.join(", ");
    format!("{}({arguments}) = {}{injected}", call.name, call.result)
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
