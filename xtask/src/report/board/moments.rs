//! What has happened, a line for each moment: its number, the thread, the place, what it did. How it
//! departs from what a quiet machine would do stands above it.

use super::{
    super::{
        page::{Line, Role, Span},
        visible::visible,
        width::{cut, pad},
    },
    Board, name, short, widest,
};

/// Behind a moment that the title speaks of.
const MARK: &str = "  <--";

/// The last ones, in at most so many lines; how many are not shown is said on the first.
pub(super) fn last(board: Board<'_>, lines: usize) -> Vec<Line> {
    let all = since(board, 0);
    if all.len() <= lines {
        return all;
    }
    // A remark belongs to the moment below it, and is no moment of its own.
    let mut shown: Vec<Vec<Line>> = Vec::new();
    let mut room = lines.saturating_sub(1);
    let mut first = board.upto.min(board.story.moments.len());
    while let Some(before) = first.checked_sub(1) {
        let next = one(board, before);
        if next.len() > room {
            break;
        }
        (room, first) = (room - next.len(), before);
        shown.push(next);
    }
    let earlier = format!("... {}", (board.words().earlier)(first));
    let head = vec![Span::new(Role::Quiet, &cut(&earlier, board.width))];
    let shown = shown.into_iter().rev().flatten();
    std::iter::once(head).chain(shown).take(lines).collect()
}

/// Those behind number `from`.
pub(super) fn since(board: Board<'_>, from: usize) -> Vec<Line> {
    let upto = board.upto.min(board.story.moments.len());
    (from.min(upto)..upto)
        .flat_map(|at| one(board, at))
        .collect()
}

/// A moment, and the remark above it if it has one.
fn one(board: Board<'_>, at: usize) -> Vec<Line> {
    let (story, lang) = (board.story, board.lang);
    let moment = &story.moments[at];
    let mut lines = Vec::new();
    if let Some(deviation) = &moment.deviation {
        let remark = format!("     -- {} --", visible(lang.pick(deviation), false));
        lines.push(vec![Span::new(Role::Open, &cut(&remark, board.width))]);
    }
    let threads = widest(story.threads.iter().map(|thread| &*thread.name));
    let places: Vec<String> = story
        .moments
        .iter()
        .filter_map(|it| it.place.as_ref().map(short))
        .collect();
    let width = widest(places.iter().map(String::as_str));
    let place = moment.place.as_ref().map(short).unwrap_or_default();
    let is_guilty = story.guilty.contains(&at);
    let head = format!(
        "{:>3}  {}  {}  ",
        at + 1,
        pad(&visible(&name(story, moment.thread), false), threads),
        pad(&visible(&place, false), width),
    );
    let mark = if is_guilty { MARK } else { "" };
    let words = visible(lang.pick(&moment.words), false);
    let room = board.width.saturating_sub(super::cells(&head) + mark.len());
    let role = if is_guilty || at + 1 == board.upto {
        Role::Strong
    } else {
        Role::Plain
    };
    lines.push(vec![
        Span::new(Role::Quiet, &head),
        Span::new(role, &cut(&words, room)),
        Span::new(Role::Bad, mark),
    ]);
    lines
}
