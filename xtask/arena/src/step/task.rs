//! Holding one process: letting it go by one instruction or until something happens, telling
//! whether it sleeps, and knowing the marks of its driver. Which process runs when is decided
//! elsewhere.
//!
//! Waiting never decides anything by itself: a sleep is a state that the kernel tells of, and a
//! process that neither stops nor sleeps is interrupted and its instructions are counted.

use std::time::{Duration, Instant};

use nix::{libc::user_regs_struct as Registers, sys::ptrace, unistd::Pid};

use super::{circle::Circle, shared::Shared};
use crate::{
    helper::{
        Helper, Process, Resume, Sleep, Status, Trouble, Turns, asleep_in, cpu_time, reap, resume,
    },
    protocol::ProcessId,
};

const TRAP: i32 = libc::SIGTRAP;
/// A stop at a system call, as `PTRACE_O_TRACESYSGOOD` marks it.
const CALL_TRAP: i32 = libc::SIGTRAP | 0x80;
/// The first wait; each further one is twice as long, up to the second figure.
const FIRST_LOOK: Duration = Duration::from_micros(20);
const LONGEST_LOOK: Duration = Duration::from_millis(1);
/// CPU time that a process may use between two stops that matter, when nobody is in its way: a
/// thousand times what any needs.
const LONGEST_RUN: Duration = Duration::from_secs(5);
/// The same for sleeping in one call, in a process that nobody is to wake.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);
/// CPU time without a stop after which a process is called busy.
const BUSY: Duration = Duration::from_millis(1);

/// What waiting for a process has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// It has stopped or ended.
    Event(Status),
    /// It sleeps in a system call.
    Asleep(Sleep),
    /// Neither, for now.
    Busy,
    /// The time is over.
    Late,
}

/// How far a process got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ran {
    /// To a mark of its driver.
    Mark,
    /// Into a system call in which it sleeps.
    Blocked(Sleep),
    /// Nowhere: it goes round in circles.
    Polling,
    /// To its end.
    Ended(Status),
    /// It has started another task.
    NewTask(Pid),
    /// Nowhere, for so long and with nobody in its way that it never will.
    Endless,
    /// The time for all of it is over.
    Late,
}

/// The counts of an exploration, and its bounds.
#[derive(Debug)]
pub(super) struct Tracer {
    /// When to give up, by the clock.
    until: Instant,
    /// Since it began, of the helper and of all processes.
    turns: Turns,
    pub(super) steps: u64,
    pub(super) stops: u64,
    /// The sleep in which a process was last seen, and since when it has not stopped.
    asleep_since: Option<(Sleep, Instant)>,
    /// Within an operation: how many system calls, and how many instructions, before a process is
    /// said to go round in circles; `None`: it may take as long as it likes.
    pub(super) bounds: Option<Bounds>,
}

/// Far more than an operation needs when nobody is in its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) calls: u32,
    pub(super) steps: u32,
}

impl Tracer {
    pub(super) fn new(until: Instant) -> Self {
        Self {
            until,
            turns: Turns::of(Pid::this()),
            steps: 0,
            stops: 0,
            asleep_since: None,
            bounds: None,
        }
    }

    /// Whether the time is over: by the clock, or because all of it that is given was spent here and
    /// not on waiting for a CPU. Helper and stepped processes run one at a time.
    pub(super) fn is_late(&mut self, helper: &Helper) -> bool {
        let own = helper.limits.own_time();
        if Instant::now() >= self.until {
            return true;
        }
        // This is known without a look at all tasks.
        if self.turns.passed() < own {
            return false;
        }
        self.turns.look(Pid::this());
        self.turns.own() >= own
    }

    /// Waits until a process stops, ends, sleeps, or has been busy for a while.
    pub(super) fn wait(&mut self, helper: &mut Helper, id: ProcessId) -> Result<Stop, Trouble> {
        let pid = helper.process(id)?.pid;
        let mut time = FIRST_LOOK;
        let mut began = None;
        loop {
            if let Some(status) = self.event(pid) {
                return Ok(Stop::Event(status));
            }
            helper.bell.wait(&[], time);
            if let Some(status) = self.event(pid) {
                return Ok(Stop::Event(status));
            }
            // Whoever prints much sleeps until the pipe has been read.
            if let Some(sleep) = asleep_in(pid)
                && !helper.drain()
            {
                // It may have been on its way to a stop when it was looked at.
                return Ok(self.event(pid).map_or(Stop::Asleep(sleep), Stop::Event));
            }
            time = (time * 2).min(LONGEST_LOOK);
            if time < LONGEST_LOOK {
                continue;
            }
            helper.drain();
            if helper.client_has_gone() {
                return Err(Trouble::Failed("the client has gone".to_owned()));
            }
            if self.is_late(helper) {
                return Ok(Stop::Late);
            }
            // On a machine that is busy elsewhere it may just not have had its turn yet.
            let used = cpu_time(pid);
            if used - *began.get_or_insert(used) > BUSY {
                return Ok(Stop::Busy);
            }
        }
    }

    fn event(&mut self, pid: Pid) -> Option<Status> {
        let status = reap(pid, false)?;
        self.stops += 1;
        self.asleep_since = None;
        Some(status)
    }

    /// One instruction. If it is a system call it may block; a sleep for a time returns at once,
    /// because how long it would last is nobody's business here.
    pub(super) fn step(
        &mut self,
        helper: &mut Helper,
        id: ProcessId,
        is_call: bool,
    ) -> Result<Stop, Trouble> {
        self.step_with(helper, id, is_call, 0)
    }

    /// One instruction, or with a signal the way into its handler.
    pub(super) fn step_with(
        &mut self,
        helper: &mut Helper,
        id: ProcessId,
        is_call: bool,
        signal: i32,
    ) -> Result<Stop, Trouble> {
        let pid = helper.process(id)?.pid;
        self.steps += 1;
        if is_call && signal == 0 {
            let mut registers = ptrace::getregs(pid)?;
            if is_sleep(registers.rax) {
                registers.rip += 2;
                registers.rax = 0;
                ptrace::setregs(pid, registers)?;
                return Ok(Stop::Event(Status::Stopped {
                    signal: TRAP,
                    event: 0,
                }));
            }
        }
        let mut deliver = signal;
        loop {
            resume(pid, Resume::Step, std::mem::take(&mut deliver));
            helper.process(id)?.stopped = false;
            let stop = if is_call {
                loop {
                    match self.wait(helper, id)? {
                        Stop::Busy => {}
                        other => break other,
                    }
                }
            } else {
                match reap(pid, true) {
                    Some(status) => Stop::Event(status),
                    None => return Err(Trouble::Failed("a step did not end".to_owned())),
                }
            };
            let process = helper.process(id)?;
            match stop {
                // Left over from an interrupt; it is not the step's own.
                Stop::Event(Status::Stopped {
                    event: libc::PTRACE_EVENT_STOP,
                    ..
                }) => {
                    process.stopped = true;
                }
                // A fault of the instruction itself cannot wait: the instruction would fault again.
                Stop::Event(Status::Stopped { event: 0, signal }) if is_fault(signal) => {
                    process.stopped = true;
                    deliver = signal;
                }
                // A signal waits for the next free run: when it comes must not depend on the clock.
                Stop::Event(Status::Stopped { event: 0, signal }) if signal != TRAP => {
                    process.stopped = true;
                    process.signal = signal;
                }
                other => {
                    process.stopped = matches!(other, Stop::Event(Status::Stopped { .. }));
                    return Ok(other);
                }
            }
        }
    }

    /// Lets a process run until it comes to a mark, sleeps, ends, or exceeds the bounds.
    pub(super) fn run(&mut self, helper: &mut Helper, id: ProcessId) -> Result<Ran, Trouble> {
        let (mut calls, mut circle) = (0, Circle::default());
        // Whether the call is the return from a signal handler: it comes back to where the signal
        // had come, as often as signals come there, and that is no circle of the process's own.
        let mut returns = false;
        let patience = cpu_time(helper.process(id)?.pid) + LONGEST_RUN;
        loop {
            let process = helper.process(id)?;
            let (pid, channel) = (process.pid, process.channel_number);
            if process.ended.is_some() {
                return Err(Trouble::Failed(
                    "a process that has ended cannot run".to_owned(),
                ));
            }
            if process.stopped {
                resume(pid, Resume::ToCall, std::mem::take(&mut process.signal));
                process.stopped = false;
            }
            let status = match self.wait(helper, id)? {
                Stop::Event(status) => status,
                Stop::Asleep(sleep) => return Ok(self.blocked(sleep)),
                Stop::Late => return Ok(Ran::Late),
                Stop::Busy => match self.bounds {
                    None if cpu_time(pid) > patience => return Ok(Ran::Endless),
                    None => continue,
                    Some(bounds) => return self.run_counted(helper, id, bounds),
                },
            };
            let process = helper.process(id)?;
            let Status::Stopped { signal, event } = status else {
                return Ok(Ran::Ended(status));
            };
            process.stopped = true;
            if signal == CALL_TRAP {
                let mut registers = ptrace::getregs(pid)?;
                if is_mark(&registers, channel) {
                    return Ok(Ran::Mark);
                }
                if registers.rax == (-i64::from(libc::ENOSYS)).cast_unsigned() {
                    returns = registers.orig_rax == libc::SYS_rt_sigreturn.cast_unsigned();
                    if is_sleep(registers.orig_rax) {
                        registers.orig_rax = u64::MAX;
                        registers.rax = 0;
                        ptrace::setregs(pid, registers)?;
                    }
                } else if let Some(bounds) = self.bounds
                    && !returns
                {
                    calls += 1;
                    if calls > bounds.calls || circle.closes(pid, &registers) {
                        return Ok(Ran::Polling);
                    }
                }
            } else if let Some(task) = new_task(pid, event)? {
                return Ok(Ran::NewTask(task));
            } else if event == 0 && signal != TRAP {
                process.signal = signal;
            }
        }
    }

    /// It sleeps; if it has done nothing else for long, and may take as long as it likes, it always
    /// will.
    fn blocked(&mut self, sleep: Sleep) -> Ran {
        let now = Instant::now();
        match self.asleep_since {
            Some((same, since)) if same == sleep => {
                if self.bounds.is_none() && now - since > LONGEST_SLEEP {
                    return Ran::Endless;
                }
            }
            _ => self.asleep_since = Some((sleep, now)),
        }
        Ran::Blocked(sleep)
    }

    /// No stop for a while: is it slow, or does it spin? Its instructions are counted, not seconds.
    fn run_counted(
        &mut self,
        helper: &mut Helper,
        id: ProcessId,
        bounds: Bounds,
    ) -> Result<Ran, Trouble> {
        let process = helper.process(id)?;
        let (pid, channel) = (process.pid, process.channel_number);
        // It may end in this moment, which shows below.
        ptrace::interrupt(pid).ok();
        loop {
            match self.wait(helper, id)? {
                Stop::Busy => {}
                Stop::Late => return Ok(Ran::Late),
                Stop::Asleep(sleep) => return Ok(Ran::Blocked(sleep)),
                Stop::Event(Status::Stopped { signal, event }) => {
                    let process = helper.process(id)?;
                    process.stopped = true;
                    // This stop may be one that was on its way before the interrupt, even the mark;
                    // the interrupt's own stop then comes later.
                    if signal == CALL_TRAP && is_mark(&ptrace::getregs(pid)?, channel) {
                        return Ok(Ran::Mark);
                    }
                    if let Some(task) = new_task(pid, event)? {
                        return Ok(Ran::NewTask(task));
                    }
                    if event == 0 && signal & 0x7f != TRAP {
                        process.signal = signal;
                    }
                    break;
                }
                Stop::Event(ended) => return Ok(Ran::Ended(ended)),
            }
        }
        let (mut shared, mut circle) = (Shared::new(), Circle::default());
        // Where the interrupt has come is not known: the first step may be a system call.
        let mut is_call = true;
        for _ in 0..bounds.steps {
            match self.step(helper, id, is_call)? {
                Stop::Asleep(sleep) => return Ok(Ran::Blocked(sleep)),
                Stop::Late => return Ok(Ran::Late),
                Stop::Event(Status::Stopped { event, .. }) => {
                    if let Some(task) = new_task(pid, event)? {
                        return Ok(Ran::NewTask(task));
                    }
                }
                Stop::Event(ended) => return Ok(Ran::Ended(ended)),
                Stop::Busy => {}
            }
            let registers = ptrace::getregs(pid)?;
            if is_mark(&registers, channel) {
                return Ok(Ran::Mark);
            }
            let look = shared.look(pid, &registers);
            is_call = look.is_call;
            if look.is_shared() && circle.closes(pid, &registers) {
                return Ok(Ran::Polling);
            }
        }
        Ok(Ran::Polling)
    }
}

/// Whether a process sleeps for good unless somebody wakes it. Who has been woken is runnable
/// before the waker's call returns; it is looked at several times because one that is about to
/// leave its call may still be seen in it.
pub(super) fn still(helper: &mut Helper, id: ProcessId, sleep: Sleep) -> Result<bool, Trouble> {
    let pid = helper.process(id)?.pid;
    Ok(!sleep.is_timed() && (0..3).all(|_| asleep_in(pid) == Some(sleep)))
}

/// The mark of a driver: a write of no bytes on its channel, just done.
pub(super) fn is_mark(registers: &Registers, channel: u64) -> bool {
    let writes = [libc::SYS_write, libc::SYS_sendto].map(i64::cast_unsigned);
    writes.contains(&registers.orig_rax)
        && registers.rdi == channel
        && registers.rdx == 0
        && registers.rax == 0
}

pub(super) fn is_fault(signal: i32) -> bool {
    matches!(
        signal,
        libc::SIGSEGV | libc::SIGBUS | libc::SIGILL | libc::SIGFPE
    )
}

fn is_sleep(call: u64) -> bool {
    [libc::SYS_nanosleep, libc::SYS_clock_nanosleep]
        .map(i64::cast_unsigned)
        .contains(&call)
}

/// The task that has just been started, if that is why the process has stopped.
pub(super) fn new_task(pid: Pid, event: i32) -> Result<Option<Pid>, Trouble> {
    let events = [
        libc::PTRACE_EVENT_FORK,
        libc::PTRACE_EVENT_VFORK,
        libc::PTRACE_EVENT_CLONE,
    ];
    if !events.contains(&event) {
        return Ok(None);
    }
    let task = i32::try_from(ptrace::getevent(pid)?)
        .map_err(|_| Trouble::Failed("a process id".to_owned()))?;
    Ok(Some(Pid::from_raw(task)))
}

/// A child that a driver has forked when it was asked to. It is traced already and about to stop.
pub(super) fn adopt(pid: Pid, channel_number: u64, channel: crate::helper::Channel) -> Process {
    let stopped = matches!(reap(pid, true), Some(Status::Stopped { .. }));
    Process::adopted(pid, channel_number, channel, stopped)
}
