//! `cargo xtask play 19`: the student is the scheduler of a lab's program and tries to break it.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use anyhow::Context;

use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{
        board::{Board, Laid, lay},
        error::Error,
        isolation::{self, Author},
        lab::Lab,
        submission::{Submission, Wanted},
    },
    play::{Table, game::Game, input::Standard, plain::Plain, screen::Screen, walk::Walk},
    report::{Lang, list, page::Role, terminal::quoted},
};

pub(super) fn run(at_hand: &AtHand, options: &cli::Play) -> anyhow::Result<Exit> {
    let lab = Lab::open(&at_hand.repository, &options.lab)?;
    let wanted = wanted(options);
    let submission = Submission::read(&at_hand.repository, &lab, &wanted).map_err(Error::from)?;
    let author = match wanted {
        Wanted::Path(_) => Author::Stranger,
        Wanted::WorkingCopy | Wanted::Reference | Wanted::Known(_) => Author::Trusted,
    };
    let isolation = isolation::settle(options.isolation, author)?;
    let table = table(at_hand, &lab, &command(at_hand, &lab, options));
    if at_hand.style.progress {
        writeln!(io::stderr(), "{}", at_hand.words().building).ok();
    }
    let laid = lay(
        &at_hand.repository,
        &lab,
        &submission,
        isolation.level,
        at_hand.lang == Lang::Zh,
        &at_hand.interrupt,
    )?;
    let words = &at_hand.words().board;
    match laid {
        Laid::Board(board) => {
            play(at_hand, options, &lab, &table, board)?;
            Ok(Exit::Good)
        }
        Laid::Refused(findings) => {
            let told = findings.iter().map(|finding| {
                let (place, reason) = (&finding.place, at_hand.lang.pick(&finding.reason));
                format!("{}:{}: {}\n{reason}", place.file, place.line, finding.what)
            });
            refuse(at_hand, words.refused, &told.collect::<Vec<_>>(), &table)
        }
        Laid::DoesNotCompile { mut messages, note } => {
            messages.extend(note.map(|note| at_hand.lang.pick(&note).to_owned()));
            refuse(at_hand, words.does_not_compile, &messages, &table)
        }
        Laid::Stopped(stopped) => {
            let reason = stopped.reason();
            let told = (at_hand.words().compiler_stopped)(at_hand.lang.pick(&reason));
            refuse(at_hand, &told, &[], &table)
        }
    }
}

fn play(
    at_hand: &AtHand,
    options: &cli::Play,
    lab: &Lab,
    table: &Table,
    board: Board<'_>,
) -> anyhow::Result<()> {
    let mut game = Game::start(board, &lab.folder.folder, options.program.as_deref())?;
    let played = if is_interactive(options.plain) {
        let screen = Screen::open(&at_hand.interrupt, at_hand.style.colour);
        screen
            .context("the terminal cannot be used; --plain does without it")?
            .play(&mut game, table)
    } else {
        let is_terminal = io::stdin().is_terminal();
        let mut input = Standard::new(&at_hand.interrupt, is_terminal);
        let mut out = io::stdout().lock();
        Plain::new(table, at_hand.style, &mut out).play(&mut game, &mut input)
    };
    game.into_scheduler().clear();
    Ok(played?)
}

/// Steps through a run that a check has found or made again: key by key in a terminal, or else as
/// lines, all at once.
pub(super) fn step_through(
    at_hand: &AtHand,
    lab: &Lab,
    story: story::Story,
    plain: bool,
) -> anyhow::Result<()> {
    let table = table(at_hand, lab, "");
    let mut walk = Walk::new(story);
    if is_interactive(plain) {
        let screen = Screen::open(&at_hand.interrupt, at_hand.style.colour);
        screen
            .context("the terminal cannot be used; --plain does without it")?
            .walk(&mut walk, &table)?;
    } else {
        let mut out = io::stdout().lock();
        writeln!(out)?;
        Plain::new(&table, at_hand.style, &mut out).walk(&walk)?;
    }
    Ok(())
}

/// Whether somebody sits at a terminal that can show a screen.
fn is_interactive(plain: bool) -> bool {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    !plain && !is_dumb && io::stdin().is_terminal() && io::stdout().is_terminal()
}

fn wanted(options: &cli::Play) -> Wanted {
    match (&options.submission, &options.answer) {
        (Some(path), _) => Wanted::Path(path.clone()),
        (None, Some(name)) => Wanted::Known(name.clone()),
        (None, None) if options.reference => Wanted::Reference,
        (None, None) => Wanted::WorkingCopy,
    }
}

/// The command that grades what is played.
fn command(at_hand: &AtHand, lab: &Lab, options: &cli::Play) -> String {
    let submission = |path: &Path| {
        let path = at_hand.repository.relative(path);
        format!(" --submission {}", quoted(&path))
    };
    let origin = match (&options.submission, &options.answer) {
        (Some(path), _) => submission(path),
        (None, Some(name)) => {
            let path = lab.folder.path.join(name);
            match path.is_dir() {
                true => submission(&path),
                false => submission(&path.with_added_extension("patch")),
            }
        }
        (None, None) if options.reference => " --reference".to_owned(),
        (None, None) => String::new(),
    };
    format!("cargo xtask lab {}{origin}", lab.folder.number)
}

fn table(at_hand: &AtHand, lab: &Lab, command: &str) -> Table {
    let number = (at_hand.words().lab)(lab.folder.number);
    Table {
        lang: at_hand.lang,
        lab: format!("{number} {}", at_hand.lang.pick(&lab.manifest.title)),
        command: command.to_owned(),
    }
}

/// Why there is nothing to play, and what shows more.
fn refuse(
    at_hand: &AtHand,
    what: &str,
    messages: &[String],
    table: &Table,
) -> anyhow::Result<Exit> {
    let words = at_hand.words();
    let mut page = at_hand.page();
    page.label(Role::Bad, words.build);
    page.text(Role::Strong, what);
    for message in messages {
        page.blank();
        for line in message.trim_end().lines() {
            page.verbatim(&line.replace(|c: char| c.is_control() && c != '\t', "?"));
        }
    }
    page.blank();
    page.label(Role::Strong, words.next);
    let step = (table.command.clone(), words.board.see_report.to_owned());
    list(&[step], &mut page);
    at_hand.show(&page)?;
    Ok(Exit::PointsLost)
}
