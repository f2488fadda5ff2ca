//! What is to be done to which calls, and how to do it: registers of a task that stands before a
//! call. Only x86-64 so far; elsewhere nothing can be armed.

use std::time::{Duration, Instant};

use nix::unistd::Pid;
use probe::{Call, Injection};

use crate::{
    helper::Trouble,
    which::{Fault, Which},
};

/// Who makes a call.
pub(super) struct Caller<'a> {
    pub(super) process: i32,
    /// Whether it has come to its `main`; asked only if that matters.
    pub(super) is_in_main: &'a mut dyn FnMut() -> bool,
}

/// Whose calls count for a fault, and from when on.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    /// `None`: everybody's.
    pub(super) process: Option<i32>,
    pub(super) from_main: bool,
}

/// Faults and stops that wait for their call.
#[derive(Default)]
pub(super) struct Faults {
    armed: Vec<Armed>,
    /// Calls before which a task is to be held.
    holds: Vec<Armed>,
}

struct Armed {
    which: Which,
    /// Whose calls count; `None`: everybody's.
    process: Option<i32>,
    /// Whether those that are made before `main` do not count.
    from_main: bool,
    /// So many like it have passed.
    passed: u32,
    what: Option<Injection>,
}

impl Armed {
    fn new(which: Which, scope: Scope, what: Option<Injection>) -> Self {
        Self {
            which,
            process: scope.process,
            from_main: scope.from_main,
            passed: 0,
            what,
        }
    }

    /// Whether this is the one.
    fn is_met(&mut self, call: &Call, caller: &mut Caller<'_>) -> bool {
        let is_his = self.process.is_none_or(|process| process == caller.process);
        if !is_his || !self.which.is_like(call) || (self.from_main && !(caller.is_in_main)()) {
            return false;
        }
        self.passed += 1;
        self.passed == self.which.nth
    }
}

impl Faults {
    /// Arms a fault.
    pub(super) fn arm(&mut self, fault: Fault, scope: Scope) -> Result<(), Trouble> {
        if cfg!(not(target_arch = "x86_64")) {
            return Err(Trouble::Cannot(
                "system calls can be changed on x86-64 only".to_owned(),
            ));
        }
        self.armed
            .push(Armed::new(fault.which, scope, Some(fault.what)));
        Ok(())
    }

    /// The next such call is not begun until it is released.
    pub(super) fn hold(&mut self, which: Which, scope: Scope) {
        self.holds.push(Armed::new(which, scope, None));
    }

    /// What is to be done to this call.
    pub(super) fn of(&mut self, call: &Call, caller: &mut Caller<'_>) -> Option<Injection> {
        // Every one counts, whichever is met.
        let met: Vec<usize> = (0..self.armed.len())
            .filter(|at| self.armed[*at].is_met(call, caller))
            .collect();
        let first = *met.first()?;
        self.armed.remove(first).what
    }

    /// Whether a task is to be held before this call.
    pub(super) fn is_to_be_held(&mut self, call: &Call, caller: &mut Caller<'_>) -> bool {
        let mut holds = self.holds.iter_mut();
        let Some(at) = holds.position(|hold| hold.is_met(call, caller)) else {
            return false;
        };
        self.holds.remove(at);
        true
    }
}

/// Until when a delay lasts.
pub(super) fn end_of(milliseconds: u64) -> Instant {
    Instant::now() + Duration::from_millis(milliseconds)
}

/// Makes a call fail without being carried out.
#[cfg(target_arch = "x86_64")]
pub(super) fn fail(task: Pid, errno: i32) -> nix::Result<()> {
    let mut registers = nix::sys::ptrace::getregs(task)?;
    // No such call: the kernel skips it, and leaves the result alone.
    registers.orig_rax = u64::MAX;
    registers.rax = i64::from(-errno).cast_unsigned();
    nix::sys::ptrace::setregs(task, registers)
}

/// Makes a transfer at most so long.
#[cfg(target_arch = "x86_64")]
pub(super) fn shorten(task: Pid, most: u64) -> nix::Result<()> {
    let mut registers = nix::sys::ptrace::getregs(task)?;
    // The third argument of read(2), write(2) and their relatives.
    registers.rdx = registers.rdx.min(most);
    nix::sys::ptrace::setregs(task, registers)
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn fail(_: Pid, _: i32) -> nix::Result<()> {
    Err(nix::errno::Errno::ENOSYS)
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn shorten(_: Pid, _: u64) -> nix::Result<()> {
    Err(nix::errno::Errno::ENOSYS)
}
