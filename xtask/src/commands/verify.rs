//! `cargo xtask verify`: shows what the known answers of labs got, and whether each got what it is
//! kept for.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{
        error::Error,
        lab::Lab,
        markdown,
        verify::{
            AnswerOutcome, CheckOutcome, Options, Rebased, Step, Verified, dead_paths, rebase,
            verify, word,
        },
    },
};

/// Two answers are built at a time: more would only wait for the same two cores.
const BUILDERS: usize = 2;

/// The whole verification as JSON.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    labs: &'a [Verified],
    /// Paths in the repository's own texts that lead nowhere.
    problems: &'a [String],
    repeat: u32,
    load: u16,
    seed: u64,
    seconds: f64,
    good: bool,
}

pub(super) fn run(at_hand: &AtHand, options: &cli::Verify) -> anyhow::Result<Exit> {
    let labs = labs(at_hand, &options.labs)?;
    if options.rebase_patches {
        return rebase_all(at_hand, &labs);
    }
    let started = Instant::now();
    let mut out = io::stdout().lock();
    let mut verified = Vec::new();
    for lab in &labs {
        let one = verify_one(at_hand, lab, options)?;
        if !options.json {
            print(&mut out, &one, options)?;
        }
        verified.push(one);
    }
    let problems = match options.only {
        Some(_) => Vec::new(),
        None => {
            let files = markdown::of_the_repository(at_hand.repository.root());
            dead_paths(&at_hand.repository, &files)?
        }
    };
    let good = problems.is_empty() && verified.iter().all(Verified::is_good);
    let seconds = started.elapsed().as_secs_f64();
    if options.json {
        let document = Document {
            schema: "interlock/verify/v1",
            labs: &verified,
            problems: &problems,
            repeat: options.repeat,
            load: options.load,
            seed: options.seed,
            seconds,
            good,
        };
        serde_json::to_writer_pretty(&mut out, &document)?;
        writeln!(out)?;
    } else {
        for problem in &problems {
            writeln!(out, "FAIL    {problem}")?;
        }
        let words = if good {
            "every answer got what it should"
        } else {
            "see FAIL above"
        };
        let labs = if verified.len() == 1 {
            "1 lab".into()
        } else {
            format!("{} labs", verified.len())
        };
        writeln!(out, "Verified {labs} in {seconds:.0} s: {words}")?;
    }
    Ok(if good { Exit::Good } else { Exit::PointsLost })
}

fn labs(at_hand: &AtHand, names: &[String]) -> Result<Vec<Lab>, Error> {
    if names.is_empty() {
        return at_hand
            .repository
            .labs()?
            .into_iter()
            .map(Lab::of)
            .collect();
    }
    names
        .iter()
        .map(|name| Lab::open(&at_hand.repository, name))
        .collect()
}

fn verify_one(at_hand: &AtHand, lab: &Lab, options: &cli::Verify) -> Result<Verified, Error> {
    let thoroughly = Options {
        all: options.all,
        repeat: options.repeat,
        load: options.load.into(),
        jobs: options.jobs.into(),
        builders: BUILDERS,
        seed: options.seed,
        only: options.only.clone(),
    };
    // Drawn on standard error, and only if that is a terminal.
    let bar = ProgressBar::no_length().with_style(style());
    bar.enable_steady_tick(Duration::from_millis(200));
    let verified = verify(
        &at_hand.repository,
        lab,
        &thoroughly,
        &at_hand.interrupt,
        &mut |step| follow(&bar, &step),
    );
    bar.finish_and_clear();
    verified
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:10} {pos:>4} of {len:4} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn follow(bar: &ProgressBar, step: &Step<'_>) {
    match step {
        Step::Began { lab } => bar.set_message(format!("checks of {}", lab.folder.folder)),
        Step::Building { answers } => start(bar, "building", *answers),
        Step::Running { runs } => start(bar, "running", *runs),
        Step::BuiltOne { answer } => {
            bar.inc(1);
            bar.set_message((*answer).to_owned());
        }
        Step::RanOne { answer, check } => {
            bar.inc(1);
            bar.set_message(format!("{answer}: {check}"));
        }
    }
}

fn start(bar: &ProgressBar, what: &'static str, length: usize) {
    bar.set_prefix(what);
    bar.set_position(0);
    bar.set_length(u64::try_from(length).unwrap_or(u64::MAX));
}

fn print(out: &mut impl Write, verified: &Verified, options: &cli::Verify) -> io::Result<()> {
    writeln!(out, "Lab {:02}  {}", verified.number, verified.name)?;
    for answer in &verified.answers {
        let head = if answer.is_good() { "PASS" } else { "FAIL" };
        writeln!(out, "{head}    {:32}  {}", answer.name, what_it_got(answer))?;
        for problem in &answer.unexpected {
            for line in problem.lines() {
                writeln!(out, "            {line}")?;
            }
        }
        if options.repeat > 1 {
            for check in &answer.checks {
                writeln!(out, "        {:32}  {}", check.check, counts(check))?;
            }
        }
    }
    for problem in &verified.problems {
        writeln!(out, "FAIL    {problem}")?;
    }
    let summary = &verified.summary;
    let points = |points: Option<u32>| points.map_or("-".to_owned(), |points| points.to_string());
    writeln!(
        out,
        "Score   starter {}, reference {}, wrong answers caught {} of {}, right answers {} of {}; \
         {} runs, {} unexpected",
        points(summary.starter),
        points(summary.reference),
        summary.wrong.good,
        summary.wrong.of,
        summary.right.good,
        summary.right.of,
        summary.runs,
        summary.unexpected,
    )
}

/// An answer in a phrase: its score, or how it fails what it must fail.
fn what_it_got(answer: &AnswerOutcome) -> String {
    let failed = answer.must_fail.iter().filter_map(|name| {
        let check = answer.checks.iter().find(|check| check.check == *name)?;
        let (verdict, headline) = check.headlines.first_key_value()?;
        Some(match headline {
            Some(headline) => format!("{name}: {headline}"),
            None => format!("{name}: {}", word(*verdict)),
        })
    });
    let mut told: Vec<String> = failed.collect();
    told.extend(answer.score.map(|score| format!("{score} of 100")));
    told.join(", ")
}

/// How often which verdict, and how long it took.
fn counts(check: &CheckOutcome) -> String {
    let verdicts: Vec<String> = check
        .verdicts
        .iter()
        .map(|(verdict, times)| format!("{} {times}", word(*verdict)))
        .collect();
    let (median, max) = (check.milliseconds_median, check.milliseconds_max);
    format!(
        "{}   median {median} ms, slowest {max} ms",
        verdicts.join(", ")
    )
}

fn rebase_all(at_hand: &AtHand, labs: &[Lab]) -> anyhow::Result<Exit> {
    let mut out = io::stdout().lock();
    let mut all_fit = true;
    for lab in labs {
        let told = rebase(&at_hand.repository, lab).with_context(|| {
            format!(
                "the patches of {} cannot be carried over",
                lab.folder.shown()
            )
        })?;
        for (patch, rebased) in told {
            match rebased {
                Rebased::AsItWas => writeln!(out, "as it was  {patch}")?,
                Rebased::Rewritten => writeln!(out, "rewritten  {patch}")?,
                Rebased::DoesNotFit(why) => {
                    all_fit = false;
                    writeln!(out, "FAIL       {why}")?;
                }
            }
        }
    }
    Ok(if all_fit {
        Exit::Good
    } else {
        Exit::PointsLost
    })
}
