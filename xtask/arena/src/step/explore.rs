//! The rounds of an exploration: who is held where, who goes on first, and when it is certain that
//! nobody will. Whether the answers are right is for the client to say.

use std::{io, rc::Rc, time::Instant};

use nix::sys::ptrace;
use probe::SourceLine;

use super::{
    guard::{SYSCALL_LENGTH, scout},
    path::{Path, Recorder, Walked, jump, walk},
    task::{Bounds, Ran, Tracer, still},
};
use crate::{
    helper::{Helper, Lines, Sleep, Trouble, call_name},
    protocol::{
        Disturbance, End, Exploration, Explored, Heard, How, Measure, Outcome, ProcessId, Schedule,
        Who,
    },
};

/// For an operation that nobody disturbs: far more than any needs.
const ALONE: Bounds = Bounds {
    calls: 20_000,
    steps: 2_000_000,
};
/// So often each process gets its turn in a round.
const TURNS: usize = 20;

type Emit<'a> = &'a mut dyn FnMut(Outcome) -> io::Result<()>;

/// Explores, and hands out each outcome.
pub(crate) fn explore(
    helper: &mut Helper,
    exploration: &Exploration,
    emit: Emit<'_>,
) -> Result<Explored, Trouble> {
    let began = Instant::now();
    let Some(first) = exploration.processes.first() else {
        return Err(Trouble::Failed(
            "an exploration without processes".to_owned(),
        ));
    };
    let pid = helper.process(*first)?.pid;
    // Reading them takes longer than many a round.
    let lines = match exploration.recorded {
        true => Lines::of(pid).map(Rc::new),
        false => None,
    };
    let mut explorer = Explorer {
        tracer: Tracer::new(helper.ends),
        helper,
        exploration,
        emit,
        random: exploration.seed | 1,
        round: 0,
        number: 0,
        bounds: ALONE,
        lines,
        mark: 0,
        recorder: None,
        explored: Explored::default(),
    };
    match explorer.rounds() {
        Ok(()) | Err(Halt::Over) => {}
        // In the middle of something when the time was over: that place was not reached.
        Err(Halt::Trouble(Trouble::Failed(_))) if explorer.tracer.is_late(explorer.helper) => {
            explorer.explored.missed += 1;
        }
        Err(Halt::Trouble(trouble)) => return Err(trouble),
        Err(Halt::End(end)) => return Err(Trouble::Failed(format!("outside a round: {end:?}"))),
    }
    let mut explored = explorer.explored;
    explored.steps = explorer.tracer.steps;
    explored.stops = explorer.tracer.stops;
    explored.microseconds = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    Ok(explored)
}

pub(super) struct Explorer<'a> {
    pub(super) helper: &'a mut Helper,
    pub(super) tracer: Tracer,
    pub(super) exploration: &'a Exploration,
    emit: Emit<'a>,
    random: u64,
    round: u64,
    /// Of the last question.
    number: u64,
    /// When a process that others disturb is said to go round in circles.
    bounds: Bounds,
    pub(super) lines: Option<Rc<Lines>>,
    /// Where the driver makes its marks.
    pub(super) mark: u64,
    /// Notes the touches of the round, if they are wanted.
    pub(super) recorder: Option<Recorder>,
    pub(super) explored: Explored,
}

/// Why a round does not go on.
pub(super) enum Halt {
    Trouble(Trouble),
    /// The operations have ended so, and not by finishing.
    End(End),
    /// The outcome has been handed out, and no further round is possible.
    Over,
}

impl<T: Into<Trouble>> From<T> for Halt {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

/// What a round has brought so far.
pub(super) struct Round {
    asked: Vec<String>,
    pub(super) answered: Vec<Option<String>>,
    /// Who was killed in the middle of it.
    pub(super) killed: Option<Who>,
    /// Where that was, or where a signal came.
    pub(super) at: Option<SourceLine>,
}

/// How a process is brought to a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By a breakpoint, on a way that is known.
    Jump,
    /// By the faults of its shared touches.
    Scout,
    /// Step by step, so that every touch can be noted.
    Walk,
}

/// Whether everybody came to the place where they should be held.
pub(super) type Reached = bool;

impl Explorer<'_> {
    fn rounds(&mut self) -> Result<(), Halt> {
        match self.exploration.disturbance {
            Disturbance::Nothing => {}
            Disturbance::Kill { measured } => return self.kill_round(measured),
            Disturbance::Signal(number) => return self.signal_rounds(number),
        }
        let everybody = self.exploration.processes.len();
        // Twice, so that start-up work is over: lazily bound symbols, first touches of pages.
        for _ in 0..2 {
            self.serial(everybody)?;
        }
        let alone = self.alone()?;
        if let Some(schedule) = self.exploration.only {
            return self.only(&alone, everybody, schedule);
        }
        for a in 0..alone.shared.len() {
            let of_b = self.one(&alone, a)?;
            for b in 0..of_b {
                self.two(&alone, a, b)?;
            }
        }
        if everybody > 2 {
            for a in 0..alone.shared.len() {
                self.three(&alone, a)?;
            }
        }
        Ok(())
    }

    /// What the operation needs when nobody is in its way: the measure for circles.
    pub(super) fn measure(&mut self, measure: Measure) {
        let Measure {
            instructions,
            calls,
        } = measure;
        self.explored.instructions = instructions;
        self.explored.calls = calls;
        let twenty_times = |count: usize| 20 * u32::try_from(count).unwrap_or(u32::MAX / 40);
        self.bounds = Bounds {
            calls: twenty_times(calls) + 50,
            steps: twenty_times(instructions) + 5000,
        };
    }

    /// One schedule.
    fn only(&mut self, alone: &Path, everybody: usize, only: Schedule) -> Result<(), Halt> {
        let processes = match only {
            Schedule::Serial => everybody,
            Schedule::Alone => 1,
            Schedule::One { .. } | Schedule::Two { .. } => 2,
            Schedule::Three { .. } => 3,
            Schedule::Killed { .. } | Schedule::Signalled { .. } => return Ok(()),
        };
        if self.exploration.recorded {
            self.recorder = Some(Recorder::new(self.lines.clone(), processes));
        }
        match only {
            Schedule::Serial => self.serial(everybody),
            Schedule::Alone => self.alone().map(drop),
            Schedule::One { a } => self.one(alone, a).map(drop),
            Schedule::Two { a, b } => self.two(alone, a, b),
            Schedule::Three { a } => self.three(alone, a),
            Schedule::Killed { .. } | Schedule::Signalled { .. } => Ok(()),
        }
    }

    /// One after the other.
    pub(super) fn serial(&mut self, processes: usize) -> Result<(), Halt> {
        self.in_round(Schedule::Serial, processes, |explorer, round| {
            for who in 0..processes {
                explorer.settle(round, who, who + 1)?;
            }
            Ok(true)
        })?;
        Ok(())
    }

    /// A alone: its way, and its shared instructions.
    pub(super) fn alone(&mut self) -> Result<Path, Halt> {
        let mut path = Path::default();
        self.in_round(Schedule::Alone, 1, |explorer, round| {
            let (walked, end) = explorer.walk(0, ALONE, None)?;
            path = walked;
            match end {
                Walked::Ran(Ran::Mark) => round.answered[0] = Some(explorer.finish(0)?),
                Walked::Ran(ran) => return Err(explorer.hopeless(0, ran)),
                Walked::Held => {}
            }
            Ok(true)
        })?;
        self.measure(Measure {
            instructions: path.rips.len(),
            calls: path.calls,
        });
        self.explored.shared = path.shared.len();
        self.mark = path.rips.last().copied().unwrap_or(0);
        Ok(path)
    }

    /// A at its place `a`, B as far as it gets, then A first again. Tells how many shared
    /// instructions B came by.
    fn one(&mut self, alone: &Path, a: usize) -> Result<usize, Halt> {
        self.explored.ones += 1;
        let mut of_b = 0;
        self.placed(Schedule::One { a }, 2, |explorer, round, way| {
            if !explorer.hold(round, alone, a, way)? {
                return Ok(false);
            }
            let (shared, end) = explorer.advance(1, None)?;
            of_b = shared;
            match end {
                Walked::Ran(Ran::Mark) => round.answered[1] = Some(explorer.finish(1)?),
                Walked::Ran(ran @ (Ran::Ended(_) | Ran::NewTask(_) | Ran::Endless | Ran::Late)) => {
                    return Err(explorer.hopeless(1, ran));
                }
                Walked::Ran(Ran::Blocked(_) | Ran::Polling) | Walked::Held => {}
            }
            explorer.settle(round, 0, 2)?;
            Ok(true)
        })?;
        Ok(of_b)
    }

    /// A at `a`, B at `b`; A goes on first.
    fn two(&mut self, alone: &Path, a: usize, b: usize) -> Result<(), Halt> {
        self.explored.twos += 1;
        self.placed(Schedule::Two { a, b }, 2, |explorer, round, way| {
            if !(explorer.hold(round, alone, a, way)? && explorer.hold_on_its_way(round, 1, b)?) {
                return Ok(false);
            }
            explorer.settle(round, 0, 2)?;
            Ok(true)
        })
    }

    /// A at `a`; B and C as far as they get, in turn; then A.
    fn three(&mut self, alone: &Path, a: usize) -> Result<(), Halt> {
        self.explored.threes += 1;
        self.placed(Schedule::Three { a }, 3, |explorer, round, way| {
            if !explorer.hold(round, alone, a, way)? {
                return Ok(false);
            }
            explorer.settle(round, 1, 3)?;
            Ok(true)
        })
    }

    /// A round whose processes must first be brought to their places: by jumps, and if these miss,
    /// step by step.
    fn placed(
        &mut self,
        schedule: Schedule,
        processes: usize,
        mut body: impl FnMut(&mut Self, &mut Round, Way) -> Result<Reached, Halt>,
    ) -> Result<(), Halt> {
        let ways: &[Way] = if self.recorder.is_some() {
            &[Way::Walk]
        } else {
            &[Way::Jump, Way::Scout]
        };
        for way in ways {
            if self.in_round(schedule, processes, |explorer, round| {
                body(explorer, round, *way)
            })? {
                return Ok(());
            }
        }
        self.explored.missed += 1;
        Ok(())
    }

    /// A round: everybody is brought to the begin of the operation, `body` does the rest, everybody
    /// is asked afterwards, and the outcome is handed out.
    pub(super) fn in_round(
        &mut self,
        schedule: Schedule,
        processes: usize,
        body: impl FnOnce(&mut Self, &mut Round) -> Result<Reached, Halt>,
    ) -> Result<Reached, Halt> {
        self.round += 1;
        let mut round = Round {
            asked: Vec::new(),
            answered: vec![None; processes],
            killed: None,
            at: None,
        };
        let mut after = Vec::new();
        let mut reached = true;
        let result = (|| {
            for who in 0..processes {
                let asked = self.begin(who)?;
                round.asked.push(asked);
            }
            reached = body(self, &mut round)?;
            if !reached {
                self.settle(&mut round, 0, processes)?;
            }
            for who in (0..processes).filter(|who| round.killed != Some(*who)) {
                after.push(self.ask_after(who)?);
            }
            Ok(())
        })();
        if let Some(killed) = round.killed {
            round.answered[killed] = None;
        }
        let (end, over) = match result {
            Ok(()) => (End::Finished, false),
            Err(Halt::End(end)) => (end, true),
            Err(halt) => return Err(halt),
        };
        if over {
            after.clear();
        }
        let touches = self
            .recorder
            .as_mut()
            .map(|recorder| std::mem::take(&mut recorder.touches));
        let outcome = Outcome {
            // Who missed its place was held nowhere.
            schedule: if reached { schedule } else { Schedule::Serial },
            asked: round.asked,
            answered: round.answered,
            after,
            at: round.at,
            end,
            touches: touches.unwrap_or_default(),
        };
        (self.emit)(outcome)?;
        if over { Err(Halt::Over) } else { Ok(reached) }
    }

    /// Brings A to its shared instruction `place`.
    fn hold(
        &mut self,
        round: &mut Round,
        path: &Path,
        place: usize,
        way: Way,
    ) -> Result<Reached, Halt> {
        if way != Way::Jump {
            return self.hold_on_its_way(round, 0, place);
        }
        let id = self.id(0);
        self.tracer.bounds = None;
        Ok(jump(
            &mut self.tracer,
            self.helper,
            id,
            path,
            place,
            self.mark,
        )?)
    }

    /// Brings a process whose way is not known to its shared instruction `place`.
    pub(super) fn hold_on_its_way(
        &mut self,
        round: &mut Round,
        who: Who,
        place: usize,
    ) -> Result<Reached, Halt> {
        match self.advance(who, Some(place))?.1 {
            Walked::Held => Ok(true),
            // It has finished without coming there.
            Walked::Ran(Ran::Mark) => {
                round.answered[who] = Some(self.finish(who)?);
                Ok(false)
            }
            Walked::Ran(ran @ (Ran::Ended(_) | Ran::NewTask(_) | Ran::Endless | Ran::Late)) => {
                Err(self.hopeless(who, ran))
            }
            Walked::Ran(_) => Ok(false),
        }
    }

    /// Lets a process go on to its shared instruction `until`, or as far as it gets; step by step
    /// if its touches are noted. Tells how many shared instructions it came by.
    pub(super) fn advance(
        &mut self,
        who: Who,
        until: Option<usize>,
    ) -> Result<(usize, Walked), Halt> {
        if self.recorder.is_some() {
            let (path, end) = self.walk(who, self.bounds, until)?;
            return Ok((path.shared.len(), end));
        }
        let id = self.id(who);
        Ok(scout(
            &mut self.tracer,
            self.helper,
            id,
            self.mark,
            self.bounds,
            until,
        )?)
    }

    /// Lets everybody finish, `first` first and then in turn; unless it is certain that somebody
    /// never will.
    pub(super) fn settle(
        &mut self,
        round: &mut Round,
        first: Who,
        processes: usize,
    ) -> Result<(), Halt> {
        let mut asleep: Vec<Option<Sleep>> = vec![None; processes];
        let mut polling: Vec<bool> = vec![false; processes];
        for turn in 0..TURNS * processes {
            let who = (first + turn) % processes;
            if round.answered[who].is_some() {
                continue;
            }
            let ran = self.go(who)?;
            asleep[who] = None;
            polling[who] = matches!(ran, Ran::Polling);
            // Who has not begun is in nobody's way.
            let unfinished = round.answered[..processes]
                .iter()
                .filter(|answer| answer.is_none())
                .count();
            match ran {
                Ran::Mark => {
                    round.answered[who] = Some(self.finish(who)?);
                    if round.answered[..processes].iter().all(Option::is_some) {
                        return Ok(());
                    }
                }
                Ran::Blocked(sleep) => {
                    asleep[who] = Some(sleep);
                    let alone = unfinished == 1;
                    let mut hopeless = true;
                    for (other, sleep) in asleep.iter().enumerate() {
                        hopeless &= round.answered[other].is_some()
                            || match sleep {
                                Some(sleep) => self.still(other, *sleep)?,
                                None => false,
                            };
                    }
                    if hopeless {
                        let call = call_name(sleep.call);
                        return Err(Halt::End(End::Asleep {
                            who,
                            call,
                            others_finished: alone,
                        }));
                    }
                }
                Ran::Polling if unfinished == 1 => return Err(Halt::End(End::Spinning { who })),
                Ran::Polling => {}
                ran @ (Ran::Ended(_) | Ran::NewTask(_) | Ran::Endless | Ran::Late) => {
                    return Err(self.hopeless(who, ran));
                }
            }
        }
        // Somebody who was killed comes back to nobody's help, so who has gone round in circles in
        // every one of its turns always will.
        let unfinished = (0..processes).filter(|who| round.answered[*who].is_none());
        let mut unfinished = unfinished.peekable();
        match unfinished.peek().copied() {
            Some(who) if round.killed.is_some() && unfinished.all(|who| polling[who]) => {
                Err(Halt::End(End::Spinning { who }))
            }
            _ => Err(Halt::End(End::Bound)),
        }
    }

    fn still(&mut self, who: Who, sleep: Sleep) -> Result<bool, Halt> {
        let id = self.id(who);
        Ok(still(self.helper, id, sleep)?)
    }

    /// One process, as far as it gets.
    fn go(&mut self, who: Who) -> Result<Ran, Halt> {
        if self.recorder.is_some() {
            return match self.walk(who, self.bounds, None)?.1 {
                Walked::Ran(ran) => Ok(ran),
                Walked::Held => Err(Halt::End(End::Bound)),
            };
        }
        // Until A's way is known there is no measure for a circle, and nobody in the way: then it is
        // the CPU time that tells who never ends.
        let measured = self.explored.instructions > 0;
        self.tracer.bounds = measured.then_some(self.bounds);
        let id = self.id(who);
        Ok(self.tracer.run(self.helper, id)?)
    }

    fn walk(
        &mut self,
        who: Who,
        bounds: Bounds,
        until: Option<usize>,
    ) -> Result<(Path, Walked), Halt> {
        let id = self.id(who);
        let recorder = self.recorder.as_mut();
        Ok(walk(
            &mut self.tracer,
            self.helper,
            (id, who),
            bounds,
            until,
            recorder,
        )?)
    }

    /// Asks a process to do the operation, and holds it at its begin. Gives what was asked.
    fn begin(&mut self, who: Who) -> Result<String, Halt> {
        let asked = self.fill_in(&self.exploration.operation);
        let id = self.id(who);
        self.tell(who, &asked)?;
        self.tracer.bounds = None;
        loop {
            match self.tracer.run(self.helper, id)? {
                Ran::Mark => {
                    if self.mark == 0 {
                        // It stands behind the call, and the other mark is made there too.
                        let pid = self.helper.process(id)?.pid;
                        self.mark = ptrace::getregs(pid)?.rip - SYSCALL_LENGTH;
                    }
                    return Ok(asked);
                }
                Ran::Blocked(_) | Ran::Polling => {
                    if let Some(line) = self.helper.process(id)?.line() {
                        return Err(Halt::Trouble(Trouble::Failed(format!(
                            "the driver answered `{asked}` without an operation: {line}"
                        ))));
                    }
                }
                ran => return Err(self.hopeless(who, ran)),
            }
        }
    }

    /// The answer of a process that has just made its end mark.
    pub(super) fn finish(&mut self, who: Who) -> Result<String, Halt> {
        let id = self.id(who);
        self.tracer.bounds = None;
        loop {
            if let Some(line) = self.helper.process(id)?.line() {
                return Ok(line);
            }
            match self.tracer.run(self.helper, id)? {
                Ran::Mark => return Err(Halt::End(End::Forged { who })),
                Ran::Blocked(_) | Ran::Polling => {}
                ran => return Err(self.hopeless(who, ran)),
            }
        }
    }

    fn ask_after(&mut self, who: Who) -> Result<String, Halt> {
        let question = self.fill_in(&self.exploration.after);
        self.tell(who, &question)?;
        let id = self.id(who);
        match super::hear(self.helper, id, self.helper.ends)? {
            Heard::Line(line) => Ok(line),
            Heard::Ended(ended) if ended.how == How::NoTurn => Err(Halt::End(End::Bound)),
            Heard::Ended(ended) if ended.how == How::TimedOut => {
                let over = self.tracer.is_late(self.helper);
                Err(Halt::End(if over {
                    End::Bound
                } else {
                    End::TimedOut { who }
                }))
            }
            Heard::Ended(ended) => Err(Halt::End(End::Ended { who, ended })),
            Heard::Held => Err(Halt::Trouble(Trouble::Failed(
                "who is stepped is not held before calls".to_owned(),
            ))),
        }
    }

    fn tell(&mut self, who: Who, question: &str) -> Result<(), Halt> {
        self.number += 1;
        let line = format!("{} {question}", self.number);
        let id = self.id(who);
        self.helper.process(id)?.tell(&line);
        Ok(())
    }

    /// How the operations end when a process got no further than this.
    pub(super) fn hopeless(&mut self, who: Who, ran: Ran) -> Halt {
        let end = match ran {
            Ran::Ended(status) => {
                let id = self.id(who);
                match self
                    .helper
                    .process(id)
                    .map(|process| process.end_by(status))
                {
                    Ok(Some(ended)) => End::Ended { who, ended },
                    _ => return Halt::Trouble(Trouble::Failed("an end that is none".to_owned())),
                }
            }
            Ran::NewTask(_) => End::OtherTask { who },
            Ran::Endless => End::TimedOut { who },
            Ran::Blocked(sleep) => End::Asleep {
                who,
                call: call_name(sleep.call),
                others_finished: true,
            },
            Ran::Late | Ran::Polling | Ran::Mark => End::Bound,
        };
        Halt::End(end)
    }

    fn fill_in(&mut self, template: &str) -> String {
        // Marsaglia's xorshift: the numbers need only differ.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        template
            .replace("$random", &(1 + self.random % 1000).to_string())
            .replace("$round", &format!("{:08}", self.round))
    }

    pub(super) fn id(&self, who: Who) -> ProcessId {
        self.exploration.processes[who]
    }
}
