//! One grading, from the submission to the score, told as [`Event`]s.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use arena::{Isolation, Level, Limits};
use checks::Verdict;

use super::{
    build::{self, Built, Driver},
    cargo, demo,
    error::{Blame, Error, Mistake, story},
    events::{self, Event, Grade, Score, Ungraded},
    interrupt::Interrupt,
    isolation::{self, Author},
    lab::Lab,
    manifest::Check,
    progress::Progress,
    repository::Repository,
    rules::Rules,
    runner::{self, Runner, Task},
    score::{Records, score},
    submission::{Submission, Submitted, Wanted},
    ungraded::settle,
};

/// The stage that a single grading uses.
const WORKER: usize = 0;

/// What to grade, and how.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) wanted: Wanted,
    /// The checks asked for; none means all.
    pub(crate) checks: Vec<String>,
    pub(crate) seed: u64,
    pub(crate) jobs: usize,
    /// What becomes of the score if some checks cannot be judged.
    pub(crate) ungraded: Ungraded,
    /// The one interleaving to make again, for a single check.
    pub(crate) replay: Option<String>,
    /// The level that was asked for.
    pub(crate) isolation: Option<Level>,
    /// Whether the demo's system calls are to be noted too.
    pub(crate) trace: bool,
    /// The language that the demo speaks: `en` or `zh`.
    pub(crate) lang: &'static str,
    pub(crate) precautions: Precautions,
}

/// What stands between a submission and its build. Every grading takes the usual ones: only the
/// hostile suite asks for others, to see what holds without the rules, and not to wait for bombs.
#[derive(Debug)]
pub(crate) struct Precautions {
    /// Whether the static rules are asked.
    pub(crate) rules: bool,
    /// What the compiler may use.
    pub(crate) compiler: Limits,
}

impl Default for Precautions {
    fn default() -> Self {
        Self {
            rules: true,
            compiler: cargo::limits(),
        }
    }
}

/// How a grading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Every point that could be judged was earned; perhaps not every point could be.
    Full,
    PointsLost,
    /// Not every point could be judged, and without them there is no score.
    NoScore,
    /// The grader failed; what and where has been told as an event.
    GraderFailed,
}

/// Grades a submission and tells every finding as it is made.
///
/// # Errors
///
/// Fails if the request, the manifest or the submission is not in order, and at Ctrl-C. A failure of
/// the grader itself is an event and an [`Ending`].
pub(crate) fn grade(
    repository: &Repository,
    lab: &Lab,
    request: &Request,
    interrupt: &Interrupt,
    emit: &mut dyn FnMut(Event),
) -> Result<Ending, Error> {
    let submission = Submission::read(repository, lab, &request.wanted)?;
    let checks = asked_for(lab, &request.checks)?;
    let author = match request.wanted {
        Wanted::WorkingCopy | Wanted::Reference | Wanted::Known(_) => Author::Trusted,
        Wanted::Path(_) => Author::Stranger,
    };
    let isolation = isolation::settle(request.isolation, author)?;
    let mut grading = Grading {
        repository,
        lab,
        request,
        submission,
        checks,
        isolation,
        interrupt,
        emit,
    };
    match grading.run() {
        Err(error) if error.blame() == Blame::Grader => {
            let log = error.log().cloned();
            (grading.emit)(Event::GraderFailed {
                what: story(&error),
                log,
            });
            Ok(Ending::GraderFailed)
        }
        ended => ended,
    }
}

struct Grading<'a> {
    repository: &'a Repository,
    lab: &'a Lab,
    request: &'a Request,
    submission: Submission,
    checks: Vec<&'a Check>,
    isolation: Isolation,
    interrupt: &'a Interrupt,
    emit: &'a mut dyn FnMut(Event),
}

impl Grading<'_> {
    fn run(&mut self) -> Result<Ending, Error> {
        let dependencies = self.lab.dependencies()?;
        let names: Vec<String> = self.checks.iter().map(|check| check.name.clone()).collect();
        (self.emit)(Event::Started {
            lab: Box::new(self.lab.summary(self.repository, &names)?),
            origin: self.submission.origin.clone(),
            seed: self.request.seed,
            isolation: self.isolation,
        });
        let findings = if self.request.precautions.rules {
            Rules::of(self.lab, &dependencies).findings(&self.submission.files)
        } else {
            Vec::new()
        };
        if !findings.is_empty() {
            (self.emit)(Event::Refused { findings });
            return self.nothing_earned();
        }
        (self.emit)(Event::Building);
        let started = Instant::now();
        let built = build::driver(
            self.repository,
            self.lab,
            &self.submission,
            WORKER,
            self.isolation.level,
            self.request.precautions.compiler,
            self.interrupt,
        )?;
        let seconds = started.elapsed().as_secs_f64();
        let driver = match built {
            Built::Driver(driver) => driver,
            Built::DoesNotCompile {
                messages,
                errors,
                note,
            } => {
                let built = events::Built::DoesNotCompile {
                    messages,
                    errors,
                    note,
                };
                (self.emit)(Event::Built(built));
                return self.nothing_earned();
            }
            Built::Stopped(stopped) => {
                (self.emit)(Event::Built(events::Built::CompilerStopped {
                    reason: stopped.reason(),
                }));
                return self.nothing_earned();
            }
        };
        let checks = build::checks(self.repository, self.lab, self.interrupt)?;
        build::names_match(self.lab, &checks, self.interrupt)?;
        let built = events::Built::Ok {
            seconds,
            checks_built: !checks.fresh,
        };
        (self.emit)(Event::Built(built));
        if self.asks_for_all() {
            self.demo(&driver)?;
        }
        if self.request.trace {
            self.trace(&driver)?;
        }
        let started = Instant::now();
        let records = self.check(&driver, &checks)?;
        self.finish(&records, started.elapsed())
    }

    fn demo(&mut self, driver: &Driver) -> Result<(), Error> {
        (self.emit)(Event::Demoing);
        let submit = &self.lab.manifest.submit;
        let demo = demo::run(
            driver.program.clone(),
            self.request.lang,
            submit,
            self.isolation.level,
            self.interrupt,
        )?;
        (self.emit)(Event::Demo(demo));
        Ok(())
    }

    fn trace(&mut self, driver: &Driver) -> Result<(), Error> {
        (self.emit)(Event::Demoing);
        let traced = demo::trace(
            driver.program.clone(),
            self.request.lang,
            self.isolation.level,
            self.interrupt,
        )?;
        let files = &self.submission.files;
        let source = |file: &Submitted| (file.path.clone(), file.text.clone());
        let sources = files.iter().map(source).collect();
        (self.emit)(Event::Traced { traced, sources });
        Ok(())
    }

    fn check(&mut self, driver: &Driver, built: &build::Checks) -> Result<Records, Error> {
        let mut order = self.checks.clone();
        // The longest first, so that nothing long begins when everything else has ended.
        order.sort_by_key(|check| std::cmp::Reverse(check.deadline));
        let tasks: Vec<Task<'_>> = order
            .iter()
            .map(|check| Task {
                check,
                driver,
                seed: self.request.seed,
                replay: replay_for(self.request, check),
            })
            .collect();
        let runner = Runner {
            program: &built.program,
            logs: build::logs(self.repository, self.lab),
            jobs: isolation::jobs(self.request.jobs, self.isolation),
            level: self.isolation.level,
            interrupt: self.interrupt,
        };
        let mut records = Records::new();
        let emit = &mut *self.emit;
        runner.run(&tasks, &mut |progress| match progress {
            runner::Progress::Started(number) => {
                emit(Event::CheckStarted {
                    name: order[number].name.clone(),
                });
            }
            runner::Progress::Finished(number, record, wall) => {
                let name = order[number].name.clone();
                records.insert(name.clone(), (*record).clone());
                emit(Event::CheckFinished { name, record, wall });
            }
        })?;
        Ok(records)
    }

    fn finish(&mut self, records: &Records, wall: Duration) -> Result<Ending, Error> {
        let mut score = score(&self.checks, records, &self.submission.files);
        score.wall = wall;
        let broken = records
            .values()
            .any(|record| record.verdict == Verdict::GraderError);
        score.ungraded = self.request.ungraded;
        score.grade = settle(score.ungraded, &score, broken);
        if score.grade != Grade::Refused {
            score.best = self.remember(score.earned)?;
        }
        let ending = if broken {
            Ending::GraderFailed
        } else if score.grade == Grade::Refused {
            Ending::NoScore
        } else if score.earned < score.gradable {
            Ending::PointsLost
        } else {
            Ending::Full
        };
        (self.emit)(Event::Scored(score));
        Ok(ending)
    }

    /// Nothing could be run, so nothing is earned.
    fn nothing_earned(&mut self) -> Result<Ending, Error> {
        let possible = self.checks.iter().map(|check| check.points).sum();
        let best = self.remember(0)?;
        (self.emit)(Event::Scored(Score {
            earned: 0,
            gradable: possible,
            possible,
            withheld: Vec::new(),
            open: Vec::new(),
            ungraded: self.request.ungraded,
            grade: Grade::OfGradable,
            todos: Vec::new(),
            wall: Duration::ZERO,
            best,
        }));
        Ok(Ending::PointsLost)
    }

    fn asks_for_all(&self) -> bool {
        self.request.checks.is_empty()
    }

    /// The best score so far, if this grading is one to remember.
    fn remember(&self, earned: u32) -> Result<Option<u32>, Error> {
        if !self.submission.in_place || !self.asks_for_all() {
            return Ok(None);
        }
        let mut progress = Progress::load(self.repository)?;
        Ok(Some(progress.record(&self.lab.folder.folder, earned)?))
    }
}

/// The one run to make again, for the check that makes such runs: `PROGRAM@…` is an execution under
/// the model. Checks that this one requires are done as ever.
fn replay_for<'a>(request: &'a Request, check: &Check) -> Option<&'a str> {
    let replay = request.replay.as_deref()?;
    let is_for_it = match replay.split_once('@') {
        Some((program, _)) => check.programs.iter().any(|name| name == program),
        None => true,
    };
    is_for_it.then_some(replay)
}

/// The checks to run, in the manifest's order: those asked for, and what they require, since without
/// it they would earn nothing.
fn asked_for<'a>(lab: &'a Lab, names: &[String]) -> Result<Vec<&'a Check>, Error> {
    let all = &lab.manifest.checks;
    let mut wanted = BTreeSet::new();
    let mut next: Vec<&str> = names.iter().map(String::as_str).collect();
    while let Some(name) = next.pop() {
        let check = lab
            .manifest
            .check(name)
            .ok_or_else(|| unknown_check(lab, name))?;
        if wanted.insert(name.to_owned()) {
            next.extend(check.requires.iter().map(String::as_str));
        }
    }
    Ok(all
        .iter()
        .filter(|check| names.is_empty() || wanted.contains(&check.name))
        .collect())
}

/// For a name that no check of the lab has.
pub(crate) fn unknown_check(lab: &Lab, name: &str) -> Error {
    let checks = &lab.manifest.checks;
    Error::from(Mistake::UnknownCheck {
        lab: lab.folder.folder.clone(),
        name: name.to_owned(),
        all: checks.iter().map(|check| check.name.clone()).collect(),
    })
}
