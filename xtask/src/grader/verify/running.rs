//! Runs the deciding checks on every answer that could be built, as often as asked.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::atomic::AtomicBool,
};

use checks::{Record, Verdict};

use super::super::{
    build,
    error::Error,
    interrupt::Interrupt,
    isolation,
    lab::Lab,
    manifest::Check,
    repository::Repository,
    runner::{Progress, Runner, Task},
    score::{Records, score},
};
use super::{
    Options, Round, Step,
    answers::Expect,
    building::Ready,
    load::Load,
    outcome::{AnswerOutcome, CheckOutcome, Spread, Unexpected, is_expected},
};

/// One run: which answer, and which check on it.
struct Run<'a> {
    answer: usize,
    round: u32,
    task: Task<'a>,
}

pub(super) fn run(
    repository: &Repository,
    lab: &Lab,
    program: &Path,
    answers: Vec<Ready>,
    options: &Options,
    interrupt: &Interrupt,
    on: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<AnswerOutcome>, Error> {
    let runs = plan(lab, &answers, options);
    on(Step::Running { runs: runs.len() });
    let tasks: Vec<Task<'_>> = runs.iter().map(|run| run.task.clone()).collect();
    let logs = build::logs(repository, lab);
    let runner = Runner {
        program,
        logs,
        jobs: isolation::jobs(options.jobs, options.isolation),
        level: options.isolation.level,
        interrupt,
    };
    let mut results: Vec<Tally> = answers.iter().map(|_| Tally::default()).collect();
    let mut rounds = Rounds::of(&runs);
    let stop = AtomicBool::new(false);
    crossbeam::thread::scope(|scope| {
        let _load = Load::start(scope, options.load, &stop);
        runner.run(&tasks, &mut |progress| {
            let Progress::Finished(number, record, wall) = progress else {
                return;
            };
            let run = &runs[number];
            let answer = &answers[run.answer].answer.name;
            on(Step::RanOne {
                answer,
                check: &run.task.check.name,
            });
            let expect = &answers[run.answer].answer.expect;
            let expected = is_expected(&run.task.check.name, record.verdict, expect);
            if !expected {
                on(Step::Surprise {
                    answer,
                    round: run.round + 1,
                    unexpected: Unexpected::Verdict {
                        check: run.task.check.name.clone(),
                        verdict: record.verdict,
                        times: 1,
                        runs: 1,
                        headline: record.headline.clone(),
                    },
                });
            }
            let milliseconds = u64::try_from(wall.as_millis()).unwrap_or(u64::MAX);
            results[run.answer].note(run, *record, milliseconds);
            if let Some(round) = rounds.note(run.round, expected) {
                on(Step::RoundDone(round));
            }
        })
    })
    .map_err(|_| Error::Broken("a thread of the runner panicked".to_owned()))??;
    let outcomes = std::iter::zip(answers, results)
        .map(|(answer, result)| result.outcome(lab, answer))
        .collect();
    Ok(outcomes)
}

/// Round by round, so that every answer meets every phase of the machine's day.
fn plan<'a>(lab: &'a Lab, answers: &'a [Ready], options: &Options) -> Vec<Run<'a>> {
    let mut runs = Vec::new();
    for round in 0..options.repeat.max(1) {
        for (index, ready) in answers.iter().enumerate() {
            let Ok(driver) = &ready.driver else { continue };
            // Nothing of the starter can depend on luck: it is not written.
            if round > 0 && ready.answer.expect == Expect::LessThanFull {
                continue;
            }
            for check in deciding(lab, &ready.answer.expect, options) {
                let seed = options.seed.wrapping_add(u64::from(round));
                let task = Task {
                    check,
                    driver,
                    seed,
                    replay: None,
                };
                runs.push(Run {
                    answer: index,
                    round,
                    task,
                });
            }
        }
    }
    // The longest first within a round.
    runs.sort_by_key(|run| (run.round, std::cmp::Reverse(run.task.check.deadline)));
    runs
}

/// How much of each round is still to be run. Rounds overlap at their ends.
struct Rounds {
    all: Vec<Round>,
    left: Vec<usize>,
}

impl Rounds {
    fn of(runs: &[Run<'_>]) -> Self {
        let of = runs.iter().map(|run| run.round + 1).max().unwrap_or(0);
        let all: Vec<Round> = (0..of)
            .map(|round| Round {
                number: round + 1,
                of,
                runs: runs.iter().filter(|run| run.round == round).count(),
                unexpected: 0,
            })
            .collect();
        let left = all.iter().map(|round| round.runs).collect();
        Self { all, left }
    }

    /// Notes a run of a round; the round, if that was the last of it.
    fn note(&mut self, round: u32, expected: bool) -> Option<Round> {
        let index = usize::try_from(round).ok()?;
        let (round, left) = (self.all.get_mut(index)?, self.left.get_mut(index)?);
        round.unexpected += usize::from(!expected);
        *left -= 1;
        (*left == 0).then_some(*round)
    }
}

/// The checks that decide whether an answer gets what it is kept for.
pub(super) fn deciding<'a>(
    lab: &'a Lab,
    expect: &Expect,
    options: &Options,
) -> impl Iterator<Item = &'a Check> {
    let named = match expect {
        Expect::Fails(names) if !options.all => Some(names.clone()),
        _ => None,
    };
    let asked_for = |check: &&Check| {
        let names = &options.checks;
        names.is_empty() || names.contains(&check.name)
    };
    lab.manifest
        .checks
        .iter()
        .filter(asked_for)
        .filter(move |check| {
            named
                .as_ref()
                .is_none_or(|names| names.contains(&check.name))
        })
}

/// What one answer got so far.
#[derive(Default)]
struct Tally {
    /// By check: how often which verdict.
    verdicts: HashMap<String, BTreeMap<Verdict, u32>>,
    milliseconds: HashMap<String, Vec<u64>>,
    /// By check and figure: its value in each run.
    measured: HashMap<String, BTreeMap<String, Vec<u64>>>,
    /// The records of the first round: they make the score.
    first: Records,
    /// A record for each verdict and check, to tell what happened.
    examples: HashMap<(String, Verdict), Record>,
    /// By check: how often the model said something else than the first time.
    changed: HashMap<String, u32>,
}

impl Tally {
    fn note(&mut self, run: &Run<'_>, record: Record, milliseconds: u64) {
        let check = run.task.check.name.clone();
        *self
            .verdicts
            .entry(check.clone())
            .or_default()
            .entry(record.verdict)
            .or_default() += 1;
        self.milliseconds
            .entry(check.clone())
            .or_default()
            .push(milliseconds);
        let measured = self.measured.entry(check.clone()).or_default();
        for (figure, value) in &record.measured {
            measured.entry(figure.clone()).or_default().push(*value);
        }
        if let Some(example) = self.examples.get(&(check.clone(), record.verdict))
            && !is_same_story(example, &record)
        {
            *self.changed.entry(check.clone()).or_default() += 1;
        }
        if run.round == 0 {
            self.first.insert(check.clone(), record.clone());
        }
        self.examples
            .entry((check, record.verdict))
            .or_insert(record);
    }

    fn outcome(mut self, lab: &Lab, ready: Ready) -> AnswerOutcome {
        let Ready { answer, driver } = ready;
        let mut outcome = AnswerOutcome::new(&answer.name, &answer.expect);
        if let Err(why) = driver {
            outcome.unexpected.push(Unexpected::NotRun(why));
            return outcome;
        }
        for check in &lab.manifest.checks {
            let Some(verdicts) = self.verdicts.remove(&check.name) else {
                continue;
            };
            let headline = |verdict| {
                let example = self.examples.get(&(check.name.clone(), verdict))?;
                example.headline.clone()
            };
            let headlines = verdicts
                .keys()
                .map(|verdict| (*verdict, headline(*verdict)))
                .collect();
            let milliseconds = self.milliseconds.remove(&check.name).unwrap_or_default();
            let measured = self.measured.remove(&check.name).unwrap_or_default();
            let done = CheckOutcome {
                check: check.name.clone(),
                verdicts,
                headlines,
                milliseconds: Spread::of(&milliseconds),
                measured: measured
                    .into_iter()
                    .map(|(figure, values)| (figure, Spread::of(&values)))
                    .collect(),
            };
            if let Some(times) = self.changed.remove(&check.name) {
                outcome.unexpected.push(Unexpected::OtherStory {
                    check: check.name.clone(),
                    times,
                    runs: done.runs(),
                });
            }
            outcome.add(done, &answer.expect);
        }
        let checks: Vec<&Check> = lab.manifest.checks.iter().collect();
        if self.first.len() == checks.len() {
            let files = answer
                .submission
                .map(|submission| submission.files)
                .unwrap_or_default();
            outcome.scored(score(&checks, &self.first, &files).earned, &answer.expect);
        }
        outcome
    }
}

/// Whether the model said the same twice, to the letter: the same execution that fails, after as many
/// others. All that it does is counted, so neither the machine nor the seed may make a difference.
fn is_same_story(one: &Record, other: &Record) -> bool {
    fn searches(record: &Record) -> Vec<(&str, u64)> {
        let figures = record.measured.iter();
        let of_programs = figures.filter(|(name, _)| {
            record.in_process && (name.ends_with("_executions") || name.ends_with("_steps"))
        });
        of_programs
            .map(|(name, value)| (name.as_str(), *value))
            .collect()
    }
    one.story == other.story && searches(one) == searches(other)
}

#[cfg(test)]
mod tests {
    use checks::{Record, Verdict};
    use story::Story;

    use super::is_same_story;

    fn record(replay: &str, executions: u64, milliseconds: u64) -> Record {
        let mut record = Record::new(Verdict::Failed);
        record.in_process = true;
        record.story = Some(Story {
            replay: replay.to_owned(),
            ..Story::default()
        });
        record
            .measured
            .insert("exclusion_executions".to_owned(), executions);
        record
            .measured
            .insert("milliseconds".to_owned(), milliseconds);
        record
    }

    #[test]
    fn the_model_must_say_the_same_each_time() {
        let first = record("1:4.1", 9, 3);
        assert!(is_same_story(&first, &record("1:4.1", 9, 80)));
        assert!(!is_same_story(&first, &record("1:5.1", 9, 3)));
        assert!(!is_same_story(&first, &record("1:4.1", 8, 3)));
    }
}
