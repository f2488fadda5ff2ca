//! What a box costs: a hundred of them, four at a time, at each level of isolation, beside a hundred
//! bare starts of the same program. Exits with 1 if boxes of the level *namespaces* take more than
//! twice the time of bare starts and half a second; what they took on one machine is in
//! `docs/measurements.md`.
//!
//! ```text
//! cargo bench -p arena --bench boxes            # 10 rounds
//! cargo bench -p arena --bench boxes -- 50
//! ```
//!
//! A *bare start* is what a box is added to: the same helper, which starts the same program at the
//! level *none*, hears its end and ends itself. The goal is a multiple of that. What the helper costs
//! by itself shows in the first line: the program, started and waited for by nobody but this one.
//!
//! The ways take turns, so that all of them meet the same moods of the machine. The first round is
//! not counted.

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use arena::{Arena, How, Level, Limits, Program, Settings};

const BOXES: usize = 100;
const AT_A_TIME: usize = 4;
const ROUNDS: usize = 10;

/// The first argument that makes this program the one in the boxes: it ends at once.
const PROGRAM: &str = "program";

/// For what ends by itself.
const LONG: Duration = Duration::from_secs(60);

/// Boxes may take so many times the time of bare starts, and so much longer.
const TIMES: u32 = 2;
const AND: Duration = Duration::from_millis(500);

fn main() -> io::Result<ExitCode> {
    if let Some(code) = arena::role() {
        return Ok(code);
    }
    if env::args().nth(1).as_deref() == Some(PROGRAM) {
        return Ok(ExitCode::SUCCESS);
    }
    let rounds = env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(ROUNDS);
    let this = env::current_exe()?;
    let mut out = io::stdout();
    let mut ways = vec![Way::new(None)];
    for (level, can) in arena::prospects() {
        match can {
            Ok(_) => ways.push(Way::new(Some(level))),
            Err(why) => writeln!(out, "not measured: {}: {why}", level.name())?,
        }
    }
    for round in 0..=rounds {
        for way in &mut ways {
            let time = way.hundred(&this)?;
            if round > 0 {
                way.times.push(time);
            }
        }
    }
    report(rounds, ways)
}

/// One way to start a hundred programs.
struct Way {
    /// `None`: without the arena.
    level: Option<Level>,
    times: Vec<Duration>,
}

impl Way {
    fn new(level: Option<Level>) -> Self {
        let times = Vec::new();
        Self { level, times }
    }

    fn name(&self) -> &'static str {
        self.level.map_or("fork and exec", Level::name)
    }

    /// How long it takes.
    fn hundred(&self, program: &PathBuf) -> io::Result<Duration> {
        let next = AtomicUsize::new(0);
        let began = Instant::now();
        let worker = || -> io::Result<()> {
            while next.fetch_add(1, Ordering::Relaxed) < BOXES {
                match self.level {
                    Some(level) => boxed(level, program)?,
                    None => started(program)?,
                }
            }
            Ok(())
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..AT_A_TIME).map(|_| scope.spawn(worker)).collect();
            workers.into_iter().try_for_each(|worker| {
                let gone = |_| Err(io::Error::other("a worker panicked"));
                worker.join().unwrap_or_else(gone)
            })
        })?;
        Ok(began.elapsed())
    }

    fn sorted(mut self) -> Option<(&'static str, [Duration; 3])> {
        self.times.sort_unstable();
        let middle = *self.times.get(self.times.len() / 2)?;
        let three = [*self.times.first()?, middle, *self.times.last()?];
        Some((self.name(), three))
    }
}

/// A box, a program in it, and the end of both.
fn boxed(level: Level, program: &PathBuf) -> io::Result<()> {
    let settings = Settings::new(Limits::default()).at(level).seeing(program);
    let mut arena = Arena::start(&settings).map_err(io::Error::other)?;
    let process = arena
        .spawn(&Program::new(program).arg(PROGRAM))
        .map_err(io::Error::other)?;
    let ended = arena.wait(process, LONG).map_err(io::Error::other)?;
    arena.finish().map_err(io::Error::other)?;
    match ended.how {
        How::Exited(0) => Ok(()),
        how => Err(io::Error::other(format!("{how:?}: {}", ended.printed))),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "what a start costs without the arena"
)]
fn started(program: &PathBuf) -> io::Result<()> {
    let mut program = Command::new(program);
    let status = program.arg(PROGRAM).stdin(Stdio::null()).status()?;
    match status.success() {
        true => Ok(()),
        false => Err(io::Error::other(status.to_string())),
    }
}

/// Prints the figures; the exit code says whether the goal is reached.
fn report(rounds: usize, ways: Vec<Way>) -> io::Result<ExitCode> {
    let mut out = io::stdout();
    let medians: Vec<_> = ways.into_iter().filter_map(Way::sorted).collect();
    let median_of = |level: Level| {
        let found = medians.iter().find(|(name, _)| *name == level.name());
        found.map(|(_, [_, median, _])| *median)
    };
    let bare = median_of(Level::None).unwrap_or_default();
    writeln!(
        out,
        "{rounds} rounds of {BOXES}, {AT_A_TIME} at a time, ms     min  median     max   median / none"
    )?;
    for (name, times) in &medians {
        let [min, median, max] = times.map(|time| time.as_secs_f64() * 1000.0);
        let ratio = median / (bare.as_secs_f64() * 1000.0);
        writeln!(
            out,
            "{name:38} {min:>7.0} {median:>7.0} {max:>7.0}   {ratio:.2}"
        )?;
    }
    let goal = TIMES * bare + AND;
    let Some(boxes) = median_of(Level::Namespaces) else {
        writeln!(out, "no boxes of the level namespaces on this machine")?;
        return Ok(ExitCode::SUCCESS);
    };
    let (verdict, code) = match boxes <= goal {
        true => ("reached", ExitCode::SUCCESS),
        false => ("missed", ExitCode::FAILURE),
    };
    writeln!(
        out,
        "goal: {TIMES} x none + {} ms = {} ms: {verdict}",
        AND.as_millis(),
        goal.as_millis()
    )?;
    Ok(code)
}
