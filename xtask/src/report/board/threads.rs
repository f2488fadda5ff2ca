//! Every thread on a line: what it is about to do, and where.

use story::Story;

use super::{
    super::{
        page::{Line, Role, Span},
        visible::visible,
        width::{cut, pad},
    },
    Board, short, widest,
};

/// Between two columns.
const GAP: &str = "  ";

/// A thread in words.
struct Row {
    is_next: bool,
    ready: bool,
    name: String,
    state: String,
    place: String,
    source: String,
}

pub(super) fn draw(board: Board<'_>) -> Vec<Line> {
    let rows: Vec<Row> = (0..board.story.threads.len())
        .map(|thread| match board.standing.get(thread) {
            Some(_) => standing(board, thread),
            None => told(board, thread),
        })
        .collect();
    let column = |of: fn(&Row) -> &str| widest(rows.iter().map(of));
    let (name, state) = (column(|row| &row.name), column(|row| &row.state));
    let place = column(|row| &row.place);
    // The source line gives way first.
    let state = state.min((board.width / 2).max(12));
    let line = |row: &Row| {
        let mark = if row.is_next { "> " } else { "  " };
        let head = format!("{mark}{}{GAP}", pad(&row.name, name));
        let state = pad(&cut(&row.state, state), state);
        let rest = format!("{GAP}{}{GAP}{}", pad(&row.place, place), row.source);
        let room = board
            .width
            .saturating_sub(head.len() + super::cells(&state));
        let role = match (row.is_next, row.ready) {
            (true, _) => Role::Strong,
            (false, true) => Role::Plain,
            (false, false) => Role::Quiet,
        };
        vec![
            Span::new(role, &head),
            Span::new(role, &state),
            Span::new(role, &cut(&rest, room)),
        ]
    };
    rows.iter().map(line).collect()
}

/// As the position says.
fn standing(board: Board<'_>, thread: usize) -> Row {
    let it = &board.standing[thread];
    Row {
        is_next: false,
        ready: it.ready,
        name: name(board.story, thread),
        state: visible(board.lang.pick(&it.state), false).into_owned(),
        place: it.place.as_ref().map(short).unwrap_or_default(),
        source: visible(it.source.as_deref().unwrap_or_default(), false).into_owned(),
    }
}

/// As the story goes on from here.
fn told(board: Board<'_>, thread: usize) -> Row {
    let (story, words) = (board.story, board.words());
    let behind = story.moments.iter().enumerate().skip(board.upto);
    let next = behind.clone().find(|(_, moment)| moment.thread == thread);
    let is_next = next.is_some_and(|(at, _)| at == board.upto);
    let ending = story.threads[thread].ending.as_ref();
    let state = match (next, ending) {
        (Some(_), _) if is_next => words.acts_next,
        (Some(_), _) => words.goes_on,
        (None, Some(ending)) => board.lang.pick(ending),
        (None, None) if board.upto == 0 => words.not_begun,
        (None, None) => words.finished,
    };
    let moment = next.map(|(_, moment)| moment);
    let place = moment.and_then(|moment| moment.place.as_ref());
    let source = moment.and_then(|moment| moment.source.as_deref());
    Row {
        is_next,
        ready: next.is_some(),
        name: name(story, thread),
        state: visible(state, false).into_owned(),
        place: place.map(short).unwrap_or_default(),
        source: visible(source.unwrap_or_default(), false).into_owned(),
    }
}

fn name(story: &Story, thread: usize) -> String {
    visible(&super::name(story, thread), false).into_owned()
}
