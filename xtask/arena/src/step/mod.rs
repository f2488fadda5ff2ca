//! Exploring what two or three live processes can do to each other.
//!
//! Between two *shared* instructions of a process (a system call, or one that touches a shared
//! mapping) everything that it does is private, so it does not matter when exactly others run
//! there: whatever can happen, happens with somebody held at a shared instruction. The explorer
//! therefore holds A at each of its shared instructions in turn, lets B run there as far as it
//! gets, then holds B at each of *its* shared instructions and lets A go on first; and once more
//! with a third process C. Whatever means of exclusion the student has chosen, it is explored as it
//! is, in the real binary.
//!
//! The processes are started once and live through all rounds; nothing is reset in between. The
//! answers of every round go to the client, who judges them.
//!
//! | module | duty |
//! |---|---|
//! | [`task`] | holding one process: single steps, free runs, sleeps, marks |
//! | [`shared`] | which instructions can others notice? |
//! | [`path`] | one process's way through its operation, and reaching a place on it again |
//! | [`guard`] | finding shared instructions at full speed, by faults |
//! | [`circle`] | telling a process that goes round in circles from one that is slow |
//! | [`explore`] | the rounds |
//! | [`disturb`] | rounds in which one is killed, or gets a signal |
//!
//! Not explored: more than two preemptions, more than three processes, threads, and what
//! the processor's own memory order adds on top of these orders.

mod circle;
mod disturb;
mod explore;
mod guard;
mod path;
mod shared;
mod task;

use std::time::Instant;

use nix::{
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    sys::ptrace::Options,
    unistd::Pid,
};

pub(crate) use self::explore::explore;
use self::task::{Ran, Tracer};
use crate::{
    helper::{Helper, Process, Trouble, call_name},
    protocol::{Heard, How, ProcessId, Sleeper},
};

/// Helper and stepped processes share one CPU: every step is a switch between them, and a switch
/// within a CPU costs a third of one across.
pub(crate) fn prepare() -> Result<(), Trouble> {
    let this = Pid::from_raw(0);
    let allowed = sched_getaffinity(this)?;
    let cpus: Vec<usize> = (0..CpuSet::count())
        .filter(|cpu| allowed.is_set(*cpu).unwrap_or(false))
        .collect();
    // Several helpers spread over the CPUs by their process ids.
    let Some(cpu) = cpus.get(std::process::id() as usize % cpus.len().max(1)) else {
        return Ok(());
    };
    let mut one = CpuSet::new();
    one.set(*cpu)?;
    Ok(sched_setaffinity(this, &one)?)
}

/// Makes this helper the tracer of a process that waits for its go byte.
pub(crate) fn seize(pid: Pid) -> Result<(), Trouble> {
    crate::helper::trace::seize(pid, Options::empty())
}

/// The next line of a stepped process, or its end.
pub(crate) fn hear(helper: &mut Helper, id: ProcessId, until: Instant) -> Result<Heard, Trouble> {
    let mut tracer = Tracer::new(until);
    loop {
        if let Some(line) = helper.process(id)?.line() {
            return Ok(Heard::Line(line));
        }
        match tracer.run(helper, id)? {
            Ran::Ended(status) => {
                let process = helper.process(id)?;
                if let Some(line) = process.line() {
                    process.end_by(status);
                    return Ok(Heard::Line(line));
                }
                if let Some(ended) = process.end_by(status) {
                    return Ok(Heard::Ended(ended));
                }
            }
            Ran::Endless => return Ok(Heard::Ended(helper.kill(id, || How::TimedOut)?)),
            Ran::Late => {
                let how = helper.out_of_time(id, until)?;
                return Ok(Heard::Ended(helper.kill(id, || how)?));
            }
            // It would stay where it is, and whoever waits for it too.
            Ran::NewTask(_) => return Ok(Heard::Ended(helper.kill(id, || How::OtherTask)?)),
            // Nobody else moves meanwhile: they are stopped, or wait for their next question.
            Ran::Blocked(sleep)
                if sleep.is_for_the_box_to_end() && task::still(helper, id, sleep)? =>
            {
                let call = call_name(sleep.call);
                let pid = helper.process(id)?.pid;
                let line = helper.tracing.stacks.of_sleeper(pid, true);
                let sleepers = vec![Sleeper {
                    call,
                    line,
                    ..Sleeper::default()
                }];
                return Ok(Heard::Ended(helper.kill(id, || How::Deadlocked(sleepers))?));
            }
            // Asleep, at a mark, or busy: the line may have come, else wait on.
            _ => {}
        }
    }
}

/// Asks a stepped driver to fork, and takes the child over.
pub(crate) fn fork(helper: &mut Helper, parent: ProcessId) -> Result<Process, Trouble> {
    let ends = helper.ends;
    if !helper.process(parent)?.stepped {
        return Err(Trouble::Failed(
            "only a stepped driver is asked to fork".to_owned(),
        ));
    }
    let process = helper.process(parent)?;
    let Some((channel_number, channel)) = process.for_children.pop_front() else {
        return Err(Trouble::Failed("no channel is left for a child".to_owned()));
    };
    process.tell("0 fork");
    let mut tracer = Tracer::new(ends);
    let child = loop {
        match tracer.run(helper, parent)? {
            Ran::NewTask(child) => break child,
            Ran::Blocked(_) | Ran::Mark => {}
            other => {
                return Err(Trouble::Failed(format!(
                    "the driver did not fork: {other:?}"
                )));
            }
        }
    };
    // The parent's answer comes before anything else is asked of it.
    match hear(helper, parent, ends)? {
        Heard::Line(_) => {}
        other => {
            return Err(Trouble::Failed(format!(
                "the driver did not answer to fork: {other:?}"
            )));
        }
    }
    Ok(task::adopt(child, channel_number, channel))
}
