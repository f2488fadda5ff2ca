//! Draws the steps of several processes: a column per process, the watched value at the right,
//! remarks across. Source lines stand beside the steps if there is room for all of them, or else
//! once above the picture. Rows far from the one that matters are left out if there are too many,
//! and counted. Judges nothing: which row matters, the check has marked.

mod cell;
mod choice;

use checks::{Interleaving, Row, Step};

use self::{
    cell::{Cell, Detail},
    choice::keep,
};
use super::{
    lang::Lang,
    page::{Line, Role, Span},
    visible::visible,
    width::{cells, cut, pad, pad_left, wrap},
    words::Words,
};

/// Between two columns.
const GAP: usize = 2;
/// Behind the row to look at.
const MARK: &str = "  <--";
/// Before a remark.
const INDENT: usize = 3;
/// The most source lines above the picture.
const QUOTES: usize = 5;
/// The least room of a process's column before it loses words.
const NARROWEST: usize = 8;

/// The lines of the picture, at most `budget` of them if that is at all possible.
pub(super) fn draw(
    it: &Interleaving,
    lang: Lang,
    words: &Words,
    width: usize,
    budget: usize,
) -> Vec<Line> {
    let beside = Picture::new(it, lang, width, Detail::Source);
    if beside.fits {
        return beside.draw(words, budget);
    }
    let quotes = quotes(it, QUOTES.min(budget / 5));
    let mut lines: Vec<Line> = quotes
        .iter()
        .map(|step| {
            let quote = Cell::new(step, lang, Detail::Source).quote();
            vec![Span::new(Role::Quiet, &cut(&quote, width))]
        })
        .collect();
    if !lines.is_empty() {
        lines.push(Vec::new());
    }
    let budget = budget.saturating_sub(lines.len());
    let mut picture = Picture::new(it, lang, width, Detail::Place);
    // The file stands above the picture already.
    if !picture.fits && is_in_one_file(it) {
        picture = Picture::new(it, lang, width, Detail::Line);
    }
    lines.extend(picture.draw(words, budget));
    lines
}

fn is_in_one_file(it: &Interleaving) -> bool {
    let mut files = steps(it).filter_map(|(_, step)| Some(&step.place.as_ref()?.file));
    let first = files.next();
    files.all(|file| Some(file) == first)
}

/// The steps whose source lines are quoted, at most one for each line of the source: those nearest
/// to the marked row, in the order of the lines.
fn quotes(it: &Interleaving, most: usize) -> Vec<&Step> {
    let marked = it
        .rows
        .iter()
        .position(|row| matches!(row, Row::Step(step) if step.marked));
    let mut rows: Vec<(usize, &Step)> = steps(it).filter(|(_, it)| it.source.is_some()).collect();
    rows.sort_by_key(|(at, _)| at.abs_diff(marked.unwrap_or_default()));
    let mut quotes: Vec<&Step> = Vec::new();
    for (_, step) in rows {
        if quotes.len() < most && !quotes.iter().any(|other| other.place == step.place) {
            quotes.push(step);
        }
    }
    quotes.sort_by_key(|step| step.place.as_ref().map(|place| (&place.file, place.line)));
    quotes
}

fn steps(it: &Interleaving) -> impl Iterator<Item = (usize, &Step)> {
    it.rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| match row {
            Row::Step(step) => Some((at, step)),
            Row::Note(_) => None,
        })
}

/// An interleaving and its columns.
struct Picture<'a> {
    it: &'a Interleaving,
    lang: Lang,
    width: usize,
    detail: Detail,
    /// Whether nothing has to be cut.
    fits: bool,
    /// Whether a cell may go on over the columns at its right: nothing is watched there.
    runs_on: bool,
    tasks: Vec<usize>,
    watched: usize,
}

impl<'a> Picture<'a> {
    /// Columns as wide as their cells want; if there is no room, the widest give way first.
    fn new(it: &'a Interleaving, lang: Lang, width: usize, detail: Detail) -> Self {
        let values = steps(it).filter_map(|(_, step)| step.value.as_deref());
        let watched = values
            .chain([lang.pick(&it.watched)])
            .map(cells)
            .max()
            .unwrap_or(0);
        let watched = watched.min(width / 4);

        let mut tasks: Vec<usize> = it.tasks.iter().map(|task| cells(lang.pick(task))).collect();
        for (_, step) in steps(it) {
            if let Some(column) = tasks.get_mut(step.task) {
                *column = (*column).max(cells(&Cell::new(step, lang, detail).text()));
            }
        }
        let room = width.saturating_sub(watched + MARK.len() + GAP * tasks.len());
        let mut fits = tasks.iter().sum::<usize>() <= room;
        let runs_on = !fits && watched == 0 && detail != Detail::Source;
        if runs_on {
            fits = overlap(&mut tasks, width.saturating_sub(MARK.len() + GAP));
        }
        while tasks.iter().sum::<usize>() > room {
            match tasks.iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        Self {
            it,
            lang,
            width,
            detail,
            fits,
            runs_on,
            tasks,
            watched,
        }
    }

    fn draw(&self, words: &Words, budget: usize) -> Vec<Line> {
        let rows: Vec<Vec<Line>> = self.it.rows.iter().map(|row| self.row(row)).collect();
        let heights: Vec<usize> = rows.iter().map(Vec::len).collect();
        let kept = keep(&self.it.rows, &heights, budget.saturating_sub(1));

        let mut lines = vec![self.head()];
        let mut left_out = 0;
        for (row, kept) in rows.into_iter().zip(kept) {
            if kept {
                lines.extend(gap(left_out, words));
                lines.extend(row);
                left_out = 0;
            } else {
                left_out += 1;
            }
        }
        lines.extend(gap(left_out, words));
        lines
    }

    fn head(&self) -> Line {
        let heads = self.it.tasks.iter().zip(&self.tasks);
        let heads = heads.map(|(task, width)| {
            let task = visible(self.lang.pick(task), false);
            pad(&cut(&task, *width), width + GAP)
        });
        let watched = visible(self.lang.pick(&self.it.watched), false);
        let head = heads.chain([pad_left(&cut(&watched, self.watched), self.watched)]);
        vec![Span::new(Role::Strong, &head.collect::<String>())]
    }

    fn row(&self, row: &Row) -> Vec<Line> {
        match row {
            Row::Step(step) => vec![self.step(step)],
            Row::Note(text) => {
                let text = format!("-- {} --", visible(self.lang.pick(text), false));
                let lines = wrap(&text, self.width.saturating_sub(INDENT));
                let indent = " ".repeat(INDENT);
                let line = |line| vec![Span::new(Role::Open, &format!("{indent}{line}"))];
                lines.iter().map(line).collect()
            }
        }
    }

    fn step(&self, step: &Step) -> Line {
        let before: usize = self
            .tasks
            .iter()
            .take(step.task)
            .map(|width| width + GAP)
            .sum();
        let all: usize = self.tasks.iter().map(|width| width + GAP).sum();
        let room = match self.tasks.get(step.task) {
            Some(column) if !self.runs_on => *column,
            _ => all.saturating_sub(before + GAP),
        };
        let text = cut(&Cell::new(step, self.lang, self.detail).text(), room);
        let value = visible(step.value.as_deref().unwrap_or_default(), false);
        let value = pad_left(&cut(&value, self.watched), self.watched);
        let role = if step.marked {
            Role::Strong
        } else {
            Role::Plain
        };
        let mut line = vec![
            Span::plain(&" ".repeat(before)),
            Span::new(role, &pad(&text, all.saturating_sub(before))),
            Span::plain(&value),
        ];
        line.extend(step.marked.then(|| Span::new(Role::Bad, MARK)));
        line
    }
}

/// Columns that begin as far apart as all cells can have their whole width in; true if there is such
/// a distance.
fn overlap(tasks: &mut [usize], room: usize) -> bool {
    let Some((last, before)) = tasks.split_last_mut() else {
        return true;
    };
    let columns = before.len();
    let widest = |(at, cells): (usize, &usize)| room.checked_sub(*cells).map(|free| free / at);
    let others = before.iter().enumerate().skip(1);
    let distances = others.chain([(columns, &*last)]).filter(|(at, _)| *at > 0);
    let step = distances.map(widest).min().flatten().unwrap_or(room);
    let first_fits = before.first().is_none_or(|first| *first <= room);
    if step < NARROWEST || !first_fits {
        return false;
    }
    before.fill(step - GAP);
    *last = room - step * columns;
    true
}

fn gap(left_out: usize, words: &Words) -> Option<Line> {
    let text = format!(
        "{}... {} ...",
        " ".repeat(INDENT),
        (words.rows_left_out)(left_out)
    );
    (left_out > 0).then(|| vec![Span::new(Role::Quiet, &text)])
}
