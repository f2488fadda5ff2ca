//! Every interleaving of an operation that two or three processes do at once. The arena makes the
//! rounds; a [`Ledger`] of the lab's judges each; what goes wrong is made once more, with every
//! touch of something shared noted, and shown.

use arena::{Disturbance, End, Exploration, Explored, Outcome, Schedule};

use crate::{
    Driver, Failure, Fields, Judgement, Reply, Scene, Text, Trial, Verdict,
    disturb::{Kill, what_happened},
    ending,
    failure::grader,
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

    /// The same for a round in which the first process was killed in the middle: `asked` has its
    /// question too, the others are the survivors' only. Its part may be done or not; everything
    /// else must be as if it had never been.
    ///
    /// # Errors
    /// A failure of its own if an answer makes no sense; the grader's, if the lab has not said how to
    /// judge.
    fn judge_survivors(
        &mut self,
        _asked: &[Vec<String>],
        _answered: &[Fields],
        _after: &[Fields],
    ) -> Judgement<Option<Wrong>> {
        Err(grader(&"this ledger does not judge survivors"))
    }
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
pub(crate) struct Seen {
    pub(crate) rounds: usize,
    pub(crate) wrong: usize,
    /// The simplest schedule that went wrong, and how.
    pub(crate) first: Option<(Schedule, Failure)>,
}

impl Seen {
    /// Judges one more round.
    pub(crate) fn take(&mut self, ledger: &mut dyn Ledger, outcome: &Outcome) -> Judgement {
        self.rounds += 1;
        if let Some((failure, _)) = judged(ledger, outcome)? {
            self.wrong += 1;
            let simpler = |(other, _): &(Schedule, Failure)| rank(outcome.schedule) < rank(*other);
            if self.first.as_ref().is_none_or(simpler) {
                self.first = Some((outcome.schedule, failure));
            }
        }
        Ok(())
    }
}

impl Trial {
    /// Explores a plan; the ledger judges every round.
    ///
    /// # Errors
    /// If a round went wrong, or not every place could be reached.
    pub fn explore(&mut self, plan: &Plan, ledger: &mut dyn Ledger) -> Judgement {
        self.explore_disturbed(plan, ledger, Disturbance::Nothing)
    }

    pub(crate) fn explore_disturbed(
        &mut self,
        plan: &Plan,
        ledger: &mut dyn Ledger,
        disturbance: Disturbance,
    ) -> Judgement {
        match self.replayed(plan, disturbance)? {
            Some(replayed) => self.replay(plan, ledger, disturbance, replayed),
            None => {
                let (seen, explored) = self.rounds(plan, ledger, disturbance)?;
                self.conclude(plan, ledger, disturbance, seen, &explored)
            }
        }
    }

    /// What `--replay` says about a plan: nothing if it was not given, else the schedule to be made,
    /// if it is one of this plan and of this kind.
    pub(crate) fn replayed(
        &self,
        plan: &Plan,
        disturbance: Disturbance,
    ) -> Judgement<Option<Option<Schedule>>> {
        let Some(replay) = self.replay.as_deref() else {
            return Ok(None);
        };
        let Some((name, schedule)) = replay.split_once(':') else {
            return Err(no_schedule(replay));
        };
        if name != plan.name {
            return Ok(Some(None));
        }
        let schedule = read_schedule(schedule)?;
        let fits = match disturbance {
            Disturbance::Kill { .. } => matches!(schedule, Schedule::Killed { .. }),
            Disturbance::Signal(_) => matches!(schedule, Schedule::Signalled { .. }),
            Disturbance::Nothing => !is_disturbed(schedule),
        };
        Ok(Some(fits.then_some(schedule)))
    }

    /// One schedule, and nothing else.
    pub(crate) fn replay(
        &mut self,
        plan: &Plan,
        ledger: &mut dyn Ledger,
        disturbance: Disturbance,
        schedule: Option<Schedule>,
    ) -> Judgement {
        let Some(schedule) = schedule else {
            return Ok(());
        };
        let (failure, shown) = self.shown(plan, ledger, schedule, disturbance)?;
        match (failure, shown) {
            (Some(failure), Some(shown)) => Err(failure.shown_by(shown)),
            (Some(failure), None) => Err(failure),
            (None, shown) => {
                self.record.interleaving = shown;
                Ok(())
            }
        }
    }

    /// What the rounds come to.
    pub(crate) fn conclude(
        &mut self,
        plan: &Plan,
        ledger: &mut dyn Ledger,
        disturbance: Disturbance,
        seen: Seen,
        explored: &Explored,
    ) -> Judgement {
        self.note(plan, disturbance, &seen, explored);
        if let Some((schedule, failure)) = seen.first {
            let failure = self.with_steps(plan, ledger, schedule, disturbance, failure);
            let (wrong, rounds, title) = (seen.wrong, seen.rounds, &plan.title);
            let (en, zh) = (&title.en, &title.zh);
            return Err(if rounds == 1 && !is_disturbed(schedule) {
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
    fn rounds(
        &self,
        plan: &Plan,
        ledger: &mut dyn Ledger,
        disturbance: Disturbance,
    ) -> Judgement<(Seen, Explored)> {
        ledger.begin();
        let (mut seen, mut stop) = (Seen::default(), None);
        let explored = self.run(plan, None, disturbance, |outcome| {
            if stop.is_none()
                && let Err(failure) = seen.take(ledger, outcome)
            {
                stop = Some(failure);
            }
        })?;
        match stop {
            Some(failure) => Err(failure),
            None => Ok((seen, explored)),
        }
    }

    /// A live set for a plan, and its rounds; or just the one, recorded.
    fn run(
        &self,
        plan: &Plan,
        only: Option<Schedule>,
        disturbance: Disturbance,
        each: impl FnMut(&Outcome),
    ) -> Judgement<Explored> {
        let mut scene = self.scene()?;
        if let (Disturbance::Kill { measured }, Some(schedule)) = (disturbance, only) {
            let one = Kill {
                plan,
                schedule,
                measured,
                recorded: true,
            };
            return self.kill(&mut scene, &one, each);
        }
        let drivers = live_set(&mut scene, plan, FILE)?;
        let exploration = Exploration {
            processes: drivers.iter().map(|driver| driver.0).collect(),
            operation: fill_in(&scene, &plan.operation, FILE),
            after: fill_in(&scene, &plan.after, FILE),
            seed: self.seed(),
            only,
            recorded: only.is_some(),
            disturbance,
        };
        Ok(scene.arena.explore(&exploration, each)?)
    }

    /// One schedule once more, with its steps.
    fn shown(
        &self,
        plan: &Plan,
        ledger: &mut dyn Ledger,
        schedule: Schedule,
        disturbance: Disturbance,
    ) -> Judgement<(Option<Failure>, Option<crate::Interleaving>)> {
        ledger.begin();
        // What goes wrong before anything has happened to A goes wrong without that.
        let disturbance = match is_disturbed(schedule) {
            true => disturbance,
            false => Disturbance::Nothing,
        };
        let mut last = None;
        let explored = self.run(plan, Some(schedule), disturbance, |outcome| {
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
        disturbance: Disturbance,
        failure: Failure,
    ) -> Failure {
        let (en, zh) = match self.shown(plan, ledger, schedule, disturbance) {
            Ok((Some(again), Some(shown))) if again.0.verdict == failure.0.verdict => {
                return again.shown_by(shown);
            }
            // Nothing that others notice was done after it, and the words say where it was.
            Ok((Some(again), None))
                if is_disturbed(schedule) && again.0.verdict == failure.0.verdict =>
            {
                return again;
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

    fn note(&mut self, plan: &Plan, disturbance: Disturbance, seen: &Seen, explored: &Explored) {
        let (rounds, shared, instructions) = (seen.rounds, explored.shared, explored.instructions);
        let (places, kills) = (explored.places, explored.kills);
        let (en, zh) = (&plan.title.en, &plan.title.zh);
        self.worked(match disturbance {
            Disturbance::Nothing => text!(
                "{en}: A held at each of {shared} shared instructions (of {instructions}), {rounds} schedules";
                "{zh}：在 {shared} 条共享指令（共 {instructions} 条）处逐一停住 A，共 {rounds} 种调度"
            ),
            Disturbance::Kill { .. } => text!(
                "{en}: A killed at each of {places} shared instructions, {kills} rounds";
                "{zh}：在 {places} 条共享指令处逐一杀死 A，共 {kills} 轮"
            ),
            Disturbance::Signal(_) => text!(
                "{en}: A got a signal at each of {places} different instructions (of {instructions})";
                "{zh}：在 {places} 条不同的指令（共 {instructions} 条）处逐一向 A 发送信号"
            ),
        });
        let name = match disturbance {
            Disturbance::Nothing => plan.name.to_owned(),
            Disturbance::Kill { .. } => format!("{}_kills", plan.name),
            Disturbance::Signal(_) => format!("{}_signals", plan.name),
        };
        for (figure, value) in [
            ("rounds", rounds as u64),
            ("instructions", instructions as u64),
            ("shared", shared as u64),
            ("places", places as u64),
            ("missed", explored.missed as u64),
            ("steps", explored.steps),
            ("stops", explored.stops),
            ("microseconds", explored.microseconds),
        ] {
            self.measured(format!("{name}_{figure}"), value);
        }
    }
}

/// The file that the processes of a plan share.
const FILE: &str = "shared";

/// The processes of a plan, alive and sharing what they are to share: by a file of this name.
pub(crate) fn live_set(scene: &mut Scene, plan: &Plan, file: &str) -> Judgement<Vec<Driver>> {
    match &plan.setup {
        Setup::Separate(first) => {
            let first = fill_in(scene, first, file);
            let mut drivers = Vec::new();
            for _ in 0..plan.processes {
                let driver = scene.stepped_driver(0)?;
                scene.ask(driver, &first)?.ok()?;
                drivers.push(driver);
            }
            Ok(drivers)
        }
        Setup::Inherited(first) => {
            let first = fill_in(scene, first, file);
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
pub(crate) fn fill_in(scene: &Scene, template: &str, file: &str) -> String {
    template.replace("$file", &driver::escape(&scene.path(file)))
}

/// Whether something happened to A beside being held.
fn is_disturbed(schedule: Schedule) -> bool {
    matches!(
        schedule,
        Schedule::Killed { .. } | Schedule::Signalled { .. }
    )
}

type Judged = Option<(Failure, Option<Wrong>)>;

/// What a round comes to.
fn judged(ledger: &mut dyn Ledger, outcome: &Outcome) -> Judgement<Judged> {
    let failure = match &outcome.end {
        End::Finished => {
            let judged = finished(ledger, outcome)?;
            return Ok(judged.map(|(failure, wrong)| (disturbed(failure, outcome), wrong)));
        }
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
            .because(match outcome.schedule {
                Schedule::Killed { .. } => text!(
                    "A is dead, and nobody who is left changes what {who} looks at.";
                    "A 已经死亡，剩下的进程都不会改变 {who} 所检查的内容。"
                ),
                _ => text!(
                    "All others have finished, and nothing that {who} looks at will ever change.";
                    "其余进程都已结束，{who} 所检查的内容再也不会改变。"
                ),
            })
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
    Ok(Some((disturbed(failure, outcome), None)))
}

/// A failure that also says what happened to A.
fn disturbed(failure: Failure, outcome: &Outcome) -> Failure {
    match what_happened(outcome) {
        Some(what) => failure.because(what),
        None => failure,
    }
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
    let wrong = match outcome.schedule {
        Schedule::Killed { .. } => ledger.judge_survivors(&asked, &answered, &after)?,
        _ => ledger.judge(&asked, &answered, &after)?,
    };
    Ok(wrong.map(|wrong| {
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
        Schedule::One { .. } | Schedule::Killed { .. } | Schedule::Signalled { .. } => 1,
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
        Schedule::Killed { a, met: false } => format!("k{}", a + 1),
        Schedule::Killed { a, met: true } => format!("k{}+b", a + 1),
        Schedule::Signalled { a } => format!("s{}", a + 1),
    }
}

fn read_schedule(words: &str) -> Judgement<Schedule> {
    let place = |digits: &str| {
        digits
            .parse()
            .ok()
            .and_then(|number: usize| number.checked_sub(1))
    };
    let killed = |met| move |a| Schedule::Killed { a, met };
    if let Some(rest) = words.strip_prefix('k') {
        let schedule = match rest.strip_suffix("+b") {
            Some(digits) => place(digits).map(killed(true)),
            None => place(rest).map(killed(false)),
        };
        return schedule.ok_or_else(|| no_schedule(words));
    }
    if let Some(digits) = words.strip_prefix('s')
        && words != "serial"
    {
        let schedule = place(digits).map(|a| Schedule::Signalled { a });
        return schedule.ok_or_else(|| no_schedule(words));
    }
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
            Schedule::Killed { a: 4, met: false },
            Schedule::Killed { a: 4, met: true },
            Schedule::Signalled { a: 99 },
        ] {
            assert_eq!(
                read_schedule(&write_schedule(schedule)).ok(),
                Some(schedule)
            );
        }
        assert!(
            read_schedule("0").is_err()
                && read_schedule("1+").is_err()
                && read_schedule("k0").is_err()
                && read_schedule("s+b").is_err()
                && read_schedule("").is_err()
        );
    }
}
