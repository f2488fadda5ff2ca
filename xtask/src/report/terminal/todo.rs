//! The table of functions that are not written yet, each with the checks that wait for it.

use super::{
    super::{
        page::{Page, Role, Span},
        visible::visible,
        width::{cells, cut, pad, pad_left},
    },
    Graded,
};
use crate::grader::events::Todo;

/// Between two columns.
const GAP: usize = 2;
/// The widest that a function's name gets.
const FUNCTION: usize = 32;
/// The least that is left to the names of checks.
const CHECKS: usize = 14;

pub(super) fn show(graded: &Graded<'_>, page: &mut Page) {
    let todos = graded.view.run.todos();
    if todos.is_empty() {
        return;
    }
    let [head, checks_head, points_head] = graded.view.words.todo_head;
    let places: Vec<String> = todos.iter().map(place).collect();
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let function = widest(
        &mut todos
            .iter()
            .map(|todo| cells(&todo.function))
            .chain([cells(head)]),
    );
    let function = function.min(FUNCTION);
    let place = widest(&mut places.iter().map(|place| cells(place)));
    let points = cells(points_head);
    let checks = page
        .inner()
        .saturating_sub(function + points + place + 3 * GAP)
        .max(CHECKS);
    let lists: Vec<Vec<String>> = todos
        .iter()
        .map(|todo| list(graded, todo, checks))
        .collect();
    let wanted = lists
        .iter()
        .flatten()
        .map(|line| cells(line))
        .chain([cells(checks_head)]);
    let checks = wanted.max().unwrap_or(0).min(checks);

    let row = |name: &str, list: &str, value: &str, place: &str| {
        let gap = " ".repeat(GAP);
        let name = pad(&cut(name, function), function);
        let list = pad(list, checks);
        format!(
            "{name}{gap}{list}{gap}{}{gap}{place}",
            pad_left(value, points)
        )
    };
    let checks_head = cut(checks_head, checks);
    page.blank();
    page.label(Role::Open, graded.view.words.todo);
    page.line(vec![Span::new(
        Role::Quiet,
        &row(head, &checks_head, points_head, ""),
    )]);
    for ((todo, place), list) in todos.iter().zip(&places).zip(&lists) {
        let mut list = list.iter().map(String::as_str);
        let first = list.next().unwrap_or_default();
        let points = todo.points.to_string();
        let name = visible(&todo.function, false);
        page.line(vec![Span::plain(&row(&name, first, &points, place))]);
        for line in list {
            page.line(vec![Span::plain(&row("", line, "", ""))]);
        }
    }
}

/// Empty if the place stands for the function.
fn place(todo: &Todo) -> String {
    let place = format!("{}:{}", visible(&todo.place.file, false), todo.place.line);
    if place == todo.function {
        String::new()
    } else {
        place
    }
}

/// The titles of the checks, in lines of at most `width` cells.
fn list(graded: &Graded<'_>, todo: &Todo, width: usize) -> Vec<String> {
    let title = |name: &String| {
        let check = graded.view.run.check(name);
        let title = check.map_or(name.as_str(), |check| graded.view.lang.pick(&check.title));
        visible(title, false).into_owned()
    };
    let comma = graded.view.words.list_comma;
    let mut lines: Vec<String> = Vec::new();
    for (at, name) in todo.checks.iter().enumerate() {
        let last = at + 1 == todo.checks.len();
        let item = if last {
            title(name)
        } else {
            title(name) + comma
        };
        match lines.last_mut() {
            Some(line) if cells(line) + cells(item.trim_end()) <= width => line.push_str(&item),
            _ => lines.push(item),
        }
    }
    lines
        .iter()
        .map(|line| cut(line.trim_end(), width))
        .collect()
}
