//! The report that a program reads: one document, `interlock/result/v1`, written at the end. Every
//! key is always there; `null` or an empty list stands for what did not happen. The book's page
//! `result-format.md` explains each key, and a test holds the two together.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

use checks::{Interleaving, Place, Story, Text, Verdict};
use probe::View;
use serde::Serialize;

use super::{
    Report,
    run::{Failure, Outcome, Run, Standing, Start},
};
use arena::{Level, MemoryBound};

use crate::grader::events::{Built, Demo, Event, Finding, Grade, Origin, Score, Todo, Ungraded};

const SCHEMA: &str = "interlock/result/v1";

/// The report in JSON.
pub(crate) struct Json {
    out: Box<dyn Write + Send>,
    run: Run,
}

impl Json {
    /// A report that is written to `out` at the end.
    pub(crate) fn new(out: Box<dyn Write + Send>) -> Self {
        Self {
            out,
            run: Run::default(),
        }
    }
}

impl Report for Json {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.run.fold(event);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.run.is_empty() {
            return Ok(());
        }
        serde_json::to_writer_pretty(&mut self.out, &Document::of(&self.run))?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    lab: Option<Lab<'a>>,
    submission: Option<&'a str>,
    origin: Option<&'static str>,
    seed: Option<u64>,
    isolation: Option<Level>,
    memory: Option<MemoryBound>,
    build: Option<Build<'a>>,
    demo: Option<&'a Demo>,
    checks: Vec<Check<'a>>,
    score: Option<Points>,
    ungraded: Option<Open<'a>>,
    todos: &'a [Todo],
    grader_error: Option<GraderError<'a>>,
}

#[derive(Serialize)]
struct Lab<'a> {
    number: u32,
    name: &'a str,
    version: &'a str,
    checks_hash: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum BuildOutcome {
    Compiles,
    DoesNotCompile,
    CompilerStopped,
    Refused,
}

#[derive(Serialize)]
struct Build<'a> {
    outcome: BuildOutcome,
    seconds: Option<f64>,
    checks_built: Option<bool>,
    stopped: Option<&'a Text>,
    errors: usize,
    messages: &'a [String],
    note: Option<&'a Text>,
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct Check<'a> {
    name: &'a str,
    title: &'a Text,
    kind: &'a str,
    points: u32,
    earned: u32,
    verdict: Verdict,
    in_process: bool,
    withheld: bool,
    requires: &'a [String],
    headline: Option<&'a Text>,
    detail: &'a [Text],
    interleaving: Option<&'a Interleaving>,
    story: Option<&'a Story>,
    not_written: Option<&'a Place>,
    timeline: Option<String>,
    place: Option<&'a Place>,
    printed: Option<&'a str>,
    work: &'a [Text],
    measured: &'a BTreeMap<String, u64>,
    wall_ms: u64,
}

#[derive(Serialize)]
struct Points {
    earned: u32,
    gradable: u32,
    possible: u32,
    scaled: Option<u32>,
    provisional: bool,
    wall_ms: u64,
}

#[derive(Serialize)]
struct Open<'a> {
    policy: Ungraded,
    points: u32,
    checks: &'a [String],
}

#[derive(Serialize)]
struct GraderError<'a> {
    what: &'a str,
    log: Option<&'a PathBuf>,
}

impl<'a> Document<'a> {
    fn of(run: &'a Run) -> Self {
        let start = run.start.as_ref();
        Self {
            schema: SCHEMA,
            lab: start.map(Lab::of),
            submission: start.map(|start| start.origin.path()),
            origin: start.map(|start| kind(&start.origin)),
            seed: start.map(|start| start.seed),
            isolation: start.map(|start| start.isolation.level),
            memory: start.map(|start| start.isolation.memory),
            build: Build::of(run),
            demo: run.demo.as_ref(),
            checks: run.outcomes().iter().map(Check::of).collect(),
            score: run.score.as_ref().and_then(Points::of),
            ungraded: run.score.as_ref().map(Open::of),
            todos: run.todos(),
            grader_error: run.failure.as_ref().map(GraderError::of),
        }
    }
}

impl<'a> Lab<'a> {
    fn of(start: &'a Start) -> Self {
        let lab = &start.lab;
        Self {
            number: lab.number,
            name: &lab.name,
            version: &lab.version,
            checks_hash: &lab.checks_hash,
        }
    }
}

impl<'a> Build<'a> {
    fn of(run: &'a Run) -> Option<Self> {
        let build = |outcome| Self {
            outcome,
            seconds: None,
            checks_built: None,
            stopped: None,
            errors: 0,
            messages: &[],
            note: None,
            findings: &run.refused,
        };
        if !run.refused.is_empty() {
            return Some(build(BuildOutcome::Refused));
        }
        Some(match run.built.as_ref()? {
            Built::Ok {
                seconds,
                checks_built,
            } => Self {
                seconds: Some(*seconds),
                checks_built: Some(*checks_built),
                ..build(BuildOutcome::Compiles)
            },
            Built::DoesNotCompile {
                messages,
                errors,
                note,
            } => Self {
                messages,
                errors: *errors,
                note: note.as_ref(),
                ..build(BuildOutcome::DoesNotCompile)
            },
            Built::CompilerStopped { reason } => Self {
                stopped: Some(reason),
                ..build(BuildOutcome::CompilerStopped)
            },
        })
    }
}

impl<'a> Check<'a> {
    fn of(outcome: &Outcome<'a>) -> Self {
        let Outcome {
            check,
            record,
            wall,
            standing,
        } = *outcome;
        Self {
            name: &check.name,
            title: &check.title,
            kind: &check.kind,
            points: check.points,
            earned: outcome.earned(),
            verdict: record.verdict,
            in_process: record.in_process,
            withheld: matches!(standing, Standing::Withheld { .. }),
            requires: &check.requires,
            headline: record.headline.as_ref(),
            detail: &record.detail,
            interleaving: record.interleaving.as_ref(),
            story: record.story.as_ref(),
            not_written: record.not_written.as_ref(),
            timeline: record.timeline.as_ref().map(View::picture),
            place: record.place.as_ref(),
            printed: record.printed.as_deref(),
            work: &record.work,
            measured: &record.measured,
            wall_ms: milliseconds(wall),
        }
    }
}

impl Points {
    /// Nothing if there is no score: figures would be read as one.
    fn of(score: &Score) -> Option<Self> {
        let scaled = match score.grade {
            Grade::Refused => return None,
            Grade::Scaled { points } => Some(points),
            Grade::OfGradable | Grade::Provisional => None,
        };
        Some(Self {
            earned: score.earned,
            gradable: score.gradable,
            possible: score.possible,
            scaled,
            provisional: score.grade == Grade::Provisional,
            wall_ms: milliseconds(score.wall),
        })
    }
}

impl<'a> Open<'a> {
    fn of(score: &'a Score) -> Self {
        Self {
            policy: score.ungraded,
            points: score.open(),
            checks: &score.open,
        }
    }
}

impl<'a> GraderError<'a> {
    fn of(failure: &'a Failure) -> Self {
        Self {
            what: &failure.what,
            log: failure.log.as_ref(),
        }
    }
}

fn milliseconds(wall: Duration) -> u64 {
    u64::try_from(wall.as_millis()).unwrap_or(u64::MAX)
}

fn kind(origin: &Origin) -> &'static str {
    match origin {
        Origin::WorkingCopy { .. } => "working_copy",
        Origin::Reference { .. } => "reference",
        Origin::Folder { .. } => "folder",
        Origin::Patch { .. } => "patch",
        Origin::SingleFile { .. } => "single_file",
    }
}
