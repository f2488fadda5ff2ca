//! `cargo xtask doctor`: what this machine can grade, and for each lack the remedy as a command.
//! With `--for`, what a host of other people's machines needs.

use std::io::{self, Write};

use arena::{Isolation, Level, MemoryBound};
use serde::Serialize;

use super::{AtHand, Exit};
use crate::{
    cli::{self, Host},
    grader::{
        error::Error,
        lab::Lab,
        machine::{
            Machine,
            diagnosis::{Effect, Fact, diagnose},
            labs::{Gradable, gradable},
        },
    },
    report::{
        Lang, list,
        page::{Page, Role, Span},
        width::cells,
        words::Piece,
    },
};

/// Between two facts on a line.
const GAP: &str = "   ";
/// The most labs that are listed with what they lack.
const LABS: usize = 4;
/// Before a command to copy.
const INDENT: &str = "    ";

/// The whole diagnosis as JSON.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// The strongest that can be had.
    isolation: Option<Isolation>,
    levels: Vec<Attempt<'a>>,
    facts: &'a [Fact],
    labs: &'a [Gradable],
    /// True if all labs can be graded.
    good: bool,
}

/// A level of isolation, and what came of setting it up.
#[derive(Serialize)]
struct Attempt<'a> {
    level: Level,
    memory: Option<MemoryBound>,
    /// Why it cannot be had.
    why: Option<&'a str>,
}

pub(super) fn run(at_hand: &AtHand, options: &cli::Doctor) -> anyhow::Result<Exit> {
    if let Some(host) = options.host {
        at_hand.show(&needs(at_hand, host))?;
        return Ok(Exit::Good);
    }
    let folders = at_hand.repository.labs().map_err(Error::from)?;
    let labs = folders
        .into_iter()
        .map(Lab::of)
        .collect::<Result<Vec<_>, _>>()?;
    let machine = Machine::look(arena::prospects());
    let facts = diagnose(&machine);
    let labs = gradable(&machine, &labs);
    let good = labs.iter().all(Gradable::is_whole);
    if options.json {
        let document = Document {
            schema: "interlock/doctor/v1",
            isolation: machine.isolation(),
            levels: machine.prospects().iter().map(Attempt::of).collect(),
            facts: &facts,
            labs: &labs,
            good,
        };
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &document)?;
        writeln!(out)?;
    } else {
        let width = at_hand.style.width;
        at_hand.show(&page(&machine, &facts, &labs, at_hand.lang, width))?;
    }
    Ok(if good { Exit::Good } else { Exit::PointsLost })
}

impl<'a> Attempt<'a> {
    fn of((level, prospect): &'a (Level, Result<Isolation, String>)) -> Self {
        Self {
            level: *level,
            memory: prospect.as_ref().ok().map(|isolation| isolation.memory),
            why: prospect.as_ref().err().map(String::as_str),
        }
    }
}

fn page(machine: &Machine, facts: &[Fact], labs: &[Gradable], lang: Lang, width: usize) -> Page {
    let words = lang.words();
    let told = &words.diagnosis;
    let mut page = Page::new(width);
    let is_fine = |fact: &&Fact| fact.effect == Effect::Nothing;
    page.label(Role::Good, (told.effect_label)(Effect::Nothing));
    let fine = facts.iter().filter(is_fine);
    several_to_a_line(fine.map(|fact| lang.pick(&fact.found)), &mut page);
    for fact in facts.iter().filter(|fact| !is_fine(fact)) {
        limited(fact, lang, &mut page);
    }
    page.blank();
    page.label(Role::Strong, told.level_label);
    let isolation = machine.isolation();
    let level = isolation.map(|isolation| told.isolation(isolation, words.semicolon));
    page.text(Role::Plain, level.as_deref().unwrap_or(told.no_level));

    let (whole, part): (Vec<_>, Vec<_>) = labs.iter().partition(|lab| lab.is_whole());
    page.label(Role::Strong, told.labs_label);
    page.text(Role::Plain, &(told.labs)(whole.len(), labs.len()));
    for lab in part.iter().take(LABS) {
        page.text(Role::Plain, &(told.ungradable)(lab));
    }
    if part.len() > LABS {
        page.text(Role::Quiet, &(told.more_labs)(part.len() - LABS));
    }
    if facts.iter().any(|fact| fact.remedy.is_some()) {
        page.blank();
        page.label(Role::Strong, words.next);
        let again = ("cargo xtask doctor".to_owned(), told.look_again.to_owned());
        list(&[again], &mut page);
    }
    page
}

/// What limits nothing needs no line of its own.
fn several_to_a_line<'a>(found: impl Iterator<Item = &'a str>, page: &mut Page) {
    let mut lines: Vec<String> = Vec::new();
    for item in found {
        match lines.last_mut() {
            Some(line) if cells(line) + GAP.len() + cells(item) <= page.inner() => {
                line.push_str(GAP);
                line.push_str(item);
            }
            _ => lines.push(item.to_owned()),
        }
    }
    for line in lines {
        page.line(vec![Span::plain(&line)]);
    }
}

/// A fact that limits something, what it limits, and at its end the command that helps.
fn limited(fact: &Fact, lang: Lang, page: &mut Page) {
    let role = match fact.effect {
        Effect::Ungradable => Role::Bad,
        _ => Role::Open,
    };
    page.label(role, (lang.words().diagnosis.effect_label)(fact.effect));
    page.text(Role::Strong, lang.pick(&fact.found));
    if let Some(limits) = &fact.limits {
        page.text(Role::Plain, lang.pick(limits));
    }
    if let Some(remedy) = &fact.remedy {
        copied(remedy, page);
    }
}

/// A command is never broken: it is there to be copied.
fn copied(command: &str, page: &mut Page) {
    page.line(vec![Span::plain(INDENT), Span::new(Role::Strong, command)]);
}

/// What a host needs, to be copied from.
fn needs(at_hand: &AtHand, host: Host) -> Page {
    let told = &at_hand.words().diagnosis;
    let (label, pieces) = match host {
        Host::Gradescope => ("Gradescope", told.gradescope),
        Host::Actions => ("Actions", told.actions),
    };
    let mut page = Page::with_gutter(at_hand.style.width, cells("Gradescope") + 2);
    page.label(Role::Strong, label);
    for piece in pieces {
        match piece {
            Piece::Say(words) => page.text(Role::Plain, words),
            Piece::Copy(command) => copied(command, &mut page),
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use checks::Text;

    use super::*;
    use crate::grader::machine::samples;

    fn shown(machine: &Machine, labs: &[Gradable], lang: Lang) -> String {
        let mut out = Vec::new();
        let page = page(machine, &diagnose(machine), labs, lang, 100);
        page.write(&mut out, false).expect("a Vec takes everything");
        String::from_utf8(out).expect("only text was written")
    }

    fn lab(ungradable: &[&str]) -> Gradable {
        Gradable {
            number: 12,
            name: "mmap".to_owned(),
            title: Text::same("mmap"),
            ungradable: ungradable.iter().map(|name| (*name).to_owned()).collect(),
            points: 70,
        }
    }

    #[test]
    fn a_fine_machine_takes_a_few_lines() {
        let shown = shown(&samples::fine(), &[lab(&[])], Lang::En);
        assert!(shown.lines().count() <= 6, "{shown}");
        assert!(shown.contains("Level     namespaces: "), "{shown}");
        assert!(shown.contains("all of 1 lab can be graded"), "{shown}");
    }

    #[test]
    fn the_worst_machine_takes_a_screen_and_no_command_is_broken() {
        let labs = vec![lab(&["every_interleaving"]); 28];
        for lang in [Lang::En, Lang::Zh] {
            let shown = shown(&samples::docker(), &labs, lang);
            assert!(shown.lines().count() <= 25, "{shown}");
            for fact in diagnose(&samples::docker()) {
                if let Some(remedy) = fact.remedy {
                    let whole = |line: &str| line.ends_with(&remedy);
                    assert!(shown.lines().any(whole), "{remedy}\n{shown}");
                }
            }
        }
    }
}
