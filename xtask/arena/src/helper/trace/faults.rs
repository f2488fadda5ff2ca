//! What is to be done to which calls, and how to do it: registers of a task that stands before a
//! call. Only x86-64 so far; elsewhere nothing can be armed.

use std::time::{Duration, Instant};

use nix::unistd::Pid;
use probe::{Call, Injection};

use crate::{
    helper::Trouble,
    which::{Fault, Which},
};

/// Faults and stops that wait for their call.
#[derive(Default)]
pub(super) struct Faults {
    armed: Vec<Armed>,
    /// Calls before which a task is to be held.
    holds: Vec<Armed>,
}

struct Armed {
    which: Which,
    /// So many like it have passed.
    passed: u32,
    what: Option<Injection>,
}

impl Armed {
    /// Whether this is the one.
    fn is_met(&mut self, call: &Call) -> bool {
        if !self.which.is_like(call) {
            return false;
        }
        self.passed += 1;
        self.passed == self.which.nth
    }
}

impl Faults {
    /// Arms a fault.
    pub(super) fn arm(&mut self, fault: Fault) -> Result<(), Trouble> {
        if cfg!(not(target_arch = "x86_64")) {
            return Err(Trouble::Cannot(
                "system calls can be changed on x86-64 only".to_owned(),
            ));
        }
        self.armed.push(Armed {
            which: fault.which,
            passed: 0,
            what: Some(fault.what),
        });
        Ok(())
    }

    /// The next such call is not begun until it is released.
    pub(super) fn hold(&mut self, which: Which) {
        self.holds.push(Armed {
            which,
            passed: 0,
            what: None,
        });
    }

    /// What is to be done to this call.
    pub(super) fn of(&mut self, call: &Call) -> Option<Injection> {
        // Every one counts, whichever is met.
        let met: Vec<usize> = (0..self.armed.len())
            .filter(|at| self.armed[*at].is_met(call))
            .collect();
        let first = *met.first()?;
        self.armed.remove(first).what
    }

    /// Whether a task is to be held before this call.
    pub(super) fn is_to_be_held(&mut self, call: &Call) -> bool {
        let Some(at) = self.holds.iter_mut().position(|hold| hold.is_met(call)) else {
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
