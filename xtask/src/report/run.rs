//! The fold that all reports share: what is known of a grading after the events so far, and how the
//! checks stand to each other. Holds no words and writes nothing.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use arena::Isolation;
use checks::{Record, Verdict};

use crate::grader::events::{
    Built, CheckSummary, Demo, Event, Finding, Grade, LabSummary, Origin, Score, Todo, Traced,
};

/// The points of all checks of a lab, in every lab.
const FULL_MARKS: u32 = 100;

/// What the first event says.
#[derive(Debug, Clone)]
pub(super) struct Start {
    pub(super) lab: LabSummary,
    pub(super) origin: Origin,
    pub(super) seed: u64,
    pub(super) isolation: Isolation,
}

/// A failure of the grader itself.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) what: String,
    pub(super) log: Option<PathBuf>,
}

#[derive(Debug, Clone)]
struct Ended {
    name: String,
    record: Record,
    wall: Duration,
}

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) start: Option<Start>,
    pub(super) refused: Vec<Finding>,
    pub(super) built: Option<Built>,
    pub(super) demo: Option<Demo>,
    /// The demo's system calls, and the submitted files.
    pub(super) traced: Option<(Traced, BTreeMap<String, String>)>,
    pub(super) score: Option<Score>,
    pub(super) failure: Option<Failure>,
    ended: Vec<Ended>,
}

/// A check that has ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome<'a> {
    pub(super) check: &'a CheckSummary,
    pub(super) record: &'a Record,
    pub(super) wall: Duration,
    pub(super) standing: Standing<'a>,
}

/// What a check's verdict comes to, the other checks considered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Standing<'a> {
    /// Passed, and the points count.
    Earned,
    /// Passed, but earns nothing, since `needs` did not pass.
    Withheld { needs: &'a CheckSummary },
    /// Stopped at a function that is not written yet.
    Unwritten,
    /// Lost, and so is `needs`: most likely for one reason.
    Follows { needs: &'a CheckSummary },
    /// Lost by itself.
    Lost,
    /// Not judged: neither earned nor lost.
    Open,
}

/// A check that others fell with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cause {
    /// How many checks it cost, itself included.
    pub(super) checks: usize,
    /// The points of all of them.
    pub(super) points: u32,
}

impl Run {
    /// Takes in an event.
    pub(super) fn fold(&mut self, event: &Event) {
        match event {
            Event::Started {
                lab,
                origin,
                seed,
                isolation,
            } => {
                self.start = Some(Start {
                    lab: (**lab).clone(),
                    origin: origin.clone(),
                    seed: *seed,
                    isolation: *isolation,
                });
            }
            Event::Refused { findings } => self.refused.clone_from(findings),
            Event::Built(built) => self.built = Some(built.clone()),
            Event::Demo(demo) => self.demo = Some(demo.clone()),
            Event::Traced { traced, sources } => {
                self.traced = Some((traced.clone(), sources.clone()));
            }
            Event::CheckFinished { name, record, wall } => self.ended.push(Ended {
                name: name.clone(),
                record: (**record).clone(),
                wall: *wall,
            }),
            Event::Scored(score) => self.score = Some(score.clone()),
            Event::GraderFailed { what, log } => {
                self.failure = Some(Failure {
                    what: what.clone(),
                    log: log.clone(),
                });
            }
            Event::Building | Event::Demoing | Event::CheckStarted { .. } => {}
        }
    }

    /// True if the grading did not even begin: a wrong command, which is told elsewhere.
    pub(super) fn is_empty(&self) -> bool {
        self.start.is_none() && self.failure.is_none()
    }

    /// The check of that name.
    pub(super) fn check(&self, name: &str) -> Option<&CheckSummary> {
        self.start
            .as_ref()?
            .lab
            .checks
            .iter()
            .find(|check| check.name == name)
    }

    /// The checks that have ended, in the manifest's order.
    pub(super) fn outcomes(&self) -> Vec<Outcome<'_>> {
        let checks = self.start.iter().flat_map(|start| &start.lab.checks);
        checks
            .filter_map(|check| {
                let ended = self.ended.iter().find(|ended| ended.name == check.name)?;
                let standing = self.standing(check, ended.record.verdict);
                Some(Outcome {
                    check,
                    record: &ended.record,
                    wall: ended.wall,
                    standing,
                })
            })
            .collect()
    }

    fn standing<'a>(&'a self, check: &'a CheckSummary, verdict: Verdict) -> Standing<'a> {
        if self.is_open(&check.name) {
            return Standing::Open;
        }
        if verdict == Verdict::Passed && !self.is_withheld(&check.name) {
            return Standing::Earned;
        }
        if self
            .todos()
            .iter()
            .any(|todo| todo.checks.contains(&check.name))
        {
            return Standing::Unwritten;
        }
        match (verdict, self.obstacle(check)) {
            (Verdict::Passed, obstacle) => {
                let first = || check.requires.iter().find_map(|name| self.check(name));
                Standing::Withheld {
                    needs: obstacle.or_else(first).unwrap_or(check),
                }
            }
            (_, Some(needs)) if !self.is_open(&needs.name) => Standing::Follows { needs },
            _ => Standing::Lost,
        }
    }

    /// How the check of that name ended, if it was run.
    pub(super) fn verdict(&self, name: &str) -> Option<Verdict> {
        self.ended
            .iter()
            .find(|ended| ended.name == name)
            .map(|ended| ended.record.verdict)
    }

    /// True if the check was not judged.
    pub(super) fn is_open(&self, name: &str) -> bool {
        let verdict = self.verdict(name);
        matches!(
            verdict,
            None | Some(Verdict::NotGraded | Verdict::GraderError)
        )
    }

    /// The first check required by this one that was run and did not pass.
    fn obstacle(&self, check: &CheckSummary) -> Option<&CheckSummary> {
        let mut required = check.requires.iter().filter_map(|name| self.check(name));
        required.find(|needed| {
            let verdict = self.verdict(&needed.name);
            verdict.is_some_and(|verdict| verdict != Verdict::Passed)
        })
    }

    fn is_withheld(&self, name: &str) -> bool {
        self.score
            .as_ref()
            .is_some_and(|score| score.withheld.iter().any(|it| it == name))
    }

    /// The functions that are not written yet.
    pub(super) fn todos(&self) -> &[Todo] {
        self.score.as_ref().map_or(&[], |score| &score.todos)
    }

    /// Whether a verdict rests on the word of a process that holds the student's code.
    pub(super) fn is_in_process(&self) -> bool {
        self.ended.iter().any(|ended| ended.record.in_process)
    }

    /// The checks that cost others too.
    pub(super) fn causes(&self) -> Vec<Cause> {
        let outcomes = self.outcomes();
        let lost = outcomes.iter().filter(|it| it.standing == Standing::Lost);
        lost.filter_map(|root| {
            let fallen = outcomes
                .iter()
                .filter(|it| it.standing.because_of(root.check));
            let points: Vec<u32> = fallen.map(|it| it.check.points).collect();
            let cause = Cause {
                checks: 1 + points.len(),
                points: root.check.points + points.iter().sum::<u32>(),
            };
            (!points.is_empty()).then_some(cause)
        })
        .collect()
    }

    /// True if some of the lab's checks were not asked for.
    pub(super) fn is_partial(&self) -> bool {
        self.score
            .as_ref()
            .is_some_and(|score| score.possible < FULL_MARKS)
    }

    /// True if there is nothing left to earn.
    pub(super) fn is_full(&self) -> bool {
        self.failure.is_none()
            && self.score.as_ref().is_some_and(|score| {
                score.earned == score.gradable && score.grade != Grade::Refused
            })
    }
}

impl Standing<'_> {
    /// True if the check fell with `root`.
    pub(super) fn because_of(self, root: &CheckSummary) -> bool {
        match self {
            Self::Withheld { needs } | Self::Follows { needs } => needs.name == root.name,
            _ => false,
        }
    }
}

impl Outcome<'_> {
    /// The points that count.
    pub(super) fn earned(&self) -> u32 {
        if self.standing == Standing::Earned {
            self.check.points
        } else {
            0
        }
    }
}
