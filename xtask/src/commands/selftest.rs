//! `cargo xtask selftest hostile`: every attack of `xtask/hostile` in a box of every level, and
//! whether it came to what the table says. Programs are started in boxes as drivers are; files are
//! handed in and graded as any submission. Nothing of it is part of `cargo test`: it starts bombs.

mod attackers;
mod bait;
mod desk;
mod judged;
mod machine;
mod secrets;
mod trial;

use std::{path::PathBuf, time::Instant};

use arena::Level;
use hostile::{HandedIn, Kind};

use self::{
    bait::Bait,
    desk::Desk,
    judged::Judged,
    machine::{Machine, left},
    trial::Trial,
};
use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{
        error::{Error, Mistake},
        orphans,
    },
    report::{
        page::{Page, Role, Span},
        width::pad,
        words::{Counts, Hostile},
    },
};

/// The column of labels: the longest level's name, and a space.
const GUTTER: usize = 12;
/// The column of names.
const NAMES: usize = 34;

pub(super) fn run(at_hand: &AtHand, options: &cli::Selftest) -> anyhow::Result<Exit> {
    let cli::Suite::Hostile = options.suite;
    let started = Instant::now();
    let suite = Suite::of(at_hand, options)?;
    let before = Machine::look(&suite.program);
    let mut all = Counts::default();
    for (level, prospect) in arena::prospects() {
        if !is_wanted(level, &options.level) {
            continue;
        }
        match prospect {
            Ok(_) => add(&mut all, suite.at(level)?),
            Err(why) => {
                // What was asked for by name must not be left out.
                all.failed += usize::from(!options.level.is_empty());
                let told = (suite.words().not_here)(&why.to_string());
                suite.note(level.name(), Role::Open, &told)?;
            }
        }
    }
    // What still runs is told; then whatever was adopted is ended, as at the end of every command.
    let alive = left(&before, &Machine::look(&suite.program));
    orphans::reap();
    let mut left = left(&before, &Machine::look(&suite.program));
    left.extend(
        alive
            .into_iter()
            .filter(|thing| thing.starts_with("process ")),
    );
    let words = suite.words();
    if left.is_empty() {
        suite.note(words.machine_label, Role::Good, words.as_before)?;
    } else {
        let told = (words.left)(&left.join(", "));
        suite.note(words.machine_label, Role::Bad, &told)?;
    }
    let good = left.is_empty() && all.failed == 0 && all.all() > 0;
    let told = (words.done)(all.all(), all.failed, started.elapsed().as_secs());
    let role = if good { Role::Good } else { Role::Bad };
    suite.note(words.done_label, role, &told)?;
    Ok(if good { Exit::Good } else { Exit::GraderFailed })
}

/// All levels but *none*, at which attacks are known to reach the machine: that one must be named.
fn is_wanted(level: Level, named: &[Level]) -> bool {
    if named.is_empty() {
        level != Level::None
    } else {
        named.contains(&level)
    }
}

fn add(all: &mut Counts, more: Counts) {
    all.stopped += more.stopped;
    all.passed += more.passed;
    all.failed += more.failed;
}

/// What is to be tried, and with what.
struct Suite<'a> {
    at_hand: &'a AtHand,
    options: &'a cli::Selftest,
    /// The attacks that are programs, all in one.
    program: PathBuf,
    /// The attacks that are files, all of one kind together.
    handed_in: Vec<(Kind, Vec<HandedIn>)>,
}

impl<'a> Suite<'a> {
    fn of(at_hand: &'a AtHand, options: &'a cli::Selftest) -> anyhow::Result<Self> {
        let package = at_hand.repository.root().join("xtask/hostile");
        if !package.is_dir() {
            let path = at_hand.repository.relative(&package);
            return Err(Error::from(Mistake::NoHostileSuite { path }).into());
        }
        let mut handed_in = Vec::new();
        for kind in Kind::ALL {
            handed_in.push((kind, kind.all(&package)?));
        }
        let mut suite = Self {
            at_hand,
            options,
            program: PathBuf::new(),
            handed_in,
        };
        if let Some(only) = &options.only
            && !suite.wants_anything()
        {
            let only = only.clone();
            return Err(Error::from(Mistake::NoSuchAttack { only }).into());
        }
        suite.program = attackers::build(&at_hand.repository, &at_hand.interrupt)?;
        Ok(suite)
    }

    fn wants_anything(&self) -> bool {
        let programs = hostile::FAMILIES.iter().any(|(family, attacks)| {
            let mut names = attacks.iter().map(|attack| attack.name);
            names.any(|name| self.is_wanted(family, name))
        });
        let files = self.handed_in.iter().any(|(kind, files)| {
            let mut names = files.iter().map(|file| &file.name);
            names.any(|name| self.is_wanted(kind.folder(), name))
        });
        programs || files
    }

    /// Everything at one level, told family by family.
    fn at(&self, level: Level) -> anyhow::Result<Counts> {
        let mut all = Counts::default();
        let mut label = Some(level.name());
        let mut trial = Trial::new(level, &self.program, Bait::lay(&self.at_hand.repository)?);
        for (family, attacks) in hostile::FAMILIES {
            let mut lines = Lines::new(self, label);
            for attack in attacks
                .iter()
                .filter(|attack| self.is_wanted(family, attack.name))
            {
                self.go_on()?;
                let seen = trial.of(attack)?;
                let judged = Judged::of(attack, level, &seen);
                lines.tell(attack.name, judged, || judged::story(&seen));
            }
            add(&mut all, lines.finish(family, &mut label)?);
        }
        if level == Level::None {
            self.note("", Role::Open, self.words().no_box)?;
            return Ok(all);
        }
        let desk = Desk::open(self.at_hand, level, trial.bait())?;
        for (kind, files) in &self.handed_in {
            let mut lines = Lines::new(self, label);
            let mut wanted = files
                .iter()
                .filter(|file| self.is_wanted(kind.folder(), &file.name));
            let mut next = wanted.next();
            if next.is_some() {
                // Whoever fails the right answer too has caught nobody.
                let control = desk.right_answer(*kind)?;
                lines.tell(&control.name, control.judged, || control.story.clone());
            }
            while let Some(file) = next {
                self.go_on()?;
                for one in desk.hand_in(file)? {
                    lines.tell(&one.name, one.judged, || one.story.clone());
                }
                next = wanted.next();
            }
            add(&mut all, lines.finish(kind.folder(), &mut label)?);
        }
        Ok(all)
    }

    fn is_wanted(&self, family: &str, name: &str) -> bool {
        let only = self.options.only.as_deref();
        only.is_none_or(|only| name.contains(only) || family == only)
    }

    fn go_on(&self) -> Result<(), Error> {
        if self.at_hand.interrupt.is_raised() {
            return Err(Error::Interrupted);
        }
        Ok(())
    }

    fn words(&self) -> &'static Hostile {
        &self.at_hand.words().hostile
    }

    fn page(&self) -> Page {
        Page::with_gutter(self.at_hand.style.width, GUTTER)
    }

    /// A line, at once: whoever waits for bombs wants to see something.
    fn note(&self, label: &str, role: Role, told: &str) -> std::io::Result<()> {
        let mut page = self.page();
        page.label(Role::Strong, label);
        page.text(role, told);
        self.at_hand.show(&page)
    }
}

/// The lines of a family, while its attacks are made.
struct Lines<'a> {
    suite: &'a Suite<'a>,
    label: Option<&'static str>,
    page: Page,
    counts: Counts,
}

impl<'a> Lines<'a> {
    fn new(suite: &'a Suite<'a>, label: Option<&'static str>) -> Self {
        let page = suite.page();
        Self {
            suite,
            label,
            page,
            counts: Counts::default(),
        }
    }

    /// A line for what is not as expected, with all that is known; for everything if asked for.
    fn tell(&mut self, name: &str, judged: Judged, story: impl Fn() -> String) {
        match judged {
            Judged::Stopped => self.counts.stopped += 1,
            Judged::Passed => self.counts.passed += 1,
            Judged::Failed => self.counts.failed += 1,
        }
        if !self.suite.options.verbose && judged != Judged::Failed {
            return;
        }
        self.page.line(vec![
            Span::plain(&pad(&format!("  {name}"), NAMES)),
            Span::new(judged.role(), judged.told(self.suite.words())),
        ]);
        if judged != Judged::Stopped {
            self.page.text(Role::Quiet, &story());
        }
    }

    /// Shows the family; the first that has anything to show takes the label.
    fn finish(self, family: &str, label: &mut Option<&'static str>) -> std::io::Result<Counts> {
        if self.counts.all() == 0 {
            return Ok(self.counts);
        }
        *label = None;
        let words = self.suite.words();
        let mut page = self.suite.page();
        if let Some(label) = self.label {
            page.label(Role::Strong, label);
        }
        let role = match self.counts.failed {
            0 => Role::Plain,
            _ => Role::Bad,
        };
        page.line(vec![
            Span::plain(&pad((words.family)(family), NAMES)),
            Span::new(role, &(words.counts)(self.counts)),
        ]);
        page.append(self.page);
        self.suite.at_hand.show(&page)?;
        Ok(self.counts)
    }
}
