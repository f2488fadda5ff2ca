//! `cargo xtask verify`: shows what the known answers of labs got, and whether each got what it is
//! kept for.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use anyhow::Context;
use checks::Verdict;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{
        error::{Error, Mistake},
        isolation::{Author, settle},
        lab::Lab,
        markdown,
        verify::{
            AnswerOutcome, CheckOutcome, Options, Rebased, Spread, Step, Verified, dead_paths,
            rebase, verify,
        },
    },
    report::{
        page::{Page, Role, Span},
        width::{cells, pad, pad_left},
        words::{Commands, Words},
    },
};

/// Two answers are built at a time: more would only wait for the same two cores.
const BUILDERS: usize = 2;

/// The column of labels is narrower than a report's: names of answers are long.
const GUTTER: usize = 8;
/// Between two columns.
const GAP: usize = 2;

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
    let mut verified = Vec::new();
    for lab in &labs {
        let one = verify_one(at_hand, lab, options)?;
        if !options.json && !one.answers.is_empty() {
            at_hand.show(&page(at_hand, &one, options))?;
        }
        verified.push(one);
    }
    let problems = match &options.only {
        Some(only) if verified.iter().all(|one| one.answers.is_empty()) => {
            let only = only.clone();
            return Err(Error::from(Mistake::NoSuchAnswer { only }).into());
        }
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
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &document)?;
        writeln!(out)?;
    } else {
        let words = at_hand.words();
        let mut page = Page::with_gutter(at_hand.style.width, GUTTER);
        for problem in &problems {
            page.label(Role::Bad, (words.verdict)(Verdict::Failed));
            page.text(Role::Plain, problem);
        }
        let told = (words.commands.verified)(verified.len(), seconds, good);
        page.label(Role::Strong, words.commands.verified_label);
        page.text(Role::Plain, &told);
        at_hand.show(&page)?;
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
        isolation: settle(options.isolation, Author::Trusted)?,
        seed: options.seed,
        only: options.only.clone(),
        checks: options.check.clone(),
    };
    // Drawn on standard error, and only if that is a terminal.
    let bar = ProgressBar::no_length().with_style(style());
    bar.enable_steady_tick(Duration::from_millis(200));
    let words = at_hand.words();
    let verified = verify(
        &at_hand.repository,
        lab,
        &thoroughly,
        &at_hand.interrupt,
        &mut |step| match step {
            Step::RoundDone(round) if round.of > 1 => {
                let told = (words.commands.round_done)(round);
                bar.suspend(|| note(&told));
            }
            Step::Surprise {
                answer,
                round,
                unexpected,
            } if options.repeat > 1 => {
                let told = (words.commands.unexpected)(&unexpected);
                let told = format!("{answer}{}{told} ({round})", words.colon);
                bar.suspend(|| note(&told));
            }
            step => follow(&bar, words, &step),
        },
    );
    bar.finish_and_clear();
    verified
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:10} {pos:>4} of {len:4} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn follow(bar: &ProgressBar, words: &Words, step: &Step<'_>) {
    match step {
        Step::Began { lab } => {
            bar.set_prefix(words.building);
            bar.set_message((words.commands.building_checks)(&lab.folder.folder));
        }
        Step::Building { answers } => start(bar, words.building, *answers),
        Step::Running { runs } => start(bar, words.commands.running, *runs),
        Step::BuiltOne { answer } => {
            bar.inc(1);
            bar.set_message((*answer).to_owned());
        }
        Step::RanOne { answer, check } => {
            bar.inc(1);
            bar.set_message(format!("{answer}: {check}"));
        }
        Step::RoundDone(_) | Step::Surprise { .. } => {}
    }
}

/// A line on standard error at once: if a long verification is stopped, its notes say how far it
/// came and what it had seen.
fn note(told: &str) {
    // Without its notes, a verification still tells everything at its end.
    writeln!(io::stderr(), "{told}").ok();
}

fn start(bar: &ProgressBar, what: &'static str, length: usize) {
    bar.set_prefix(what);
    bar.set_position(0);
    bar.set_length(u64::try_from(length).unwrap_or(u64::MAX));
}

/// What one lab's answers got.
fn page(at_hand: &AtHand, verified: &Verified, options: &cli::Verify) -> Page {
    let words = at_hand.words();
    let mut page = Page::with_gutter(at_hand.style.width, GUTTER);
    page.label(Role::Strong, &(words.lab)(verified.number));
    page.text(Role::Plain, &verified.name);
    let answers = verified.answers.iter();
    let names = answers.clone().map(|answer| cells(&answer.name));
    let checks = answers.flat_map(|answer| answer.checks.iter().map(|it| cells(&it.check)));
    let width = names.chain(checks).max().unwrap_or_default() + GAP;
    let rows = verified.answers.iter().flat_map(|answer| &answer.checks);
    let verdicts = rows.map(|check| cells(&counts(&words.commands, check)));
    let verdicts = verdicts.max().unwrap_or_default() + GAP;
    for answer in &verified.answers {
        let (role, verdict) = match answer.is_good() {
            true => (Role::Good, Verdict::Passed),
            false => (Role::Bad, Verdict::Failed),
        };
        page.label(role, (words.verdict)(verdict));
        let got = what_it_got(at_hand, answer);
        page.hanging(&pad(&answer.name, width), &got);
        for unexpected in &answer.unexpected {
            let told = (words.commands.unexpected)(unexpected);
            match told.lines().count() {
                // The compiler's words: broken lines would tear its arrows off.
                2.. => told
                    .lines()
                    .for_each(|line| page.line(vec![Span::plain(&format!("    {line}"))])),
                _ => page.hanging("    ", &told),
            }
        }
        for check in answer.checks.iter().filter(|_| options.repeat > 1) {
            let got = counts(&words.commands, check);
            let took = check.milliseconds;
            let took = (words.commands.durations)(took.median, took.max);
            let line = [pad(&check.check, width), pad(&got, verdicts), took].concat();
            page.line(vec![Span::plain(&line)]);
        }
    }
    for problem in &verified.problems {
        page.label(Role::Bad, (words.verdict)(Verdict::Failed));
        page.text(Role::Plain, problem);
    }
    if options.repeat > 1 {
        explored(&words.commands, verified, &mut page);
    }
    page.label(Role::Strong, words.score);
    for line in (words.commands.summary)(&verified.summary) {
        page.text(Role::Plain, &line);
    }
    page
}

/// An answer in a phrase: its score, or how it fails what it must fail.
fn what_it_got(at_hand: &AtHand, answer: &AnswerOutcome) -> String {
    let words = at_hand.words();
    let failed = answer.must_fail.iter().filter_map(|name| {
        let check = answer.checks.iter().find(|check| check.check == *name)?;
        let (verdict, headline) = check.headlines.first_key_value()?;
        let reason = headline
            .as_ref()
            .map_or((words.commands.verdict)(*verdict), |headline| {
                at_hand.lang.pick(headline)
            });
        Some(format!("{name}{}{reason}", words.colon))
    });
    let mut told: Vec<String> = failed.collect();
    told.extend(answer.score.map(words.commands.of_hundred));
    told.join(words.semicolon)
}

/// How often which verdict.
fn counts(words: &Commands, check: &CheckOutcome) -> String {
    let told: Vec<String> = check
        .verdicts
        .iter()
        .map(|(verdict, times)| format!("{} {times}", (words.verdict)(*verdict)))
        .collect();
    told.join(", ")
}

/// An exploration of a check: what it is called, its steps, and its milliseconds.
struct Exploration {
    name: String,
    steps: Spread,
    milliseconds: Spread,
}

/// The explorations of an answer. A check that explores measures `open_steps` and
/// `open_microseconds` for what it calls `open`.
fn explorations(answer: &AnswerOutcome) -> Vec<Exploration> {
    let mut found = Vec::new();
    for check in &answer.checks {
        for (figure, steps) in &check.measured {
            let Some(name) = figure.strip_suffix("_steps") else {
                continue;
            };
            let Some(took) = check.measured.get(&format!("{name}_microseconds")) else {
                continue;
            };
            found.push(Exploration {
                name: format!("{} {name}", check.check),
                steps: *steps,
                milliseconds: Spread {
                    min: took.min / 1000,
                    median: took.median / 1000,
                    max: took.max / 1000,
                },
            });
        }
    }
    found
}

/// How far every exploration stepped, and how long it took: least, median, most.
fn explored(words: &Commands, verified: &Verified, page: &mut Page) {
    let answers = verified.answers.iter();
    let all: Vec<(&str, Vec<Exploration>)> = answers
        .map(|answer| (&*answer.name, explorations(answer)))
        .filter(|(_, explorations)| !explorations.is_empty())
        .collect();
    let flat = || all.iter().flat_map(|(_, explorations)| explorations);
    let Some(name) = flat().map(|it| cells(&it.name) + GAP).max() else {
        return;
    };
    let heads = words.spread_head.iter().map(|head| cells(head));
    let digits = |figure: u64| figure.to_string().len();
    let figures = flat().flat_map(|it| [digits(it.steps.max), digits(it.milliseconds.max)]);
    let width = heads.chain(figures).max().unwrap_or_default() + GAP;
    let columns =
        |texts: [String; 3]| -> String { texts.iter().map(|text| pad_left(text, width)).collect() };
    let row = |name: &str, steps: &str, milliseconds: &str| format!("{name}{steps}{milliseconds}");
    let group = |head: &str| pad_left(head, 3 * width);
    let figures = |it: Spread| columns([it.min, it.median, it.max].map(|it| it.to_string()));

    page.blank();
    page.label(Role::Strong, words.explored_label);
    let [steps, milliseconds] = words.explored_head;
    let blank = " ".repeat(name);
    let head = row(&blank, &group(steps), &group(milliseconds));
    page.line(vec![Span::new(Role::Quiet, &head)]);
    let spread = columns(words.spread_head.map(str::to_owned));
    page.line(vec![Span::new(Role::Quiet, &row(&blank, &spread, &spread))]);
    for (answer, explorations) in &all {
        page.line(vec![Span::plain(answer)]);
        for it in explorations {
            let name = pad(&format!("  {}", it.name), name);
            let line = row(&name, &figures(it.steps), &figures(it.milliseconds));
            page.line(vec![Span::plain(&line)]);
        }
    }
    page.blank();
}

fn rebase_all(at_hand: &AtHand, labs: &[Lab]) -> anyhow::Result<Exit> {
    let words = &at_hand.words().commands;
    let mut page = Page::with_gutter(at_hand.style.width, GUTTER + 3);
    let mut all_fit = true;
    for lab in labs {
        let told = rebase(&at_hand.repository, lab)
            .with_context(|| (words.patches_stay)(&lab.folder.shown()))?;
        for (patch, rebased) in told {
            let (role, text) = match &rebased {
                Rebased::AsItWas => (Role::Plain, &patch),
                Rebased::Rewritten => (Role::Good, &patch),
                Rebased::DoesNotFit(why) => (Role::Bad, why),
            };
            all_fit &= !matches!(rebased, Rebased::DoesNotFit(_));
            page.label(role, (words.rebased)(&rebased));
            page.text(Role::Plain, text);
        }
    }
    at_hand.show(&page)?;
    Ok(if all_fit {
        Exit::Good
    } else {
        Exit::PointsLost
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn spread(middle: u64) -> Spread {
        Spread {
            min: middle - 1000,
            median: middle,
            max: middle + 1000,
        }
    }

    #[test]
    fn an_exploration_is_known_by_its_steps_and_its_time() {
        let figures = [
            ("open_steps", spread(3721)),
            ("open_microseconds", spread(640_000)),
            ("open_rounds", spread(2000)),
            ("lone_steps", spread(5000)),
        ];
        let check = CheckOutcome {
            check: "all".to_owned(),
            verdicts: BTreeMap::from([(Verdict::Passed, 3)]),
            headlines: BTreeMap::new(),
            milliseconds: spread(1500),
            measured: figures.map(|(name, it)| (name.to_owned(), it)).into(),
        };
        let answer = AnswerOutcome {
            name: "right/some".to_owned(),
            must_fail: Vec::new(),
            checks: vec![check],
            score: Some(100),
            unexpected: Vec::new(),
        };
        let found = explorations(&answer);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "all open");
        assert_eq!(found[0].steps.median, 3721);
        assert_eq!(found[0].milliseconds.max, 641);
    }
}
