//! What others find when a process dies in the middle of an operation, and what a signal does to one:
//! explorations like those of interleavings, judged by the same kind of [`Ledger`].
//!
//! **Kills.** The first of two or three processes is killed before each of its shared instructions;
//! then the others must finish, and are asked. Each place has processes and a file of its own. It is
//! tried twice: the second process comes only after that, or has come by before and perhaps waits for
//! the dead. Not explored: two deaths, and deaths of anybody but the first.
//!
//! **Signals.** The first process gets a signal before each different instruction of its operation,
//! when it gets there for the first time; then it must finish, and the others after it. Not explored:
//! two signals at once, and later turns of a loop.

use arena::{Disturbance, Exploration, Explored, Measure, Outcome, Schedule};

use crate::{
    Judgement, Ledger, Plan, Scene, Text, Trial, ending,
    judge::{Seen, fill_in, live_set},
    text,
};

/// More places than any operation has where it can be killed.
const MOST_PLACES: usize = 500;

impl Trial {
    /// Kills the first process of a plan at each of its shared instructions; the ledger judges what
    /// the others find ([`Ledger::judge_survivors`]).
    ///
    /// # Errors
    /// If a round went wrong, or not every place could be reached.
    pub fn explore_kills(&mut self, plan: &Plan, ledger: &mut dyn Ledger) -> Judgement {
        let kind = Disturbance::Kill { measured: None };
        match self.replayed(plan, kind)? {
            Some(replayed) => self.replay(plan, ledger, kind, replayed),
            None => {
                let (seen, explored) = self.kills(plan, ledger)?;
                self.conclude(plan, ledger, kind, seen, &explored)
            }
        }
    }

    /// Sends a signal to the first process of a plan at each different instruction of its operation.
    ///
    /// # Errors
    /// If a round went wrong, or not every place could be reached.
    pub fn explore_signals(
        &mut self,
        plan: &Plan,
        signal: i32,
        ledger: &mut dyn Ledger,
    ) -> Judgement {
        self.explore_disturbed(plan, ledger, Disturbance::Signal(signal))
    }

    /// All rounds of kills, each with processes of its own, until one goes wrong.
    fn kills(&self, plan: &Plan, ledger: &mut dyn Ledger) -> Judgement<(Seen, Explored)> {
        let mut scene = self.scene()?;
        let mut all = Explored::default();
        let (mut seen, mut measured) = (Seen::default(), None);
        for a in 0..MOST_PLACES {
            for met in [false, true] {
                if met && plan.processes < 2 {
                    continue;
                }
                let schedule = Schedule::Killed { a, met };
                let mut round = Seen::default();
                let mut died = false;
                let one = Kill {
                    plan,
                    schedule,
                    measured,
                    recorded: false,
                };
                ledger.begin();
                let mut failed = None;
                let explored = self.kill(&mut scene, &one, |outcome| {
                    died |= outcome.schedule == schedule;
                    if let Err(failure) = round.take(ledger, outcome) {
                        failed = Some(failure);
                    }
                })?;
                if let Some(failure) = failed {
                    return Err(failure);
                }
                measured = Some(Measure {
                    instructions: explored.instructions,
                    calls: explored.calls,
                });
                all.add(&explored);
                seen.rounds += 1;
                seen.wrong += round.wrong;
                if round.first.is_some() {
                    seen.first = round.first;
                    return Ok((seen, all));
                }
                if explored.missed > 0 {
                    return Ok((seen, all));
                }
                if !died {
                    // It has come to its end alive: there is no such place.
                    all.places = a;
                    return Ok((seen, all));
                }
            }
        }
        all.missed += 1;
        Ok((seen, all))
    }

    /// One round of kills, in a scene in which there may have been others.
    pub(crate) fn kill(
        &self,
        scene: &mut Scene,
        one: &Kill<'_>,
        each: impl FnMut(&Outcome),
    ) -> Judgement<Explored> {
        let plan = one.plan;
        let file = match one.schedule {
            // Of constant length: no path depends on it.
            Schedule::Killed { a, met } => format!("shared-{a:04}-{}", u8::from(met)),
            _ => "shared".to_owned(),
        };
        let drivers = live_set(scene, plan, &file)?;
        let exploration = Exploration {
            processes: drivers.iter().map(|driver| driver.0).collect(),
            operation: fill_in(scene, &plan.operation, &file),
            after: fill_in(scene, &plan.after, &file),
            seed: self.seed(),
            only: Some(one.schedule),
            recorded: one.recorded,
            disturbance: Disturbance::Kill {
                measured: one.measured,
            },
        };
        let mut outcome_was_good = true;
        let mut each = each;
        let explored = scene.arena.explore(&exploration, |outcome| {
            outcome_was_good &= outcome.end == arena::End::Finished;
            each(outcome);
        })?;
        if outcome_was_good {
            for driver in drivers {
                // The first has been ended, and says so again.
                scene.let_go(driver)?;
            }
        }
        Ok(explored)
    }
}

/// One place at which A is killed.
#[derive(Clone, Copy)]
pub(crate) struct Kill<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) schedule: Schedule,
    pub(crate) measured: Option<Measure>,
    pub(crate) recorded: bool,
}

/// What happened to A, as far as it was disturbed.
pub(crate) fn what_happened(outcome: &Outcome) -> Option<Text> {
    let at = outcome.at.as_ref().map(ending::place);
    let (en, zh) = at.map_or_else(Default::default, |place| {
        let (file, line) = (place.file, place.line);
        (
            format!(", at {file}:{line}"),
            format!("，位于 {file}:{line}"),
        )
    });
    match outcome.schedule {
        Schedule::Killed { a, met } => {
            let place = a + 1;
            let others = if met {
                text!(
                    "B had gone as far as it could before that.";
                    "在此之前 B 已经运行到不能再前进为止。"
                )
            } else {
                text!("The others came after that."; "其余进程在此之后才开始。")
            };
            let (rest, others) = (others.en, others.zh);
            Some(text!(
                "A is killed before its shared instruction {place}{en}. {rest}";
                "A 在执行第 {place} 条共享指令之前被杀死{zh}。{others}"
            ))
        }
        Schedule::Signalled { a } => {
            let place = a + 1;
            Some(text!(
                "The signal comes before instruction {place} of those that differ on its way{en}.";
                "信号在它执行过程中第 {place} 条不同的指令之前到达{zh}。"
            ))
        }
        _ => None,
    }
}
