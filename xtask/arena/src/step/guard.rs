//! Finding the shared instructions of a process without stepping: its shared mappings are made
//! inaccessible, so that each touch is a fault that stops it there, and each system call stops it
//! anyway. In between it runs at full speed. One shared instruction costs about as much as ten
//! single steps, and there are thousands of private ones between two of them.
//!
//! The kernel must not meet the guard, so it is lowered around every system call; and it is lowered
//! whenever the process is left alone. What [`walk`](super::path::walk) finds step by step and what
//! is found here is the same; only the walk knows the instructions in between.
//!
//! Not for processes that handle SIGSEGV themselves while they block it: the fault unblocks it.

use std::time::Duration;

use nix::{libc::user_regs_struct as Registers, sys::ptrace};

use super::{
    circle::Circle,
    path::Walked,
    shared::{Region, Shared, shared_regions},
    task::{Bounds, Ran, Stop, Tracer, is_fault, is_mark, new_task},
};
use crate::{
    helper::{Helper, Resume, Status, Trouble, cpu_time, resume},
    protocol::ProcessId,
};

const CALL_TRAP: i32 = libc::SIGTRAP | 0x80;
/// The length of the instruction `syscall`.
pub(super) const SYSCALL_LENGTH: u64 = 2;
/// CPU time without any stop after which a process is said to get nowhere: what it reads is
/// private, so no one else can help it.
const NOWHERE: Duration = Duration::from_millis(500);

/// Lets a process run until it stands before its shared instruction number `until`, or to the end
/// of its operation, or as far as it gets; and tells how many shared instructions it came by.
/// `gadget` is the address of a `syscall` instruction.
pub(super) fn scout(
    tracer: &mut Tracer,
    helper: &mut Helper,
    id: ProcessId,
    gadget: u64,
    bounds: Bounds,
    until: Option<usize>,
) -> Result<(usize, Walked), Trouble> {
    Scout {
        tracer,
        helper,
        id,
        gadget,
        regions: Vec::new(),
    }
    .run(bounds, until)
}

struct Scout<'a> {
    tracer: &'a mut Tracer,
    helper: &'a mut Helper,
    id: ProcessId,
    gadget: u64,
    /// What is guarded now.
    regions: Vec<Region>,
}

/// What a guarded process has come to.
enum Met {
    /// It is about to make a system call.
    Call(Registers),
    /// It is about to touch something shared.
    Touch(Registers),
    /// It got no further than this.
    Ran(Ran),
}

impl Scout<'_> {
    fn run(&mut self, bounds: Bounds, until: Option<usize>) -> Result<(usize, Walked), Trouble> {
        let (mut shared, mut circle) = (Shared::new(), Circle::default());
        let (mut count, mut calls) = (0, 0);
        loop {
            self.raise()?;
            let met = self.next(&mut shared)?;
            let (registers, is_call) = match met {
                Met::Call(registers) => (registers, true),
                Met::Touch(registers) => (registers, false),
                Met::Ran(ran) => {
                    if !matches!(ran, Ran::Ended(_) | Ran::Late) {
                        self.lower()?;
                    }
                    return Ok((count, Walked::Ran(ran)));
                }
            };
            self.lower()?;
            if until == Some(count) {
                return Ok((count, Walked::Held));
            }
            count += 1;
            calls += u32::from(is_call);
            let process = self.helper.process(self.id)?;
            let (pid, channel) = (process.pid, process.channel_number);
            if circle.closes(pid, &registers) || calls > bounds.calls {
                return Ok((count, Walked::Ran(Ran::Polling)));
            }
            match self.tracer.step(self.helper, self.id, is_call)? {
                Stop::Event(Status::Stopped { event: 0, .. }) => {}
                Stop::Event(Status::Stopped { event, .. }) => {
                    if let Some(task) = new_task(pid, event)? {
                        return Ok((count, Walked::Ran(Ran::NewTask(task))));
                    }
                }
                Stop::Event(ended) => return Ok((count, Walked::Ran(Ran::Ended(ended)))),
                Stop::Asleep(sleep) => return Ok((count, Walked::Ran(Ran::Blocked(sleep)))),
                Stop::Late | Stop::Busy => return Ok((count, Walked::Ran(Ran::Late))),
            }
            if is_call && is_mark(&ptrace::getregs(pid)?, channel) {
                return Ok((count, Walked::Ran(Ran::Mark)));
            }
        }
    }

    /// Lets the process run to its next shared instruction; it then stands before it.
    fn next(&mut self, shared: &mut Shared) -> Result<Met, Trouble> {
        let pid = self.helper.process(self.id)?.pid;
        let patience = cpu_time(pid) + NOWHERE;
        loop {
            resume(pid, Resume::ToCall, 0);
            self.helper.process(self.id)?.stopped = false;
            let stop = loop {
                match self.tracer.wait(self.helper, self.id)? {
                    Stop::Busy if cpu_time(pid) < patience => {}
                    other => break other,
                }
            };
            let (signal, event) = match stop {
                Stop::Event(Status::Stopped { signal, event }) => (signal, event),
                Stop::Event(ended) => {
                    self.regions.clear();
                    return Ok(Met::Ran(Ran::Ended(ended)));
                }
                Stop::Asleep(sleep) => return Ok(Met::Ran(Ran::Blocked(sleep))),
                Stop::Late => return Ok(Met::Ran(Ran::Late)),
                Stop::Busy => {
                    self.interrupt()?;
                    return Ok(Met::Ran(Ran::Polling));
                }
            };
            let process = self.helper.process(self.id)?;
            process.stopped = true;
            if signal == CALL_TRAP {
                return Ok(match self.before_call()? {
                    Some(registers) => Met::Call(registers),
                    None => Met::Ran(Ran::Late),
                });
            }
            if event != 0 || signal == libc::SIGTRAP {
                continue;
            }
            let registers = ptrace::getregs(pid)?;
            if signal == libc::SIGSEGV && shared.look(pid, &registers).is_shared() {
                return Ok(Met::Touch(registers));
            }
            process.signal = signal;
            if is_fault(signal) {
                // The student's own; the guard must not be in the way of a handler.
                self.lower()?;
                let process = self.helper.process(self.id)?;
                resume(pid, Resume::ToCall, std::mem::take(&mut process.signal));
                process.stopped = false;
                match self.tracer.wait(self.helper, self.id)? {
                    Stop::Event(Status::Stopped { .. }) => {
                        self.helper.process(self.id)?.stopped = true;
                    }
                    Stop::Event(ended) => return Ok(Met::Ran(Ran::Ended(ended))),
                    _ => return Ok(Met::Ran(Ran::Late)),
                }
            }
        }
    }

    /// The process has entered a system call: undoes that, so that it stands before it. `None`: the
    /// time is over.
    fn before_call(&mut self) -> Result<Option<Registers>, Trouble> {
        let pid = self.helper.process(self.id)?.pid;
        let mut registers = ptrace::getregs(pid)?;
        let call = registers.orig_rax;
        let mut cancelled = registers;
        cancelled.orig_rax = u64::MAX;
        ptrace::setregs(pid, cancelled)?;
        resume(pid, Resume::ToCall, 0);
        loop {
            match self.tracer.wait(self.helper, self.id)? {
                Stop::Event(Status::Stopped {
                    signal: CALL_TRAP, ..
                }) => break,
                Stop::Busy | Stop::Asleep(_) => {}
                Stop::Late => return Ok(None),
                other => {
                    return Err(Trouble::Failed(format!(
                        "a call could not be undone: {other:?}"
                    )));
                }
            }
        }
        registers.rip -= SYSCALL_LENGTH;
        registers.rax = call;
        registers.orig_rax = u64::MAX;
        ptrace::setregs(pid, registers)?;
        Ok(Some(registers))
    }

    /// Stops a process that neither stops nor sleeps.
    fn interrupt(&mut self) -> Result<(), Trouble> {
        let pid = self.helper.process(self.id)?.pid;
        // It may end in this moment, which shows below.
        ptrace::interrupt(pid).ok();
        loop {
            match self.tracer.wait(self.helper, self.id)? {
                Stop::Event(Status::Stopped { signal, event }) => {
                    let process = self.helper.process(self.id)?;
                    process.stopped = true;
                    if signal == CALL_TRAP {
                        self.before_call()?;
                    } else if event == 0 && signal != libc::SIGTRAP && signal != libc::SIGSEGV {
                        process.signal = signal;
                    }
                    return Ok(());
                }
                Stop::Busy => {}
                _ => return Ok(()),
            }
        }
    }

    /// Makes all shared mappings inaccessible.
    fn raise(&mut self) -> Result<(), Trouble> {
        let pid = self.helper.process(self.id)?.pid;
        let regions = shared_regions(pid);
        for region in &regions {
            self.protect(region, libc::PROT_NONE)?;
        }
        self.regions = regions;
        Ok(())
    }

    /// Gives all shared mappings back what they allowed.
    fn lower(&mut self) -> Result<(), Trouble> {
        for region in std::mem::take(&mut self.regions) {
            self.protect(&region, region.protection)?;
        }
        Ok(())
    }

    /// Has the process itself call mprotect(2), by a `syscall` instruction of its own.
    fn protect(&mut self, region: &Region, protection: i32) -> Result<(), Trouble> {
        let process = self.helper.process(self.id)?;
        if !process.stopped {
            return Err(Trouble::Failed(
                "a guard needs a stopped process".to_owned(),
            ));
        }
        let pid = process.pid;
        let saved = ptrace::getregs(pid)?;
        let call = Registers {
            rip: self.gadget,
            rax: libc::SYS_mprotect.cast_unsigned(),
            orig_rax: u64::MAX,
            rdi: region.addresses.start,
            rsi: region.addresses.end - region.addresses.start,
            rdx: u64::from(protection.cast_unsigned()),
            ..saved
        };
        ptrace::setregs(pid, call)?;
        match self.tracer.step(self.helper, self.id, true)? {
            Stop::Event(Status::Stopped { event: 0, .. }) => {}
            other => return Err(Trouble::Failed(format!("a guard was not set: {other:?}"))),
        }
        let result = ptrace::getregs(pid)?.rax.cast_signed();
        ptrace::setregs(pid, saved)?;
        if result == 0 {
            Ok(())
        } else {
            Err(Trouble::Failed(format!("mprotect gave {result}")))
        }
    }
}
