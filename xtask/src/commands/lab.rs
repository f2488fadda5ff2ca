//! `cargo xtask lab 12`: builds, executes and grades a submission, and shows it in every format
//! that was asked for.

use std::{
    fs::{self, File},
    hash::{BuildHasher, RandomState},
    io::{self, BufWriter, Write},
    path::Path,
};

use anyhow::Context;

use story::Story;

use super::{AtHand, Exit, play};
use crate::{
    cli::{self, Format, FormatKind},
    grader::{
        error::{Error, Mistake},
        events::{Event, Ungraded},
        grading::{Ending, Precautions, Request, grade},
        lab::Lab,
        submission::Wanted,
    },
    report::{
        Lang, Report,
        json::Json,
        terminal::{Style, Terminal},
        trace::Trace,
    },
};

/// A seed that nobody chose has this many values at most: short enough to type.
const SEEDS: u64 = 100_000;

pub(super) fn run(at_hand: &AtHand, options: &cli::Lab) -> anyhow::Result<Exit> {
    let lab = Lab::open(&at_hand.repository, &options.lab)?;
    let request = request(at_hand, &lab, options)?;
    let mut reports = reports(at_hand, options)?;
    let mut shown = Ok(());
    let mut began = false;
    let mut replayed = None;
    let ended = grade(
        &at_hand.repository,
        &lab,
        &request,
        &at_hand.interrupt,
        &mut |event| {
            began = true;
            if options.replay.is_some() {
                replayed = story_of(&event).or(replayed.take());
            }
            if shown.is_ok() {
                shown = show(&mut reports, &event);
            }
        },
    );
    // A grading that never began is told by its error alone.
    for report in reports.iter_mut().filter(|_| began) {
        let finished = report.finish();
        shown = shown.and(finished);
    }
    let ending = ended?;
    shown.context("the report cannot be written")?;
    if let Some(story) = replayed.filter(|_| says_it_here(options)) {
        play::step_through(at_hand, &lab, story, options.plain)?;
    }
    Ok(match ending {
        Ending::Full => Exit::Good,
        Ending::PointsLost => Exit::PointsLost,
        Ending::NoScore | Ending::GraderFailed => Exit::GraderFailed,
    })
}

/// The execution under the model that a check has made again.
fn story_of(event: &Event) -> Option<Story> {
    match event {
        Event::CheckFinished { record, .. } => record.story.clone(),
        _ => None,
    }
}

/// Whether standard output is for a person: no document that a program reads goes there.
fn says_it_here(options: &cli::Lab) -> bool {
    let mut to_here = options.format.iter().filter(|format| format.file.is_none());
    to_here.all(|format| format.kind == FormatKind::Terminal)
}

fn request(at_hand: &AtHand, lab: &Lab, options: &cli::Lab) -> Result<Request, Error> {
    let checks = match &options.replay {
        Some(replay) => vec![replayed(lab, replay, &options.check)?],
        None => options.check.clone(),
    };
    let wanted = match &options.submission {
        Some(path) => Wanted::Path(path.clone()),
        None if options.reference => Wanted::Reference,
        None => Wanted::WorkingCopy,
    };
    Ok(Request {
        wanted,
        checks,
        seed: options
            .seed
            .unwrap_or_else(|| RandomState::new().hash_one(()) % SEEDS),
        jobs: options.jobs.into(),
        ungraded: ungraded(options),
        replay: options.replay.clone(),
        trace: options.trace.is_some(),
        isolation: options.isolation,
        lang: match at_hand.lang {
            Lang::En => "en",
            Lang::Zh => "zh",
        },
        precautions: Precautions::default(),
    })
}

/// The check that makes a run again: the one that was named, or the one that an execution under the
/// model belongs to, `PROGRAM@2:17.1`.
fn replayed(lab: &Lab, replay: &str, named: &[String]) -> Result<String, Error> {
    if let Some((program, _)) = replay.split_once('@') {
        let of_model = || lab.manifest.checks.iter().flat_map(|check| &check.programs);
        return match lab.manifest.check_of(program) {
            Some(check) if named.iter().all(|name| *name == check.name) => Ok(check.name.clone()),
            Some(check) => Err(Mistake::ReplayOfOther {
                program: program.to_owned(),
                check: check.name.clone(),
            }
            .into()),
            None => Err(Mistake::UnknownProgram {
                lab: lab.folder.folder.clone(),
                name: program.to_owned(),
                all: of_model().cloned().collect(),
            }
            .into()),
        };
    }
    match named {
        [check] => Ok(check.clone()),
        _ => Err(Mistake::ReplayOfMany.into()),
    }
}

/// What was asked for; else a submission that somebody handed in gets a score of everything or none.
fn ungraded(options: &cli::Lab) -> Ungraded {
    match options.ungraded {
        _ if options.require_all => Ungraded::Refuse,
        Some(cli::Ungraded::Refuse) => Ungraded::Refuse,
        Some(cli::Ungraded::Scale) => Ungraded::Scale,
        Some(cli::Ungraded::Withhold) => Ungraded::Withhold,
        None if options.submission.is_some() => Ungraded::Refuse,
        None => Ungraded::Tell,
    }
}

/// A report for each format; the terminal's if none was asked for.
fn reports(at_hand: &AtHand, options: &cli::Lab) -> anyhow::Result<Vec<Box<dyn Report>>> {
    let formats = &options.format;
    let default = [Format {
        kind: FormatKind::Terminal,
        file: None,
    }];
    let formats = if formats.is_empty() {
        &default[..]
    } else {
        formats
    };
    if formats
        .iter()
        .filter(|format| format.file.is_none())
        .count()
        > 1
    {
        return Err(Error::from(Mistake::TwoOnStandardOutput).into());
    }
    let calls = matches!(options.trace, Some(None));
    let mut reports: Vec<Box<dyn Report>> = Vec::new();
    for format in formats {
        reports.push(report(at_hand, format, calls)?);
    }
    if let Some(Some(path)) = &options.trace {
        let out = Box::new(BufWriter::new(create(path)?));
        reports.push(Box::new(Trace::new(out, at_hand.lang)));
    }
    Ok(reports)
}

fn report(at_hand: &AtHand, format: &Format, calls: bool) -> anyhow::Result<Box<dyn Report>> {
    let (out, style): (Box<dyn Write + Send>, Style) = match &format.file {
        None => (Box::new(io::stdout()), at_hand.style),
        Some(path) => {
            let plain = Style {
                colour: false,
                width: 100,
                progress: false,
            };
            (Box::new(BufWriter::new(create(path)?)), plain)
        }
    };
    Ok(match format.kind {
        FormatKind::Terminal => Box::new(Terminal::new(out, style, at_hand.lang).with_calls(calls)),
        FormatKind::Json => Box::new(Json::new(out)),
    })
}

fn create(path: &Path) -> Result<File, Error> {
    let cannot = |source| {
        Error::from(Mistake::Unwritable {
            path: path.display().to_string(),
            source,
        })
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    File::create(path).map_err(cannot)
}

fn show(reports: &mut [Box<dyn Report>], event: &Event) -> io::Result<()> {
    reports
        .iter_mut()
        .try_for_each(|report| report.event(event))
}
