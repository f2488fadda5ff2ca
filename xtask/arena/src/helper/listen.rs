//! Waiting for a line or an end, of a process that runs freely. The time only says when to give up;
//! that nothing can ever come is decided from the states of all tasks.

use std::{
    os::fd::AsFd,
    time::{Duration, Instant},
};

use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    unistd::Pid,
};
use probe::Family;

use super::{
    Helper, Trouble,
    look::{Stand, call_name, stands},
    sys::reap,
};
use crate::{
    orphans::children_of,
    protocol::{Heard, How, ProcessId, Sleeper, Until},
};

/// How often the states are looked at while nothing comes.
const LOOK: Duration = Duration::from_millis(50);

/// The same while somebody waits for a process to fall asleep.
const SOON: Duration = Duration::from_millis(1);

/// So much time of its own is enough for anything that a process is asked for, or a third of what it
/// has, if that is less.
const ENOUGH: Duration = Duration::from_secs(20);

impl Helper {
    /// The next line of a process, or its end.
    pub(super) fn listen(&mut self, id: ProcessId, until: Instant) -> Result<Heard, Trouble> {
        match self.listen_for(id, None, until)? {
            Until::Otherwise(heard) => Ok(heard),
            Until::Blocked(_) => Err(Trouble::Failed("nobody asked for that".to_owned())),
        }
    }

    /// The same, unless a task of the process or of one that it has started sleeps in a call of this
    /// family first.
    pub(super) fn listen_for(
        &mut self,
        id: ProcessId,
        family: Option<Family>,
        until: Instant,
    ) -> Result<Until, Trouble> {
        let mut looked: Option<Vec<Stand>> = None;
        let mut next_look = Instant::now() + LOOK;
        loop {
            self.tracing.pump();
            self.drain();
            if let Some(line) = self.process(id)?.line() {
                return Ok(Until::Otherwise(Heard::Line(line)));
            }
            let process = self.process(id)?;
            let (pid, traced) = (process.pid, process.traced);
            let status = match traced {
                true => self.tracing.end_of(pid),
                false => reap(pid, false),
            };
            let process = self.process(id)?;
            if let Some(status) = status {
                // What it wrote last may have come after the look above.
                if let Some(line) = process.line() {
                    process.end_by(status);
                    return Ok(Until::Otherwise(Heard::Line(line)));
                }
                if let Some(ended) = process.end_by(status) {
                    return Ok(Until::Otherwise(Heard::Ended(ended)));
                }
            }
            if self.tracing.is_parked(pid) {
                return Ok(Until::Otherwise(Heard::Held));
            }
            if let Some(sleeper) = family.and_then(|family| self.blocked(id, family)) {
                return Ok(Until::Blocked(sleeper));
            }
            let now = Instant::now();
            if now >= until || self.has_had_its_time(id)? {
                let how = self.out_of_time(id, until)?;
                return Ok(Until::Otherwise(Heard::Ended(self.kill(id, || how)?)));
            }
            if now >= next_look {
                next_look = now + LOOK;
                self.process(id)?.look_at_turns();
                let stand = self.nothing_can_come(id);
                if let Some(stand) = &stand
                    && looked.as_ref() == Some(stand)
                {
                    let asked = self.process(id)?.pid;
                    let sleepers = stand
                        .iter()
                        .map(|stand| self.sleeper(stand, asked))
                        .collect();
                    return Ok(Until::Otherwise(Heard::Ended(
                        self.kill(id, || How::Deadlocked(sleepers))?,
                    )));
                }
                looked = stand;
            }
            let mut descriptors = vec![self.client.as_fd()];
            for process in &self.processes {
                descriptors.extend(process.descriptors());
            }
            self.bell.wait(
                &descriptors,
                self.tracing
                    .next_release()
                    .map_or(until, |release| until.min(release))
                    .min(next_look)
                    .min(family.map_or(next_look, |_| now + SOON))
                    .saturating_duration_since(now),
            );
            if self.client_has_gone() {
                return Err(Trouble::Failed("the client has gone".to_owned()));
            }
        }
    }

    /// Whether a process has had all the time of its own that it has for what it was asked.
    fn has_had_its_time(&mut self, id: ProcessId) -> Result<bool, Trouble> {
        let (own, process) = (self.limits.own_time(), self.process(id)?);
        // The first is known without a look at its tasks.
        if process.turns.passed() < own {
            return Ok(false);
        }
        process.look_at_turns();
        Ok(process.turns.own() >= own)
    }

    /// What it means that a process has not come to its end by then. A load takes turns away, so the
    /// clock alone says nothing about the process: it is to blame if enough of the time was its own.
    pub(crate) fn out_of_time(&mut self, id: ProcessId, until: Instant) -> Result<How, Trouble> {
        // Whoever has a shorter patience than the box asks for nothing but patience.
        let is_all = until >= self.ends;
        let enough = ENOUGH.min(self.limits.own_time() / 3);
        let process = self.process(id)?;
        process.look_at_turns();
        Ok(if is_all && process.turns.own() < enough {
            How::NoTurn
        } else {
            How::TimedOut
        })
    }

    /// How the tasks of this process stand, if all tasks of the whole box sleep in calls that only
    /// one of them could end.
    fn nothing_can_come(&mut self, id: ProcessId) -> Option<Vec<Stand>> {
        let heard = self.process(id).ok()?.pid;
        let mut of_heard = None;
        for process in &self.processes {
            if process.ended.is_some() {
                continue;
            }
            let all = stands(process.pid)?;
            // A driver that waits for its next question does nothing by itself.
            let idle = process.pid != heard
                && process.channel.is_some()
                && all
                    .iter()
                    .all(|stand| is_next_question(stand, process.channel_number));
            if idle {
                continue;
            }
            if !all.iter().all(Stand::needs_another) {
                return None;
            }
            if process.pid == heard {
                of_heard = Some(all);
            }
        }
        let orphans_sleep = self
            .orphans()
            .into_iter()
            .all(|orphan| stands(orphan).is_some_and(|all| all.iter().all(Stand::needs_another)));
        of_heard.filter(|_| orphans_sleep)
    }

    /// Processes of the box whose parents have gone: children of this helper, or of the box's init,
    /// that were not started here.
    fn orphans(&self) -> Vec<Pid> {
        let own = self.containment.own();
        let adopters = own.iter().copied().chain([Pid::this()]);
        let is_known = |child: &Pid| {
            let mut started = self.processes.iter().map(|process| process.pid);
            own.contains(child) || started.any(|pid| pid == *child)
        };
        let mut orphans: Vec<Pid> = adopters
            .flat_map(|adopter| children_of(adopter.as_raw().unsigned_abs()))
            .collect();
        orphans.retain(|child| !is_known(child));
        orphans
    }

    /// Where a task sleeps that will never wake.
    fn sleeper(&mut self, stand: &Stand, asked: Pid) -> Sleeper {
        Sleeper {
            call: call_name(stand.sleep.call),
            line: self.tracing.line_of_sleeper(stand.task),
            pipes: self.pipe_waits(stand.task, &stand.sleep, asked),
        }
    }

    /// Whether there is nobody left to report to.
    pub(crate) fn client_has_gone(&self) -> bool {
        // A hang-up is told whether it is asked for or not.
        let mut fds = [PollFd::new(self.client.as_fd(), PollFlags::empty())];
        poll(&mut fds, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
    }
}

pub(super) fn is_next_question(stand: &Stand, channel: u64) -> bool {
    matches!(stand.sleep.call, libc::SYS_read | libc::SYS_recvfrom)
        && stand.sleep.arguments[0] == channel
}
