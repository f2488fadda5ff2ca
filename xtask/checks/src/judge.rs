//! Every interleaving of an operation that two or three processes do at once. The arena makes the
//! rounds; a [`Ledger`] of the lab's judges each; what goes wrong is made once more, with every
//! touch of something shared noted, and shown.

use arena::{End, Exploration, Explored, Outcome, Schedule};

use crate::{
    Driver, Failure, Fields, Judgement, Reply, Scene, Text, Trial, Verdict, ending,
    interleaving::{Shown, interleaving},
    text,
};

/// How the processes of an exploration come to share something.
#[derive(Debug, Clone)]
pub enum Setup {
    /// Unrelated processes, each of which is asked this first; `$file` stands for a path.
    Separate(String),
    /// One process is asked this and then forks the others.
    Inherited(String),
    /// Unrelated processes that share nothing yet: the operation itself must begin.
    Fresh,
}

/// What is explored.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The name of this set-up in `--replay`: `separate`.
    pub name: &'static str,
    /// The same in words: "opened by each process".
    pub title: Text,
    /// How the processes come to share something.
    pub setup: Setup,
    /// The question whose operation is explored; `$random`, `$round` and `$file` are filled in.
    pub operation: String,
    /// The question asked of each afterwards.
    pub after: String,
    /// Two or three.
    pub processes: usize,
    /// The head of the column that follows the shared value: "in the file".
    pub watched: Text,
}

/// Judges the rounds of one live set of processes, in order.
pub trait Ledger {
    /// A new set of processes: nothing has happened yet.
    fn begin(&mut self);

    /// Whether a round in which everybody finished went as it must. `asked` are the questions,
    /// `answered` the answers to them, `after` those to the question afterwards.
    ///
    /// # Errors
    /// A failure of its own if an answer makes no sense.
    fn judge(
        &mut self,
        asked: &[Vec<String>],
        answered: &[Fields],
        after: &[Fields],
    ) -> Judgement<Option<Wrong>>;
}

/// What is wrong with a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// In one line: "an update is lost".
    pub headline: Text,
    /// What was asked, what must have come, what came.
    pub story: Text,
    /// What follows from the steps: "A writes what it computed before B ran".
    pub conclusion: Text,
    /// The wrong value, so that the column which follows it can be found.
    pub value: Option<u64>,
}

/// What the rounds of a plan have shown.
#[derive(Default)]
struct Seen {
    rounds: usize,
    wrong: usize,
    /// The simplest schedule that went wrong, and how.
    first: Option<(Schedule, Failure)>,
}

impl Trial {
    /// Explores a plan; the ledger judges every round.
    ///
    /// # Errors
    /// If a round went wrong, or not every place could be reached.
    pub fn explore(&mut self, plan: &Plan, ledger: &mut dyn Ledger) -> Judgement {
        let replayed = match self.replay.as_deref().map(|replay| replay.split_once(':')) {
            None => None,
            Some(Some((name, schedule))) if name == plan.name => Some(read_schedule(schedule)?),
            Some(Some(_)) => return Ok(()),
            Some(None) => return Err(no_schedule(self.replay.as_deref().unwrap_or_default())),
        };
        if let Some(schedule) = replayed {
            let (failure, shown) = self.shown(plan, ledger, schedule)?;
            return match (failure, shown) {
                (Some(failure), Some(shown)) => Err(failure.shown_by(shown)),
                (Some(failure), None) => Err(failure),
                (None, shown) => {
                    self.record.interleaving = shown;
                    Ok(())
                }
            };
        }
        let (seen, explored) = self.rounds(plan, ledger)?;
        self.note(plan, &seen, &explored);
        if let Some((schedule, failure)) = seen.first {
            let failure = self.with_steps(plan, ledger, schedule, failure);
            let (wrong, rounds, title) = (seen.wrong, seen.rounds, &plan.title);
            let (en, zh) = (&title.en, &title.zh);
            return Err(if rounds == 1 {
                failure.because(text!("Nobody was held ({en})."; "没有停住任何进程（{zh}）。"))
            } else {
                failure.because(text!(
                    "{wrong} of the {rounds} schedules explored so far go wrong ({en}).";
                    "已探索的 {rounds} 种调度中有 {wrong} 种出错（{zh}）。"
                ))
            });
        }
        if explored.missed > 0 {
            let missed = explored.missed;
            return Err(Failure::new(
                Verdict::NotGraded,
                text!("{missed} places could not be reached in time"; "有 {missed} 个停顿点未能按时到达"),
            ));
        }
        Ok(())
    }

    /// All rounds of a plan.
    fn rounds(&self, plan: &Plan, ledger: &mut dyn Ledger) -> Judgement<(Seen, Explored)> {
        ledger.begin();
        let (mut seen, mut stop) = (Seen::default(), None);
        let explored = self.run(plan, None, |outcome| {
            if stop.is_some() {
                return;
            }
            seen.rounds += 1;
            match judged(ledger, outcome) {
                Ok(None) => {}
                Ok(Some((failure, _))) => {
                    seen.wrong += 1;
                    let simpler =
                        |(other, _): &(Schedule, Failure)| rank(outcome.schedule) < rank(*other);
                    if seen.first.as_ref().is_none_or(simpler) {
                        seen.first = Some((outcome.schedule, failure));
                    }
                }
                Err(failure) => stop = Some(failure),
            }
        })?;
        match stop {
            Some(failure) => Err(failure),
            None => Ok((seen, explored)),
        }
    }

    /// A live set for a plan, and its rounds, or just the one.
    fn run(
        &self,
        plan: &Plan,
        only: Option<Schedule>,
        each: impl FnMut(&Outcome),
    ) -> Judgement<Explored> {
        let mut scene = self.scene()?;
        let drivers = live_set(&mut scene, plan)?;
        let exploration = Exploration {
            processes: drivers.iter().map(|driver| driver.0).collect(),
            operation: fill_in(&scene, &plan.operation),
            after: fill_in(&scene, &plan.after),
            seed: self.seed(),
            only,
        };
        Ok(scene.arena.explore(&exploration, each)?)
    }

    /// One schedule once more, with its steps.
    fn shown(
        &self,
        plan: &Plan,
        ledger: &mut dyn Ledger,
        schedule: Schedule,
    ) -> Judgement<(Option<Failure>, Option<crate::Interleaving>)> {
        ledger.begin();
        let mut last = None;
        let explored = self.run(plan, Some(schedule), |outcome| {
            last = Some((judged(ledger, outcome), outcome.clone()));
        })?;
        let Some((judged, outcome)) = last else {
            return Ok((None, None));
        };
        let judged = judged?;
        let wrong = judged.as_ref().and_then(|(_, wrong)| wrong.as_ref());
        let shown = (!outcome.touches.is_empty()).then(|| {
            interleaving(&Shown {
                source: &self.source,
                plan,
                outcome: &outcome,
                shared: explored.shared,
                wrong,
                replay: format!("{}:{}", plan.name, write_schedule(outcome.schedule)),
            })
        });
        Ok((judged.map(|(failure, _)| failure), shown))
    }

    /// The failure as it shows when it is made once more; as it was, if it does not show again.
    fn with_steps(
        &self,
        plan: &Plan,
        ledger: &mut dyn Ledger,
        schedule: Schedule,
        failure: Failure,
    ) -> Failure {
        let (en, zh) = match self.shown(plan, ledger, schedule) {
            Ok((Some(again), Some(shown))) if again.0.verdict == failure.0.verdict => {
                return again.shown_by(shown);
            }
            Ok(_) => ("it went otherwise".to_owned(), "结果不同".to_owned()),
            Err(why) => why
                .0
                .headline
                .map_or_else(Default::default, |why| (why.en, why.zh)),
        };
        failure.because(text!(
            "Its steps cannot be shown: when the same was done once more, {en}.";
            "无法展示具体步骤：再次执行同样的调度时，{zh}。"
        ))
    }

    fn note(&mut self, plan: &Plan, seen: &Seen, explored: &Explored) {
        let (rounds, shared, instructions) = (seen.rounds, explored.shared, explored.instructions);
        let (en, zh) = (&plan.title.en, &plan.title.zh);
        self.worked(text!(
            "{en}: A held at each of {shared} shared instructions (of {instructions}), {rounds} schedules";
            "{zh}：在 {shared} 条共享指令（共 {instructions} 条）处逐一停住 A，共 {rounds} 种调度"
        ));
        let name = plan.name;
        for (figure, value) in [
            ("rounds", rounds as u64),
            ("instructions", instructions as u64),
            ("shared", shared as u64),
            ("missed", explored.missed as u64),
            ("steps", explored.steps),
            ("stops", explored.stops),
            ("microseconds", explored.microseconds),
        ] {
            self.measured(format!("{name}_{figure}"), value);
        }
    }
}

/// The processes of a plan, alive and sharing what they are to share.
fn live_set(scene: &mut Scene, plan: &Plan) -> Judgement<Vec<Driver>> {
    match &plan.setup {
        Setup::Separate(first) => {
            let first = fill_in(scene, first);
            let mut drivers = Vec::new();
            for _ in 0..plan.processes {
                let driver = scene.stepped_driver(0)?;
                scene.ask(driver, &first)?.ok()?;
                drivers.push(driver);
            }
            Ok(drivers)
        }
        Setup::Inherited(first) => {
            let first = fill_in(scene, first);
            let parent = scene.stepped_driver(plan.processes - 1)?;
            scene.ask(parent, &first)?.ok()?;
            let mut drivers = vec![parent];
            for _ in 1..plan.processes {
                drivers.push(scene.forked(parent)?);
            }
            Ok(drivers)
        }
        Setup::Fresh => (0..plan.processes)
            .map(|_| scene.stepped_driver(0))
            .collect(),
    }
}

/// Puts in a path of the private folder.
fn fill_in(scene: &Scene, template: &str) -> String {
    template.replace("$file", &driver::escape(&scene.path("shared")))
}

type Judged = Option<(Failure, Option<Wrong>)>;

/// What a round comes to.
fn judged(ledger: &mut dyn Ledger, outcome: &Outcome) -> Judgement<Judged> {
    let failure = match &outcome.end {
        End::Finished => return finished(ledger, outcome),
        End::Asleep {
            who,
            call,
            others_finished,
        } => {
            let (who, others) = (name(*who), *others_finished);
            let rest = if others {
                text!("the others have finished"; "其余进程都已结束")
            } else {
                text!("the others sleep as well"; "其余进程也都在睡眠")
            };
            let (en, zh) = (&rest.en, &rest.zh);
            Failure::new(
                Verdict::Deadlocked,
                text!("process {who} waits for ever in {call}"; "进程 {who} 永远等在 {call} 里"),
            )
            .because(text!(
                "{who} sleeps in the system call {call}; {en}, so nobody is left to wake it.";
                "{who} 睡在系统调用 {call} 里；{zh}，没有谁能唤醒它。"
            ))
        }
        End::Spinning { who } => {
            let who = name(*who);
            Failure::wrong(
                text!("process {who} goes round in circles for ever"; "进程 {who} 永远在原地打转"),
            )
            .because(text!(
                "All others have finished, and nothing that {who} looks at will ever change.";
                "其余进程都已结束，{who} 所检查的内容再也不会改变。"
            ))
        }
        End::Ended { ended, .. } => ending::failure(ended),
        End::Forged { who } => {
            let who = name(*who);
            Failure::wrong(text!(
                "process {who} wrote on the grader's channel";
                "进程 {who} 向评分程序的通道写了数据"
            ))
        }
        End::TimedOut { .. } => ending::time_over(),
        End::Bound => Failure::new(
            Verdict::NotGraded,
            text!(
                "the time was over, or a bound reached, before all schedules had been explored";
                "在探索完所有调度之前，时间已到或达到了限度"
            ),
        ),
        End::OtherTask { who } => {
            let who = name(*who);
            // Nobody steps that task, so whatever it does would go unjudged.
            Failure::wrong(text!(
                "process {who} starts a thread or a process in the middle of the operation";
                "进程 {who} 在操作中途启动了线程或进程"
            ))
            .because(text!(
                "The contract does not allow it: the operation is what the calling process does itself.";
                "约定不允许这样做：操作必须由调用它的进程自己完成。"
            ))
        }
    };
    Ok(Some((failure, None)))
}

fn finished(ledger: &mut dyn Ledger, outcome: &Outcome) -> Judgement<Judged> {
    let words = |line: &String| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let asked: Vec<_> = outcome.asked.iter().map(words).collect();
    let read = |line: &String| {
        // The numbers were given by the arena, one after the other.
        let number = line
            .split(' ')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0);
        Reply::read(line, number)?.ok()
    };
    let answered = outcome
        .answered
        .iter()
        .flatten()
        .map(read)
        .collect::<Judgement<Vec<_>>>()?;
    let after = outcome
        .after
        .iter()
        .map(read)
        .collect::<Judgement<Vec<_>>>()?;
    Ok(ledger.judge(&asked, &answered, &after)?.map(|wrong| {
        let failure = Failure::wrong(wrong.headline.clone()).because(wrong.story.clone());
        (failure, Some(wrong))
    }))
}

/// A, B or C.
pub(crate) fn name(who: usize) -> char {
    char::from(b'A' + u8::try_from(who).unwrap_or(0))
}

/// Fewer processes and fewer preemptions are simpler.
fn rank(schedule: Schedule) -> u8 {
    match schedule {
        Schedule::Serial | Schedule::Alone => 0,
        Schedule::One { .. } => 1,
        Schedule::Two { .. } => 2,
        Schedule::Three { .. } => 3,
    }
}

/// A schedule as `--replay` takes it, counted from 1.
fn write_schedule(schedule: Schedule) -> String {
    match schedule {
        Schedule::Serial => "serial".to_owned(),
        Schedule::Alone => "alone".to_owned(),
        Schedule::One { a } => format!("{}", a + 1),
        Schedule::Two { a, b } => format!("{}+{}", a + 1, b + 1),
        Schedule::Three { a } => format!("{}+c", a + 1),
    }
}

fn read_schedule(words: &str) -> Judgement<Schedule> {
    let place = |digits: &str| {
        digits
            .parse()
            .ok()
            .and_then(|number: usize| number.checked_sub(1))
    };
    let schedule = match words.split_once('+') {
        None if words == "serial" => Some(Schedule::Serial),
        None if words == "alone" => Some(Schedule::Alone),
        None => place(words).map(|a| Schedule::One { a }),
        Some((a, "c")) => place(a).map(|a| Schedule::Three { a }),
        Some((a, b)) => place(a).zip(place(b)).map(|(a, b)| Schedule::Two { a, b }),
    };
    schedule.ok_or_else(|| no_schedule(words))
}

fn no_schedule(words: &str) -> Failure {
    crate::failure::grader(&format!(
        "{words:?} is not a schedule: take the words after --replay from a report"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_comes_back_as_it_was() {
        for schedule in [
            Schedule::Serial,
            Schedule::Alone,
            Schedule::One { a: 0 },
            Schedule::Two { a: 3, b: 11 },
            Schedule::Three { a: 7 },
        ] {
            assert_eq!(
                read_schedule(&write_schedule(schedule)).ok(),
                Some(schedule)
            );
        }
        assert!(
            read_schedule("0").is_err()
                && read_schedule("1+").is_err()
                && read_schedule("").is_err()
        );
    }
}
