//! Game and walk in a terminal's own interface: keys, and a screen that is drawn anew after each.
//!
//! The terminal is put back as it was when the screen is dropped, at Ctrl-C, and at a panic, before
//! that is told.

mod content;
mod widget;

use std::{io, os::fd::AsFd, time::Duration};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::termios::{LocalFlags, SetArg, SpecialCharacterIndices, tcgetattr, tcsetattr},
};
use ratatui::{
    DefaultTerminal,
    crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers},
};

use self::content::Content;
use super::{
    Table,
    game::{Action, Game, Scheduler},
    walk::{self, Walk},
};
use crate::grader::{error::Error, interrupt::Interrupt};

/// How often to look whether somebody wants this to end, in milliseconds.
const GLANCE: u8 = 100;

/// A terminal that shows nothing but this.
pub(crate) struct Screen<'a> {
    terminal: DefaultTerminal,
    interrupt: &'a Interrupt,
    colour: bool,
}

impl<'a> Screen<'a> {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// If it is none, or cannot do this.
    pub(crate) fn open(interrupt: &'a Interrupt, colour: bool) -> io::Result<Self> {
        let terminal = ratatui::try_init()?;
        // From here on the terminal is given back whatever happens.
        let screen = Self {
            terminal,
            interrupt,
            colour,
        };
        keep_signals()?;
        Ok(screen)
    }

    /// Plays until the player has enough.
    ///
    /// # Errors
    /// If the scheduler or the terminal fails, and at Ctrl-C.
    pub(crate) fn play<S: Scheduler>(
        &mut self,
        game: &mut Game<S>,
        table: &Table,
    ) -> Result<(), Error> {
        let mut picked = 0;
        loop {
            let (width, height) = self.size()?;
            let content = Content::of_game(game, picked, table, width, height);
            self.show(&content)?;
            let Some(key) = self.key()? else { continue };
            let options = options(game);
            let action = match key {
                KeyCode::Down => {
                    picked = (picked + 1).min(options.saturating_sub(1));
                    continue;
                }
                KeyCode::Up => {
                    picked = picked.saturating_sub(1);
                    continue;
                }
                KeyCode::Enter | KeyCode::Right => Some(Action::Number(picked + 1)),
                KeyCode::Left | KeyCode::Backspace => Some(Action::Undo),
                KeyCode::Esc => Some(Action::Quit),
                KeyCode::Char(letter) => Action::read(&letter.to_string()),
                _ => None,
            };
            picked = 0;
            if !game.act(action)? {
                return Ok(());
            }
        }
    }

    /// Steps through a run until whoever does it has enough.
    ///
    /// # Errors
    /// If the terminal fails, and at Ctrl-C.
    pub(crate) fn walk(&mut self, walk: &mut Walk, table: &Table) -> Result<(), Error> {
        loop {
            let (width, height) = self.size()?;
            let content = Content::of_walk(walk, table, width, height);
            self.show(&content)?;
            let action = match self.key()? {
                Some(
                    KeyCode::Right | KeyCode::Down | KeyCode::Enter | KeyCode::Char(' ' | 'n'),
                ) => walk::Action::Forward,
                Some(
                    KeyCode::Left | KeyCode::Up | KeyCode::Backspace | KeyCode::Char('b' | 'u'),
                ) => walk::Action::Back,
                Some(KeyCode::Home) => walk::Action::First,
                Some(KeyCode::End) => walk::Action::Last,
                Some(KeyCode::Char('s')) => walk::Action::Memory,
                Some(KeyCode::Esc | KeyCode::Char('q')) => walk::Action::Quit,
                _ => continue,
            };
            if !walk.act(action) {
                return Ok(());
            }
        }
    }

    fn size(&self) -> Result<(usize, usize), Error> {
        let size = self.terminal.size().map_err(failed)?;
        Ok((size.width.into(), size.height.into()))
    }

    fn show(&mut self, content: &Content) -> Result<(), Error> {
        let colour = self.colour;
        self.terminal
            .draw(|frame| frame.render_widget(widget::Drawn { content, colour }, frame.area()))
            .map_err(failed)?;
        Ok(())
    }

    /// The next key; `None` if something else happened, and the screen wants drawing.
    fn key(&self) -> Result<Option<KeyCode>, Error> {
        loop {
            if self.interrupt.is_raised() {
                return Err(Error::Interrupted);
            }
            if has_gone()? {
                // Nobody is left who could say more, and reading would find that again and again.
                return Err(Error::Interrupted);
            }
            if !event::poll(Duration::ZERO).map_err(failed)? {
                continue;
            }
            return match event::read().map_err(failed)? {
                Event::Key(key) if key.kind == KeyEventKind::Release => continue,
                Event::Key(key) if key.modifiers.contains(KeyModifiers::CONTROL) => {
                    match key.code {
                        KeyCode::Char('c') => Err(Error::Interrupted),
                        _ => continue,
                    }
                }
                Event::Key(key) => Ok(Some(key.code)),
                _ => Ok(None),
            };
        }
    }
}

/// Waits for a key or a glance long; whether the terminal was closed.
fn has_gone() -> Result<bool, Error> {
    let stdin = io::stdin();
    let mut keys = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    match poll(&mut keys, PollTimeout::from(GLANCE)) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(error) => return Err(failed(error.into())),
    }
    let seen = keys[0].revents().unwrap_or(PollFlags::empty());
    Ok(seen.intersects(PollFlags::POLLHUP | PollFlags::POLLERR))
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// How many things there are to choose from.
fn options<S>(game: &Game<S>) -> usize {
    match &game.round {
        Some(round) => round.choice().map_or(0, |choice| choice.options.len()),
        None => game.programs.len(),
    }
}

/// Ctrl-C stays a signal: it must also end the waiting for a program that never answers. The other
/// keys that send one do nothing.
fn keep_signals() -> io::Result<()> {
    let stdin = io::stdin();
    let mut mode = tcgetattr(&stdin)?;
    mode.local_flags.insert(LocalFlags::ISIG);
    for key in [
        SpecialCharacterIndices::VSUSP,
        SpecialCharacterIndices::VQUIT,
    ] {
        // Zero stands for no key.
        mode.control_chars[key as usize] = 0;
    }
    tcsetattr(&stdin, SetArg::TCSANOW, &mode)?;
    Ok(())
}

fn failed(error: io::Error) -> Error {
    Error::io("the terminal fails")(error)
}
