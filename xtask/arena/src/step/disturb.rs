//! Rounds in which something happens to the first process beside being held: it is killed, or it
//! gets a signal.
//!
//! Whoever is killed leaves behind what others can see: half of an update, a lock that nobody gives
//! back. So it is killed at each of its shared instructions, and between two of them nothing changes
//! for anybody else. The others may have come by before and wait, or come later: both are tried. The
//! dead do not come back, so each such round has processes of its own.
//!
//! A signal's handler runs in the process itself and sees its private memory too. So the signal comes
//! once at each different instruction of its way, when the process gets there for the first time.
//! What a handler breaks only in the second turn of a loop is not found.

use nix::sys::ptrace;

use super::{
    explore::{Explorer, Halt, Round},
    path::{Path, Recorder, Walked, jump},
    task::{Ran, Stop},
};
use crate::{
    helper::{Status, Trouble},
    protocol::{How, Measure, Schedule},
};

/// The most instructions at which a signal is tried; the rest count as not reached.
const MOST_SIGNALS: usize = 3000;

impl Explorer<'_> {
    /// One round in which A is killed before its shared instruction `a`. If it has fewer, it lives,
    /// and the round is called a serial one.
    pub(super) fn kill_round(&mut self, measured: Option<Measure>) -> Result<(), Halt> {
        let everybody = self.exploration.processes.len();
        let Some(Schedule::Killed { a, met }) = self.exploration.only else {
            return Err(Halt::Trouble(Trouble::Failed(
                "who has been killed cannot be killed again: one place at a time".to_owned(),
            )));
        };
        self.serial(everybody)?;
        match measured {
            Some(measure) => self.measure(measure),
            None => drop(self.alone()?),
        }
        if self.exploration.recorded {
            self.recorder = Some(Recorder::new(self.lines.clone(), everybody));
        }
        self.explored.kills += 1;
        let mut missed = false;
        self.in_round(Schedule::Killed { a, met }, everybody, |explorer, round| {
            if !explorer.hold_on_its_way(round, 0, a)? {
                // Either there is no such place, or something was in the way.
                missed = round.answered[0].is_none();
                return Ok(false);
            }
            if met && everybody > 1 {
                explorer.as_far_as_it_gets(round, 1)?;
            }
            explorer.note_where(round)?;
            let id = explorer.id(0);
            let name = "SIGKILL".to_owned();
            let number = libc::SIGKILL;
            explorer
                .helper
                .kill(id, || How::Signalled { name, number })?;
            round.killed = Some(0);
            // It needs no turn.
            round.answered[0] = Some(String::new());
            if everybody > 1 {
                explorer.settle(round, 1, everybody)?;
            }
            Ok(true)
        })?;
        self.explored.missed += usize::from(missed);
        Ok(())
    }

    /// A gets the signal at each instruction of its way; then it finishes, and then all others.
    pub(super) fn signal_rounds(&mut self, number: i32) -> Result<(), Halt> {
        let everybody = self.exploration.processes.len();
        for _ in 0..2 {
            self.serial(everybody)?;
        }
        let mut way = self.alone()?;
        way.shared = way.different();
        self.explored.places = way.shared.len();
        let tried = way.shared.len().min(MOST_SIGNALS);
        self.explored.missed += way.shared.len() - tried;
        let places = match self.exploration.only {
            None => 0..tried,
            Some(Schedule::Signalled { a }) if a < tried => a..a + 1,
            Some(_) => 0..0,
        };
        if self.exploration.recorded {
            self.recorder = Some(Recorder::new(self.lines.clone(), everybody));
        }
        for a in places {
            self.explored.signals += 1;
            // A second time if something was in its way.
            if !(self.signal_round(&way, a, number)? || self.signal_round(&way, a, number)?) {
                self.explored.missed += 1;
            }
        }
        Ok(())
    }

    fn signal_round(&mut self, way: &Path, a: usize, number: i32) -> Result<bool, Halt> {
        let everybody = self.exploration.processes.len();
        self.in_round(Schedule::Signalled { a }, everybody, |explorer, round| {
            let id = explorer.id(0);
            explorer.tracer.bounds = None;
            let (tracer, helper) = (&mut explorer.tracer, &mut *explorer.helper);
            if !jump(tracer, helper, id, way, a, explorer.mark)? {
                return Ok(false);
            }
            explorer.note_where(round)?;
            let stop = explorer
                .tracer
                .step_with(explorer.helper, id, true, number)?;
            match stop {
                Stop::Event(ended @ (Status::Exited(_) | Status::Signalled(_))) => {
                    return Err(explorer.hopeless(0, Ran::Ended(ended)));
                }
                Stop::Late => return Err(explorer.hopeless(0, Ran::Late)),
                Stop::Event(Status::Stopped { .. }) | Stop::Asleep(_) | Stop::Busy => {}
            }
            explorer.settle(round, 0, everybody)?;
            Ok(true)
        })
    }

    /// B as far as it gets, while A is held.
    fn as_far_as_it_gets(&mut self, round: &mut Round, who: usize) -> Result<(), Halt> {
        match self.advance(who, None)?.1 {
            Walked::Ran(Ran::Mark) => round.answered[who] = Some(self.finish(who)?),
            Walked::Ran(ran @ (Ran::Ended(_) | Ran::NewTask(_) | Ran::Endless | Ran::Late)) => {
                return Err(self.hopeless(who, ran));
            }
            Walked::Ran(Ran::Blocked(_) | Ran::Polling) | Walked::Held => {}
        }
        Ok(())
    }

    /// Notes the student's line before which A stands, if somebody is to be shown it.
    fn note_where(&mut self, round: &mut Round) -> Result<(), Halt> {
        if !self.exploration.recorded {
            return Ok(());
        }
        let id = self.id(0);
        let pid = self.helper.process(id)?.pid;
        // Registers can be read, so it still stands there.
        ptrace::getregs(pid)?;
        let stacks = &mut self.helper.tracing.stacks;
        let frames = stacks.of(pid, pid.as_raw());
        round.at = stacks.line(&frames);
        Ok(())
    }
}
