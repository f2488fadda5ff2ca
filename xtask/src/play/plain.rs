//! Game and walk as plain lines: for pipes, scripts, screen readers, and terminals that can do no
//! more. Everything is written below what was there before.

use std::io::{self, Write};

use super::{
    Input, Table,
    game::{Action, Ending, Game, Round, Said, Scheduler},
    walk::Walk,
};
use crate::{
    grader::error::Error,
    report::{
        board::Board,
        broken,
        page::{Line, Page, Role, Span},
        story::replay,
        terminal::{Style, quoted},
        words,
    },
};

/// The column that every line keeps free at its left.
const MARGIN: usize = 1;

/// Writes boards one below the other.
pub(crate) struct Plain<'a> {
    table: &'a Table,
    style: Style,
    out: &'a mut dyn Write,
}

impl<'a> Plain<'a> {
    pub(crate) fn new(table: &'a Table, style: Style, out: &'a mut dyn Write) -> Self {
        Self { table, style, out }
    }

    /// Plays until the player has enough, or there are no more lines.
    ///
    /// # Errors
    /// If the scheduler fails, or nothing can be written.
    pub(crate) fn play<S: Scheduler>(
        &mut self,
        game: &mut Game<S>,
        input: &mut dyn Input,
    ) -> Result<(), Error> {
        let words = self.words();
        // The program whose head and keys have been shown already.
        let mut shown: Option<String> = None;
        loop {
            let program = game.round.as_ref().map(|round| &round.program);
            let page = match &game.round {
                // A remark is enough if nothing else is new.
                Some(_) if is_only_said(game.said) => self.page(),
                Some(round) => self.round(round, game.memory, shown.as_ref() != program),
                None => self.programs(&game.programs),
            };
            shown = program.cloned();
            self.write(page, game.said)?;
            write!(self.out, "{}", words.prompt)
                .and_then(|()| self.out.flush())
                .map_err(unwritable)?;
            let Some(line) = input.line()? else {
                return writeln!(self.out).map_err(unwritable);
            };
            if !input.echoes() {
                writeln!(self.out, "{line}").map_err(unwritable)?;
            }
            if !game.act(Action::read(&line))? {
                return Ok(());
            }
        }
    }

    /// Every moment of a run, with memory after each of them.
    ///
    /// # Errors
    /// If nothing can be written.
    pub(crate) fn walk(&mut self, walk: &Walk) -> Result<(), Error> {
        let (words, story) = (self.words(), &walk.story);
        let mut page = self.page();
        let program = replay(story);
        head(&mut page, &(words.replay_title)(&self.table.lab, &program));
        for at in 0..=story.moments.len() {
            let board = self.board(story, at, &[]);
            page.blank();
            match at.checked_sub(1) {
                Some(before) => lines(&mut page, board.happened_since(before)),
                None => lines(&mut page, board.threads()),
            }
            lines(&mut page, board.memory());
        }
        let board = self.board(story, story.moments.len(), &[]);
        page.blank();
        if story.kind.is_none() {
            page.text(Role::Good, words.nothing_wrong);
        }
        lines(&mut page, board.title());
        lines(&mut page, board.endings());
        self.write(page, None)
    }

    fn words(&self) -> &'static words::Board {
        &self.table.lang.words().board
    }

    fn page(&self) -> Page {
        Page::with_gutter(self.style.width, MARGIN)
    }

    fn board<'b>(
        &self,
        story: &'b ::story::Story,
        upto: usize,
        standing: &'b [::story::Standing],
    ) -> Board<'b> {
        Board {
            story,
            upto,
            standing,
            lang: self.table.lang,
            width: self.style.width - MARGIN,
        }
    }

    fn programs(&self, programs: &[String]) -> Page {
        let words = self.words();
        let mut page = self.page();
        head(&mut page, words.which_program);
        for (at, program) in programs.iter().enumerate() {
            page.line(vec![Span::plain(&format!("{:>3}  {program}", at + 1))]);
        }
        page.text(Role::Quiet, words.line_programs);
        page
    }

    /// The board, with what has happened since the last choice.
    fn round(&self, round: &Round, memory: bool, is_first: bool) -> Page {
        let words = self.words();
        let (position, mut page) = (&round.position, self.page());
        let story = &position.story;
        let board = self.board(story, story.moments.len(), &position.threads);
        if is_first {
            head(
                &mut page,
                &(words.play_title)(&self.table.lab, &round.program),
            );
        }
        page.blank();
        lines(&mut page, board.happened_since(round.before));
        if let Some(why) = &position.trouble {
            page.text(Role::Bad, &(words.trouble)(why));
        } else {
            head(&mut page, words.threads);
            lines(&mut page, board.threads());
        }
        if memory && !story.things.is_empty() {
            head(
                &mut page,
                &format!("{} ({})", words.memory, words.memory_about),
            );
            lines(&mut page, board.memory());
        }
        if let Some(choice) = round.choice() {
            head(&mut page, self.table.lang.pick(&choice.question));
            lines(&mut page, board.options(choice, None));
        } else if let Some(ending) = round.ending() {
            page.blank();
            self.ended(ending, board, &mut page);
        }
        if is_first {
            page.text(Role::Quiet, words.line_keys);
        }
        page
    }

    fn ended(&self, ending: Ending, board: Board<'_>, page: &mut Page) {
        let words = self.words();
        match ending {
            Ending::Well => page.text(Role::Good, words.over),
            Ending::Unwritten => {
                page.text(Role::Strong, words.unwritten);
                lines(page, board.title());
            }
            Ending::Broken => {
                page.text(Role::Strong, words.broken);
                lines(page, board.title());
                lines(page, board.endings());
                page.text(Role::Plain, &format!("{}:", words.replay_it));
                lines(page, replay_command(self.table, board.story, board.width));
            }
        }
    }

    fn write(&mut self, mut page: Page, said: Option<Said>) -> Result<(), Error> {
        if let Some(said) = said {
            page.text(Role::Open, said_in(self.words(), said));
        }
        page.write(&mut self.out, self.style.colour)
            .map_err(unwritable)
    }
}

/// The command that grades exactly this run, as a shell takes it.
pub(super) fn replay_command(table: &Table, story: &::story::Story, width: usize) -> Vec<Line> {
    let command = format!("{} --replay {}", table.command, quoted(&replay(story)));
    let lines = broken(&command, width).into_iter();
    lines
        .map(|line| vec![Span::new(Role::Strong, &line)])
        .collect()
}

/// What is said, in words.
pub(super) fn said_in(words: &words::Board, said: Said) -> &'static str {
    match said {
        Said::NotUnderstood => words.not_understood,
        Said::NothingToUndo => words.nothing_to_undo,
        Said::AsksEverything => words.asks_everything,
        Said::AsksThreads => words.asks_threads,
    }
}

fn is_only_said(said: Option<Said>) -> bool {
    matches!(said, Some(Said::NotUnderstood | Said::NothingToUndo))
}

fn head(page: &mut Page, text: &str) {
    page.text(Role::Strong, text);
}

fn lines(page: &mut Page, lines: Vec<Line>) {
    for line in lines {
        page.line(line);
    }
}

fn unwritable(error: io::Error) -> Error {
    Error::io("standard output cannot be written")(error)
}

#[cfg(test)]
mod tests;
