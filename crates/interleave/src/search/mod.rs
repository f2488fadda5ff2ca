//! The search: which executions are tried, and in which order.
//!
//! An execution is determined by its choices. The search goes through them depth first: execute, take
//! back the last choice that has an option left, execute again. The number of executions would be
//! astronomical, so it is bounded by *deviations*, and the bound grows: first the one execution
//! without any, then all with one, and so on. The first counterexample has the fewest oddities there
//! can be, and is the easiest to read.
//!
//! What this does not do: use the clock. All limits are counts, so the same program gives the same
//! result on every machine.

pub(crate) mod path;
pub(crate) mod position;
pub(crate) mod replay;
pub(crate) mod visited;

use crate::engine::{self, End, Engine, Failure};
use crate::model::counterexample::Counterexample;
use crate::model::{Counts, FreeChoice, Model, Report, Story, Verdict};
use crate::statics;
use crate::trace::telling;
use replay::Replay;

/// With more threads, free choice at a block has too many orders.
const FREE_CHOICE_THREADS: usize = 3;
/// The budget of the phase with free choice at a block.
const FREE_CHOICE_BUDGET: u8 = 2;

/// How a phase ended.
enum Phase {
    /// All executions of its budget were tried.
    Complete,
    Cut,
    Over(Verdict),
}

struct Search<'a> {
    model: &'a Model,
    program: &'a (dyn Fn() + 'static),
    engine: Box<Engine>,
    report: Report,
    after_points: bool,
}

/// Checks a program.
pub(crate) fn search(model: &Model, program: &(dyn Fn() + 'static)) -> Report {
    let mut search = Search {
        model,
        program,
        engine: Box::new(Engine::new(model.limits)),
        report: Report {
            verdict: Verdict::Complete { budget: 0 },
            executions: 0,
            pruned: 0,
            steps: 0,
            states: 0,
            completed: None,
            exhaustive: false,
            free_choice: FreeChoice::NotTried,
            threads: 0,
            most: Counts::default(),
            waiting: None,
        },
        after_points: false,
    };
    search.report.verdict = match &model.replay {
        Some(text) => search.replay(text),
        None => search.twice(),
    };
    statics::put_back();
    search.report.waiting = search.engine.waiting;
    search.report
}

impl Search<'_> {
    /// Searches; and if a race was taken for the right of an `Arc`'s last owner, searches again, with
    /// executions in which the other owner drops its own later.
    fn twice(&mut self) -> Verdict {
        let verdict = self.phases();
        if !self.engine.in_doubt || !matches!(verdict, Verdict::Complete { .. }) {
            return verdict;
        }
        self.after_points = true;
        self.report.completed = None;
        self.report.exhaustive = false;
        self.phases()
    }

    /// One phase after the other, until one of them has the last word.
    fn phases(&mut self) -> Verdict {
        for budget in 0..=self.model.budget {
            match self.phase(budget, false) {
                Phase::Complete => self.report.completed = Some(budget),
                Phase::Cut => {
                    return Verdict::Cut {
                        executions: self.report.executions,
                    };
                }
                Phase::Over(verdict) => return verdict,
            }
            if !self.engine.path.is_limited() {
                // Nobody wanted to deviate more often than that.
                self.report.exhaustive = true;
                break;
            }
        }
        let complete = Verdict::Complete {
            budget: self.model.budget,
        };
        if self.report.exhaustive || !self.model.free_choice {
            return complete;
        }
        if self.report.threads > FREE_CHOICE_THREADS {
            self.report.free_choice = FreeChoice::TooManyThreads;
            return complete;
        }
        match self.phase(FREE_CHOICE_BUDGET.min(self.model.budget), true) {
            Phase::Complete => self.report.free_choice = FreeChoice::Complete,
            Phase::Cut => self.report.free_choice = FreeChoice::Cut,
            Phase::Over(verdict) => return verdict,
        }
        complete
    }

    /// All executions with at most `budget` deviations.
    fn phase(&mut self, budget: u8, free_choice: bool) -> Phase {
        self.engine.path.begin();
        self.engine.visited.clear();
        self.engine.limits = self.model.limits;
        self.engine.limits.block_cost = u8::from(!free_choice);
        self.engine.limits.after_points = self.after_points;
        loop {
            if self.report.executions >= self.model.executions {
                return Phase::Cut;
            }
            match self.execute(budget) {
                End::Finished => {}
                End::Pruned => self.report.pruned += 1,
                End::Failed(_) => return Phase::Over(self.explain(budget, free_choice)),
                End::NotDeterministic(why) => return Phase::Over(Verdict::NotDeterministic(why)),
                End::TooLarge(why) => return Phase::Over(Verdict::NotJudged(why)),
                End::Asked => return Phase::Over(nobody_was_asked()),
            }
            if !self.engine.path.advance() {
                self.report.states = self.engine.visited.len();
                return Phase::Complete;
            }
        }
    }

    fn execute(&mut self, budget: u8) -> End {
        let end = engine::run(&mut self.engine, budget, self.program);
        self.report.executions += 1;
        self.report.steps += u64::from(self.engine.steps);
        self.report.threads = self.report.threads.max(self.engine.threads.len());
        let all = self
            .engine
            .threads
            .iter()
            .fold(Counts::default(), |sum, thread| sum + thread.counts);
        self.report.most = self.report.most.max(all);
        end
    }

    /// The execution that has just failed, once more, with every event kept.
    fn explain(&mut self, budget: u8, free_choice: bool) -> Verdict {
        self.engine.limits.tracing = true;
        self.engine.limits.reduce = false;
        let deviations = self.engine.path.deviations().to_vec();
        let end = engine::run(&mut self.engine, budget, self.program);
        let replay = Replay {
            budget,
            free_choice,
            after_points: self.after_points,
            deviations,
        };
        match end {
            End::Failed(failure) => self.counterexample(&failure, &replay),
            End::NotDeterministic(why) => Verdict::NotDeterministic(why),
            _ => Verdict::NotDeterministic(
                "an execution failed, and when it was repeated it did not".to_owned(),
            ),
        }
    }

    /// One execution, named by a text.
    fn replay(&mut self, text: &str) -> Verdict {
        let Some(replay) = replay::parse(text) else {
            return Verdict::NotJudged(format!("`{text}` does not name an execution"));
        };
        self.engine.path.follow(replay.deviations.clone());
        self.engine.limits.block_cost = u8::from(!replay.free_choice);
        self.engine.limits.after_points = replay.after_points;
        self.engine.limits.reduce = false;
        self.engine.limits.tracing = true;
        match self.execute(replay.budget) {
            End::Failed(failure) => self.counterexample(&failure, &replay),
            End::Finished | End::Pruned => Verdict::Replayed(Box::new(self.story(None, &replay))),
            End::NotDeterministic(why) => Verdict::NotDeterministic(why),
            End::TooLarge(why) => Verdict::NotJudged(why),
            End::Asked => nobody_was_asked(),
        }
    }

    fn counterexample(&self, failure: &Failure, replay: &Replay) -> Verdict {
        let story = self.story(Some(failure), replay);
        Verdict::Failed(Box::new(Counterexample::new(failure.kind, story)))
    }

    fn story(&self, failure: Option<&Failure>, replay: &Replay) -> Story {
        let replay = replay::print(replay);
        telling::tell(&self.engine, failure, replay, &self.model.sources)
    }
}

/// A search makes all choices itself.
fn nobody_was_asked() -> Verdict {
    Verdict::NotJudged("a choice was left open, and nobody is there to make it".to_owned())
}
