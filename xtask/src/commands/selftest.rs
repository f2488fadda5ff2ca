//! `cargo xtask selftest hostile`: every attack of `xtask/hostile` in a box of every level, and
//! whether it was stopped where the table says so. Nothing is graded here, and nothing of it is
//! part of `cargo test`: it starts bombs.

mod bait;
mod machine;
mod trial;

use std::path::PathBuf;

use anyhow::{Context, bail};
use arena::Level;
use checks::{Text, text};
use hostile::{Attack, Expected};

use self::{bait::Bait, trial::Trial};
use super::{AtHand, Exit};
use crate::{
    cli,
    grader::error::Error,
    report::{
        page::{Page, Role, Span},
        width::pad,
    },
};

pub(super) fn run(at_hand: &AtHand, options: &cli::Selftest) -> anyhow::Result<Exit> {
    let cli::Suite::Hostile = options.suite;
    let program = program()?;
    let wanted = |attack: &&Attack| {
        let only = options.only.as_deref();
        only.is_none_or(|only| attack.name.contains(only))
    };
    let attacks: Vec<&Attack> = hostile::attacks().filter(wanted).collect();
    let mut page = at_hand.page();
    let mut all_good = !attacks.is_empty();
    for (level, prospect) in arena::prospects() {
        if !is_wanted(level, &options.level) {
            continue;
        }
        let about = match prospect {
            Ok(_) => String::new(),
            Err(why) => {
                all_good &= options.level.is_empty();
                let not_here = text!("not on this machine: {why}"; "本机无法提供：{why}");
                at_hand.lang.pick(&not_here).to_owned()
            }
        };
        page.label(Role::Strong, level.name());
        if !about.is_empty() {
            page.text(Role::Open, &about);
            continue;
        }
        let mut trial = Trial::new(level, &program, Bait::lay(&at_hand.repository)?);
        for attack in &attacks {
            if at_hand.interrupt.is_raised() {
                bail!(Error::Interrupted);
            }
            let seen = trial.of(attack)?;
            let judged = Judged::of(attack, level, &seen);
            all_good &= judged != Judged::Failed;
            tell(attack, judged, &seen, at_hand, &mut page);
        }
    }
    at_hand.show(&page)?;
    Ok(if all_good {
        Exit::Good
    } else {
        Exit::GraderFailed
    })
}

/// All levels but *none*, at which attacks are known to reach the machine: that one must be named.
fn is_wanted(level: Level, named: &[Level]) -> bool {
    if named.is_empty() {
        level != Level::None
    } else {
        named.contains(&level)
    }
}

/// The program of the attacks, which cargo puts beside this one.
fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("this program has no path")?;
    let program = own.with_file_name("hostile");
    if !program.is_file() {
        bail!(
            "{} is missing: cargo build --package hostile",
            program.display()
        );
    }
    Ok(program)
}

/// What came of an attack, beside what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judged {
    Stopped,
    /// It was not stopped, and the table says so.
    Passed,
    /// It was not stopped, and should have been.
    Failed,
}

impl Judged {
    fn of(attack: &Attack, level: Level, seen: &hostile::Seen) -> Self {
        let expected = match level {
            Level::Namespaces => attack.namespaces,
            Level::Landlock => attack.landlock,
            Level::None => attack.none,
        };
        match expected {
            _ if attack.sign.is_in(seen) => Self::Stopped,
            Expected::Stopped(_) => Self::Failed,
            // A box that broke is never what was expected.
            _ if matches!(seen.end, hostile::End::Broken(_)) && level != Level::None => {
                Self::Failed
            }
            Expected::Passes(_) | Expected::Depends(_) => Self::Passed,
        }
    }

    fn words(self) -> Text {
        match self {
            Self::Stopped => text!("stopped"; "已阻止"),
            Self::Passed => text!("not stopped, as expected"; "未阻止（符合预期）"),
            Self::Failed => text!("NOT STOPPED"; "未阻止"),
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Stopped => Role::Good,
            Self::Passed => Role::Quiet,
            Self::Failed => Role::Bad,
        }
    }
}

/// A line: the attack, what came of it, and, if that was not expected, all that is known.
fn tell(attack: &Attack, judged: Judged, seen: &hostile::Seen, at_hand: &AtHand, page: &mut Page) {
    let words = judged.words();
    page.line(vec![
        Span::plain(&pad(attack.name, 24)),
        Span::new(judged.role(), at_hand.lang.pick(&words)),
    ]);
    if judged != Judged::Stopped {
        let left = seen.left.join(", ");
        page.text(
            Role::Quiet,
            &format!("{} {:?} {left}", seen.facts, seen.end),
        );
    }
}
