//! Memory as messages: a line for each thing, its values from the oldest to the newest, and behind a
//! value the threads that know of no newer one.

use story::Memory;

use super::{
    super::{
        page::{Line, Role, Span},
        visible::visible,
        width::{cells, cut, pad},
    },
    Board, name, widest,
};

/// Between two values.
const ARROW: &str = " -> ";
/// For the values that are left out, oldest first.
const MORE: &str = "...";
/// The widest that a name gets.
const NAME: usize = 20;

pub(super) fn draw(board: Board<'_>) -> Vec<Line> {
    let story = board.story;
    let memory = Memory::after(story, board.upto);
    // What the moment that has just happened was about.
    let touched = board
        .upto
        .checked_sub(1)
        .and_then(|last| story.moments.get(last)?.thing);
    let width = widest(story.things.iter().map(|thing| &*thing.name)).min(NAME);
    let line = |(thing, history): (usize, &Vec<story::Message>)| {
        let label = cut(&visible(&story.things[thing].name, false), width);
        let label = format!("  {}  ", pad(&label, width));
        let room = board.width.saturating_sub(cells(&label));
        let role = if touched == Some(thing) {
            Role::Strong
        } else {
            Role::Plain
        };
        if history.is_empty() {
            let words = cut(board.words().no_history, room);
            return vec![Span::new(role, &label), Span::new(Role::Quiet, &words)];
        }
        let values = values(board, &memory, thing, history);
        vec![
            Span::new(role, &label),
            Span::new(role, &newest(&values, room)),
        ]
    };
    memory.histories.iter().enumerate().map(line).collect()
}

/// Every value with who knows of no newer one: `false [T2]`.
fn values(
    board: Board<'_>,
    memory: &Memory,
    thing: usize,
    history: &[story::Message],
) -> Vec<String> {
    let known_by = |message: usize| {
        let knows = |thread: &usize| {
            let view = memory.views.get(*thread).and_then(Option::as_ref);
            view.and_then(|view| view.get(thing)) == Some(&message)
        };
        let threads = (0..board.story.threads.len()).filter(knows);
        let names = threads.map(|thread| name(board.story, thread));
        names.collect::<Vec<_>>().join(" ")
    };
    let value = |(at, message): (usize, &story::Message)| {
        let value = visible(&message.value, false);
        match known_by(at) {
            names if names.is_empty() => value.into_owned(),
            names => format!("{value} [{}]", visible(&names, false)),
        }
    };
    history.iter().enumerate().map(value).collect()
}

/// As many of the newest values as there is room for.
fn newest(values: &[String], room: usize) -> String {
    let mut first = values.len();
    let mut used = 0;
    while first > 0 {
        let next = cells(&values[first - 1]) + if first < values.len() { ARROW.len() } else { 0 };
        let kept = if first > 1 {
            MORE.len() + ARROW.len()
        } else {
            0
        };
        if used + next + kept > room {
            break;
        }
        (used, first) = (used + next, first - 1);
    }
    let shown = values[first..].join(ARROW);
    match first {
        0 => shown,
        _ if shown.is_empty() => cut(&values[values.len() - 1], room),
        _ => format!("{MORE}{ARROW}{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn the_newest_values_are_shown_as_far_as_there_is_room() {
        let values = ["0 [T1]", "1", "2 [T2]"].map(str::to_owned);
        assert_eq!(newest(&values, 40), "0 [T1] -> 1 -> 2 [T2]");
        assert_eq!(newest(&values, 20), "... -> 1 -> 2 [T2]");
        assert_eq!(newest(&values, 15), "... -> 2 [T2]");
        assert_eq!(newest(&values, 5), "2...");
        assert_eq!(newest(&[], 5), "");
    }
}
