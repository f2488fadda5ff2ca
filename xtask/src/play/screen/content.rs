//! What fills a screen: a title, parts one below the other, a line of keys. The part that tells what
//! has happened takes the room that the others leave; if they leave none, memory gives way.

use crate::{
    play::{
        Table,
        game::{Ending, Game, Round},
        plain::{replay_command, said_in},
        walk::Walk,
    },
    report::{
        board::Board,
        page::{Line, Role, Span},
        story::replay,
        width::wrap,
        words,
    },
};

/// Title, remark and keys.
const FIXED: usize = 3;
/// What has happened gets so many lines at least, its head included.
const HAPPENED: usize = 4;

/// What fills a screen.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) title: String,
    /// At the right end of the title's line.
    pub(super) aside: String,
    pub(super) parts: Vec<Part>,
    /// What is said of the last key.
    pub(super) said: &'static str,
    pub(super) keys: &'static str,
}

/// Lines below a head.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) head: String,
    pub(super) lines: Vec<Line>,
}

impl Part {
    fn height(&self) -> usize {
        1 + self.lines.len()
    }
}

impl Content {
    /// A game: its list of programs, or the program that is on the table.
    pub(super) fn of_game<S>(
        game: &Game<S>,
        picked: usize,
        table: &Table,
        width: usize,
        height: usize,
    ) -> Self {
        let words = words(table);
        let mut content = match &game.round {
            Some(round) => Self::of_round(round, game.memory, picked, table, width, height),
            None => Self::of_programs(&game.programs, picked, table, height),
        };
        content.said = game
            .said
            .map(|said| said_in(words, said))
            .unwrap_or_default();
        content
    }

    fn of_programs(programs: &[String], picked: usize, table: &Table, height: usize) -> Self {
        let words = words(table);
        let room = height.saturating_sub(FIXED + 1).max(1);
        // The one that is picked stays in sight.
        let first = (picked + 1).saturating_sub(room);
        let numbered = programs.iter().enumerate().skip(first).take(room);
        let line = |(at, program): (usize, &String)| {
            let (mark, role) = match at == picked {
                true => (">", Role::Strong),
                false => (" ", Role::Plain),
            };
            vec![Span::new(role, &format!("{mark}{:>2}  {program}", at + 1))]
        };
        Self {
            title: table.lab.clone(),
            parts: vec![Part {
                head: words.which_program.to_owned(),
                lines: numbered.map(line).collect(),
            }],
            keys: words.programs_keys,
            ..Self::default()
        }
    }

    fn of_round(
        round: &Round,
        memory: bool,
        picked: usize,
        table: &Table,
        width: usize,
        height: usize,
    ) -> Self {
        let (words, position) = (words(table), &round.position);
        let story = &position.story;
        let board = Board {
            story,
            upto: story.moments.len(),
            standing: &position.threads,
            lang: table.lang,
            width,
        };
        let told = |words: &str| part(words, board.title());
        let last = match (round.choice(), round.ending()) {
            (Some(choice), _) => part(
                table.lang.pick(&choice.question),
                board.options(choice, Some(picked)),
            ),
            (None, Some(Ending::Well)) => part("", text(Role::Good, words.over, width)),
            (None, Some(Ending::Unwritten)) => told(words.unwritten),
            (None, Some(Ending::Broken)) => {
                let mut part = told(words.broken);
                part.lines.extend(board.endings());
                let about = format!("{}:", words.replay_it);
                part.lines.push(vec![Span::plain(&about)]);
                part.lines.extend(replay_command(table, story, width));
                part
            }
            (None, None) => {
                let why = position.trouble.as_deref().unwrap_or_default();
                part("", text(Role::Bad, &(words.trouble)(why), width))
            }
        };
        let parts = arranged(board, memory, last, height);
        Self {
            title: (words.play_title)(&table.lab, &round.program),
            aside: (words.so_far)(story.moments.len()),
            parts,
            said: "",
            keys: if round.choice().is_none() {
                words.over_keys
            } else {
                words.play_keys
            },
        }
    }

    /// A run at one of its moments.
    pub(super) fn of_walk(walk: &Walk, table: &Table, width: usize, height: usize) -> Self {
        let (words, story) = (words(table), &walk.story);
        let board = Board {
            story,
            upto: walk.upto,
            standing: &[],
            lang: table.lang,
            width,
        };
        let mut lines = Vec::new();
        if walk.is_at_the_end() {
            lines = board.title();
            lines.extend(board.endings());
            if story.kind.is_none() {
                lines.extend(text(Role::Good, words.nothing_wrong, width));
            }
        }
        Self {
            title: (words.replay_title)(&table.lab, &replay(story)),
            aside: (words.moment)(walk.upto, story.moments.len()),
            parts: arranged(board, walk.memory, part(words.at_the_end, lines), height),
            said: "",
            keys: words.walk_keys,
        }
    }
}

/// Threads, memory, what has happened, and this at the end, as there is room.
fn arranged(board: Board<'_>, memory: bool, last: Part, height: usize) -> Vec<Part> {
    let words = &board.lang.words().board;
    let threads = part(words.threads, board.threads());
    let last = Some(last).filter(|last| !last.lines.is_empty());
    let taken = threads.height() + last.as_ref().map_or(0, Part::height);
    let room = height.saturating_sub(FIXED + taken);
    let head = format!("{} ({})", words.memory, words.memory_about);
    let memory = Some(part(&head, board.memory()))
        .filter(|it| memory && !it.lines.is_empty() && it.height() + HAPPENED <= room);
    let room = room.saturating_sub(memory.as_ref().map_or(0, Part::height));
    let happened = board.happened(room.saturating_sub(1));
    let mut happened = part(words.happened, happened);
    // The last part stands at the bottom, where it does not move.
    let missing = room.saturating_sub(happened.height());
    happened.lines.extend(vec![Vec::new(); missing]);
    [Some(threads), memory, Some(happened), last]
        .into_iter()
        .flatten()
        .collect()
}

fn part(head: &str, lines: Vec<Line>) -> Part {
    Part {
        head: head.to_owned(),
        lines,
    }
}

fn text(role: Role, text: &str, width: usize) -> Vec<Line> {
    let lines = wrap(text, width).into_iter();
    lines.map(|line| vec![Span::new(role, &line)]).collect()
}

fn words(table: &Table) -> &'static words::Board {
    &table.lang.words().board
}

#[cfg(test)]
mod tests;
