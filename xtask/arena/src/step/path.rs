//! One process's way through its operation, instruction by instruction, and reaching a place on
//! that way again. Who else moves meanwhile is decided elsewhere.
//!
//! A place is reached by a hardware breakpoint on the last instruction before it that the way comes
//! by for the first time, and a few single steps from there: half a millisecond, where stepping all
//! the way takes ten. If that misses (a random name has changed the count, or the machine has no
//! debug registers), the process is stepped from the start to the same *shared* instruction.

use std::{collections::HashSet, mem::offset_of, rc::Rc};

use nix::{libc::user_regs_struct as Registers, sys::ptrace, unistd::Pid};

use super::{
    circle::Circle,
    shared::{Look, Operand, Shared, peek},
    task::{Bounds, Ran, Stop, Tracer, is_mark},
};
use crate::{
    helper::{Helper, Lines, Resume, Sleep, Status, Trouble, call_name, resume},
    protocol::{Access, ProcessId, Touch, Who},
};

/// A breakpoint pays only for a place farther away than this.
const NEAR: usize = 12;

/// A way that was walked.
#[derive(Default)]
pub(super) struct Path {
    /// Where each instruction was.
    pub(super) rips: Vec<u64>,
    /// Which of them others can notice, by their indices.
    pub(super) shared: Vec<usize>,
    /// How many system calls there were.
    pub(super) calls: usize,
    /// For each instruction, the last one up to it that the way came by for the first time.
    anchors: Vec<usize>,
}

/// Why a walk ended.
pub(super) enum Walked {
    /// The process stands before the shared instruction that was asked for.
    Held,
    /// It got no further than this.
    Ran(Ran),
}

/// Notes what is done to shared places.
pub(super) struct Recorder {
    lines: Option<Rc<Lines>>,
    pub(super) touches: Vec<Touch>,
    /// How many shared instructions each process has come by, and where it was last.
    progress: Vec<(usize, Vec<u64>)>,
    /// The instruction that one of them is about to carry out.
    instruction: Option<String>,
}

impl Recorder {
    pub(super) fn new(lines: Option<Rc<Lines>>, processes: usize) -> Self {
        Self {
            lines,
            touches: Vec::new(),
            progress: vec![(0, Vec::new()); processes],
            instruction: None,
        }
    }

    fn came_by(&mut self, who: Who, rip: u64, look: &Look) {
        self.progress[who].1.push(rip);
        self.instruction = look.words().filter(|_| look.is_shared());
    }

    fn note(&mut self, who: Who, access: Access) {
        let (place, rips) = &self.progress[who];
        let line = self
            .lines
            .as_ref()
            .and_then(|lines| lines.last(rips.iter().copied()));
        self.touches.push(Touch {
            who,
            place: *place,
            access,
            line,
            instruction: self.instruction.clone(),
        });
    }

    fn operand(&mut self, who: Who, operand: &Operand, before: u64, after: u64) {
        let spot = operand.spot;
        self.note(
            who,
            if operand.writes {
                Access::Write {
                    spot,
                    before,
                    after,
                    also_read: operand.reads,
                }
            } else {
                Access::Read {
                    spot,
                    value: before,
                }
            },
        );
    }

    /// A call that went to sleep has returned after all.
    fn woken(&mut self, who: Who, result: i64) {
        let asleep = self.touches.iter_mut().rev().find(|touch| touch.who == who);
        if let Some(Touch {
            access:
                Access::Call {
                    result: none @ None,
                    ..
                },
            ..
        }) = asleep
        {
            *none = Some(result);
        }
    }
}

/// Steps a process until it stands before its shared instruction number `until`, or to the end of
/// its operation, or as far as it gets.
pub(super) fn walk(
    tracer: &mut Tracer,
    helper: &mut Helper,
    (id, who): (ProcessId, Who),
    bounds: Bounds,
    until: Option<usize>,
    mut recorder: Option<&mut Recorder>,
) -> Result<(Path, Walked), Trouble> {
    let (mut path, mut seen) = (Path::default(), HashSet::new());
    let (mut shared, mut circle) = (Shared::new(), Circle::default());
    let process = helper.process(id)?;
    let (pid, channel) = (process.pid, process.channel_number);
    if !process.stopped {
        // It went to sleep in a call on its way here; is it back?
        loop {
            match tracer.wait(helper, id)? {
                Stop::Busy => {}
                Stop::Asleep(sleep) => return Ok((path, Walked::Ran(Ran::Blocked(sleep)))),
                Stop::Late => return Ok((path, Walked::Ran(Ran::Late))),
                Stop::Event(Status::Stopped { .. }) => break,
                Stop::Event(ended) => return Ok((path, Walked::Ran(Ran::Ended(ended)))),
            }
        }
        helper.process(id)?.stopped = true;
        if let Some(recorder) = &mut recorder {
            recorder.woken(who, ptrace::getregs(pid)?.rax.cast_signed());
        }
    }
    let mut registers = ptrace::getregs(pid)?;
    loop {
        let look = shared.look(pid, &registers);
        if look.is_shared() && until == Some(path.shared.len()) {
            return Ok((path, Walked::Held));
        }
        path.came_by(registers.rip, &look, &mut seen);
        let circles = look.is_shared() && circle.closes(pid, &registers);
        if circles || path.calls > bounds.calls as usize || path.rips.len() > bounds.steps as usize
        {
            return Ok((path, Walked::Ran(Ran::Polling)));
        }
        let before: Vec<u64> = look
            .operands
            .iter()
            .map(|operand| peek(pid, operand))
            .collect();
        if let Some(recorder) = &mut recorder {
            recorder.came_by(who, registers.rip, &look);
        }
        let ran = match tracer.step(helper, id, look.is_call)? {
            Stop::Event(Status::Stopped { event: 0, .. }) => None,
            Stop::Event(Status::Stopped { .. }) => Some(Ran::NewTask(pid)),
            Stop::Event(ended) => Some(Ran::Ended(ended)),
            Stop::Asleep(sleep) => Some(Ran::Blocked(sleep)),
            Stop::Late => Some(Ran::Late),
            Stop::Busy => None,
        };
        let now = if ran.is_none() {
            Some(ptrace::getregs(pid)?)
        } else {
            None
        };
        let at_mark = now.is_some_and(|now| is_mark(&now, channel));
        if let Some(recorder) = &mut recorder
            && !at_mark
        {
            record(
                recorder,
                (pid, who),
                &look,
                &before,
                &registers,
                now.as_ref(),
                ran,
            );
        }
        if at_mark {
            return Ok((path, Walked::Ran(Ran::Mark)));
        }
        match (now, ran) {
            (Some(now), _) => registers = now,
            (None, ran) => return Ok((path, Walked::Ran(ran.unwrap_or(Ran::Late)))),
        }
    }
}

fn record(
    recorder: &mut Recorder,
    (pid, who): (Pid, Who),
    look: &Look,
    before: &[u64],
    then: &Registers,
    now: Option<&Registers>,
    ran: Option<Ran>,
) {
    for (operand, before) in look.operands.iter().zip(before) {
        recorder.operand(who, operand, *before, peek(pid, operand));
    }
    if look.is_call {
        let call = match ran {
            Some(Ran::Blocked(Sleep { call, .. })) => call,
            _ => then.rax.cast_signed(),
        };
        let result = now.map(|now| now.rax.cast_signed());
        recorder.note(
            who,
            Access::Call {
                name: call_name(call),
                result,
            },
        );
    }
    if look.is_shared() {
        recorder.progress[who].0 += 1;
    }
}

impl Path {
    /// Where the way comes by for the first time, and all that is shared, by their indices; but for
    /// the last, which is the mark at its end.
    pub(super) fn different(&self) -> Vec<usize> {
        let end = self.rips.len().saturating_sub(1);
        let is_first = |index: &usize| self.anchors[*index] == *index;
        let is_shared = |index: &usize| self.shared.binary_search(index).is_ok();
        (0..end)
            .filter(|index| is_first(index) || is_shared(index))
            .collect()
    }

    fn came_by(&mut self, rip: u64, look: &Look, seen: &mut HashSet<u64>) {
        let index = self.rips.len();
        let first_time = seen.insert(rip);
        self.anchors.push(match self.anchors.last() {
            Some(anchor) if !first_time => *anchor,
            _ => index,
        });
        self.rips.push(rip);
        self.calls += usize::from(look.is_call);
        if look.is_shared() {
            self.shared.push(index);
        }
    }
}

/// Takes a process from its first mark to the shared instruction `place` of a way that it has gone
/// before under the same circumstances. `end` is where the driver makes its marks. False: it came
/// to its end, or elsewhere, before.
pub(super) fn jump(
    tracer: &mut Tracer,
    helper: &mut Helper,
    id: ProcessId,
    path: &Path,
    place: usize,
    end: u64,
) -> Result<bool, Trouble> {
    let target = path.shared[place];
    let process = helper.process(id)?;
    let (pid, channel) = (process.pid, process.channel_number);
    let anchor = path.anchors[target];
    let mut at = 0;
    if target > NEAR && anchor > NEAR {
        if !run_to(tracer, helper, id, path.rips[anchor], end, channel)? {
            return Ok(false);
        }
        at = anchor;
    }
    while at < target {
        let registers = ptrace::getregs(pid)?;
        if registers.rip != path.rips[at] {
            return Ok(false);
        }
        let is_call = path.shared.binary_search(&at).is_ok();
        match tracer.step(helper, id, is_call)? {
            Stop::Event(Status::Stopped { event: 0, .. }) => {}
            _ => return Ok(false),
        }
        at += 1;
    }
    Ok(ptrace::getregs(pid)?.rip == path.rips[target])
}

/// Lets a process run to an instruction; false if it made its end mark first, slept, or ended.
fn run_to(
    tracer: &mut Tracer,
    helper: &mut Helper,
    id: ProcessId,
    target: u64,
    end: u64,
    channel: u64,
) -> Result<bool, Trouble> {
    let pid = helper.process(id)?.pid;
    if !(breakpoint(pid, 0, target) && breakpoint(pid, 1, end) && enable(pid, 0b0101)) {
        enable(pid, 0);
        return Ok(false);
    }
    let reached = loop {
        resume(pid, Resume::Free, 0);
        helper.process(id)?.stopped = false;
        let stop = loop {
            match tracer.wait(helper, id)? {
                // A sleep for a time ends by itself.
                Stop::Asleep(sleep) if sleep.is_timed() => {}
                Stop::Busy => {}
                other => break other,
            }
        };
        let Stop::Event(Status::Stopped { signal, event }) = stop else {
            break false;
        };
        let process = helper.process(id)?;
        process.stopped = true;
        if event == 0 && signal == libc::SIGTRAP {
            let registers = ptrace::getregs(pid)?;
            if registers.rip == target {
                break true;
            }
            // The place of the marks may also write for the student.
            if registers.rip == end && registers.rdi == channel && registers.rdx == 0 {
                break false;
            }
            if !matches!(
                tracer.step(helper, id, true)?,
                Stop::Event(Status::Stopped { event: 0, .. })
            ) {
                break false;
            }
        } else if event == 0 {
            process.signal = signal;
        } else if event != libc::PTRACE_EVENT_STOP {
            break false;
        }
    };
    if helper.process(id)?.stopped {
        enable(pid, 0);
    }
    Ok(reached)
}

/// Puts an address into a debug register.
fn breakpoint(pid: Pid, register: usize, address: u64) -> bool {
    write_debug(pid, register, address)
}

/// Says which of the debug registers count.
fn enable(pid: Pid, bits: u64) -> bool {
    write_debug(pid, 7, bits)
}

fn write_debug(pid: Pid, register: usize, value: u64) -> bool {
    let offset = offset_of!(libc::user, u_debugreg) + register * size_of::<u64>();
    ptrace::write_user(
        pid,
        std::ptr::without_provenance_mut(offset),
        value.cast_signed(),
    )
    .is_ok()
}
