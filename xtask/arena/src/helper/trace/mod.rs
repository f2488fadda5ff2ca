//! The timeline: every listed system call of a process and of all that it starts.
//!
//! A filter in the process stops it at the listed calls and at no others (`SECCOMP_RET_TRACE`), so
//! everything else runs at full speed. The helper is the tracer: it notes the call, perhaps changes
//! it, lets it go on to its end, and notes the result. Nothing happens while nobody listens, for a
//! stopped process waits for its tracer: [`Tracing::pump`] is called wherever the helper waits.
//!
//! See ptrace(2), "Event stops" and `PTRACE_EVENT_SECCOMP`.

mod call;
mod faults;

use std::{collections::BTreeMap, fs, time::Instant};

use nix::{
    errno::Errno,
    sys::ptrace::{self, Options},
    unistd::Pid,
};
use probe::{Call, Event, Injection, SourceLine, Timeline, What};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use syscalls::Sysno;

use self::faults::{Caller, Faults, Scope};
use super::{
    Trouble,
    process::signal_name,
    stack::{Frames, Stacks},
    sys::{Resume, Status, reap, resume},
};
use crate::{
    protocol::Program,
    which::{By, Fault, Which},
};

const TRAP: i32 = libc::SIGTRAP;
/// A stop at a system call's end, as `PTRACE_O_TRACESYSGOOD` marks it.
const CALL_TRAP: i32 = libc::SIGTRAP | 0x80;

/// All that is traced in a box.
#[derive(Default)]
pub(crate) struct Tracing {
    tasks: BTreeMap<i32, Task>,
    timeline: Timeline,
    /// Where the calls were made whose lines nobody has asked for yet, by their events.
    made: Vec<(usize, Frames)>,
    pub(crate) stacks: Stacks,
    faults: Faults,
    /// How traced processes ended, until somebody asks.
    ended: BTreeMap<i32, Status>,
}

/// A task that is traced.
struct Task {
    /// The process that it belongs to, as the helper sees it.
    process: i32,
    /// The numbers of process and task in the box.
    inside: (i32, i32),
    /// The event of the call that it is in.
    call: Option<usize>,
    /// Why it stands before that call, and is not let go.
    held: Option<Held>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Until somebody releases it.
    Parked,
    Until(Instant),
}

/// The filter that stops a process at these calls.
pub(super) fn filter(names: &[String]) -> Result<BpfProgram, Trouble> {
    let told = |error: seccompiler::BackendError| Trouble::Failed(format!("no filter: {error}"));
    let numbers = names.iter().filter_map(|name| name.parse::<Sysno>().ok());
    let rules = numbers.map(|call| (i64::from(call.id()), Vec::new()));
    SeccompFilter::new(
        rules.collect(),
        SeccompAction::Allow,
        SeccompAction::Trace(0),
        TargetArch::try_from(std::env::consts::ARCH).map_err(told)?,
    )
    .and_then(BpfProgram::try_from)
    .map_err(told)
}

/// Makes this helper the tracer of a process that waits for its go byte, and of all that it starts.
pub(crate) fn seize(pid: Pid, more: Options) -> Result<(), Trouble> {
    let options = more
        | Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_EXITKILL;
    ptrace::seize(pid, options).map_err(|error| match error {
        Errno::EPERM | Errno::ENOSYS | Errno::EACCES => Trouble::Cannot(format!(
            "ptrace is not allowed here ({error}); see docs/setup.md"
        )),
        other => Trouble::Failed(format!("PTRACE_SEIZE: {other}")),
    })
}

impl Tracing {
    /// Becomes the tracer of a process that waits for its go byte.
    pub(super) fn seize(&mut self, pid: Pid) -> Result<(), Trouble> {
        seize(pid, Options::PTRACE_O_TRACESECCOMP)?;
        self.adopt(pid.as_raw(), pid.as_raw());
        Ok(())
    }

    fn adopt(&mut self, task: i32, process: i32) {
        self.tasks.insert(
            task,
            Task {
                process,
                inside: inside(task),
                call: None,
                held: None,
            },
        );
    }

    /// Something is to be done to a call that is still to come, of this process or of anybody.
    pub(super) fn arm(&mut self, fault: Fault, process: Option<Pid>) -> Result<(), Trouble> {
        self.faults.arm(
            fault,
            Scope {
                process: process.map(Pid::as_raw),
                from_main: false,
            },
        )
    }

    /// Whoever comes to such a call is held before it.
    pub(super) fn hold(&mut self, which: Which, process: Option<Pid>) {
        self.faults.hold(
            which,
            Scope {
                process: process.map(Pid::as_raw),
                from_main: false,
            },
        );
    }

    /// The faults and holds that a program brings with it. It has not been executed yet.
    pub(super) fn bring(&mut self, program: &Program, pid: Pid) -> Result<(), Trouble> {
        let scope = |which: &Which| Scope {
            process: (which.by != By::Anybody).then_some(pid.as_raw()),
            from_main: true,
        };
        for fault in &program.faults {
            self.faults.arm(fault.clone(), scope(&fault.which))?;
        }
        for which in &program.holds {
            self.faults.hold(which.clone(), scope(which));
        }
        Ok(())
    }

    /// Whether a task of this process is held.
    pub(super) fn is_parked(&self, process: Pid) -> bool {
        self.tasks
            .values()
            .any(|task| task.process == process.as_raw() && task.held == Some(Held::Parked))
    }

    /// Lets all held tasks of a process go on.
    pub(super) fn release(&mut self, process: Pid) {
        let held =
            |task: &Task| task.process == process.as_raw() && task.held == Some(Held::Parked);
        let all: Vec<i32> = self
            .tasks
            .iter()
            .filter(|(_, task)| held(task))
            .map(|(id, _)| *id)
            .collect();
        for task in all {
            self.go_on(task);
        }
    }

    /// Sets a mark: what comes after it was asked for after it.
    pub(super) fn mark(&mut self, name: String) {
        self.timeline.events.push(Event {
            process: 0,
            task: 0,
            what: What::Mark(name),
        });
    }

    /// All that was noted so far, each call with its line.
    pub(super) fn timeline(&mut self) -> &Timeline {
        for (place, frames) in std::mem::take(&mut self.made) {
            let line = self.stacks.line(&frames);
            if let Some(call) = self.call(place) {
                call.line = line;
            }
        }
        &self.timeline
    }

    /// The line of the call that a task is in, if that is noted.
    pub(super) fn line_of_call(&mut self, task: Pid) -> Option<SourceLine> {
        let place = self.tasks.get(&task.as_raw())?.call?;
        // So that the lines are there.
        self.timeline();
        self.call(place)?.line.clone()
    }

    /// The line in which a task sleeps for good, whether it is traced here or not.
    pub(super) fn line_of_sleeper(&mut self, task: Pid) -> Option<SourceLine> {
        let is_traced = self.tasks.contains_key(&task.as_raw());
        let line = self.stacks.of_sleeper(task, is_traced);
        if is_traced {
            self.resume(task.as_raw(), 0);
        }
        line
    }

    /// How a traced process has ended, if it has; told once.
    pub(super) fn end_of(&mut self, process: Pid) -> Option<Status> {
        self.ended.remove(&process.as_raw())
    }

    /// When the first of the delayed tasks is to go on.
    pub(super) fn next_release(&self) -> Option<Instant> {
        let until = |task: &Task| match task.held {
            Some(Held::Until(when)) => Some(when),
            _ => None,
        };
        self.tasks.values().filter_map(until).min()
    }

    /// Sees to all traced tasks that have stopped or ended, until none has.
    pub(super) fn pump(&mut self) {
        let now = Instant::now();
        let due = |task: &Task| matches!(task.held, Some(Held::Until(when)) if when <= now);
        let late: Vec<i32> = self
            .tasks
            .iter()
            .filter(|(_, task)| due(task))
            .map(|(id, _)| *id)
            .collect();
        for task in late {
            self.go_on(task);
        }
        loop {
            let all: Vec<i32> = self.tasks.keys().copied().collect();
            let mut any = false;
            for task in all {
                if let Some(status) = reap(Pid::from_raw(task), false) {
                    any = true;
                    self.see_to(task, status);
                }
            }
            if !any {
                return;
            }
        }
    }

    fn see_to(&mut self, task: i32, status: Status) {
        let pid = Pid::from_raw(task);
        match status {
            Status::Exited(_) | Status::Signalled(_) => self.gone(task, status),
            Status::Stopped { signal, event } => match (signal, event) {
                (TRAP, libc::PTRACE_EVENT_SECCOMP) => self.entered(task),
                (CALL_TRAP, 0) => self.left(task),
                (
                    TRAP,
                    libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK | libc::PTRACE_EVENT_CLONE,
                ) => self.started(task),
                (TRAP, libc::PTRACE_EVENT_EXEC) => self.executed(task),
                // A new task's first stop, or the end of a group stop.
                (TRAP, libc::PTRACE_EVENT_STOP) => self.resume(task, 0),
                // Job control: it stays stopped, and wakes up as if nobody traced it.
                (_, libc::PTRACE_EVENT_STOP) => resume(pid, Resume::Listen, 0),
                (signal, _) => {
                    self.note(
                        task,
                        What::Signalled {
                            name: signal_name(signal),
                        },
                    );
                    self.resume(task, signal);
                }
            },
        }
    }

    /// On to the end of its call, if it is in one, or else to the next that is listed.
    fn resume(&self, task: i32, signal: i32) {
        let in_call = self
            .tasks
            .get(&task)
            .is_some_and(|task| task.call.is_some());
        let how = if in_call {
            Resume::ToCall
        } else {
            Resume::Free
        };
        resume(Pid::from_raw(task), how, signal);
    }

    fn go_on(&mut self, task: i32) {
        if let Some(task) = self.tasks.get_mut(&task) {
            task.held = None;
        }
        self.resume(task, 0);
    }

    fn note(&mut self, task: i32, what: What) -> usize {
        let (process, task) = self.tasks.get(&task).map_or((0, 0), |task| task.inside);
        self.timeline.events.push(Event {
            process,
            task,
            what,
        });
        self.timeline.events.len() - 1
    }

    fn entered(&mut self, task: i32) {
        let pid = Pid::from_raw(task);
        let Some(mut call) = call::entered(pid) else {
            return self.resume(task, 0);
        };
        let process = self.tasks.get(&task).map_or(task, |task| task.process);
        let frames = self.stacks.of(pid, process);
        let (stacks, faults) = (&mut self.stacks, &mut self.faults);
        let caller = &mut Caller {
            process,
            is_in_main: &mut || stacks.is_in_main(&frames),
        };
        call.injected = faults.of(&call, caller);
        let held = faults.is_to_be_held(&call, caller);
        if let Some(Injection::Error(errno)) = call.injected
            && faults::fail(pid, errno).is_ok()
        {
            // The kernel skips it, and there is no stop at its end.
            call.result = probe::Result::Failed { errno };
            let place = self.note(task, What::Call(call));
            self.made.push((place, frames));
            return self.resume(task, 0);
        }
        let delay = match call.injected {
            Some(Injection::Short(most)) => {
                faults::shorten(pid, most).ok();
                None
            }
            Some(Injection::Delay(milliseconds)) => Some(Held::Until(faults::end_of(milliseconds))),
            Some(Injection::Error(_)) | None => None,
        };
        let place = self.note(task, What::Call(call));
        self.made.push((place, frames));
        if let Some(entry) = self.tasks.get_mut(&task) {
            entry.call = Some(place);
            entry.held = if held { Some(Held::Parked) } else { delay };
            if entry.held.is_some() {
                return;
            }
        }
        self.resume(task, 0);
    }

    fn left(&mut self, task: i32) {
        let result = call::result(Pid::from_raw(task));
        let begun = self.timeline.events.len();
        if let Some(place) = self.tasks.get_mut(&task).and_then(|task| task.call.take())
            && let Some(result) = result
            && let Some(call) = self.call(place)
        {
            call.result = result;
            call.returned_at = Some(begun);
        }
        self.resume(task, 0);
    }

    fn call(&mut self, place: usize) -> Option<&mut Call> {
        match &mut self.timeline.events.get_mut(place)?.what {
            What::Call(call) => Some(call),
            _ => None,
        }
    }

    fn started(&mut self, task: i32) {
        if let Ok(new) = ptrace::getevent(Pid::from_raw(task))
            && let Ok(new) = i32::try_from(new)
        {
            let process = process_of(new).unwrap_or(new);
            self.adopt(new, process);
            let inside = self.tasks.get(&new).map_or(new, |task| task.inside.1);
            self.note(
                task,
                What::Started {
                    task: inside,
                    thread: process != new,
                },
            );
        }
        self.resume(task, 0);
    }

    /// Whoever executes a program becomes its process's first thread; all others are gone.
    fn executed(&mut self, task: i32) {
        let former = ptrace::getevent(Pid::from_raw(task));
        if let Ok(former) = former
            && let Ok(former) = i32::try_from(former)
            && former != task
            && let Some(moved) = self.tasks.remove(&former)
            && let Some(first) = self.tasks.get_mut(&task)
        {
            first.call = moved.call;
        }
        self.stacks.forget(task);
        let path = fs::read_link(format!("/proc/{task}/exe")).unwrap_or_default();
        self.note(
            task,
            What::Executed {
                path: path.to_string_lossy().into_owned(),
            },
        );
        self.resume(task, 0);
    }

    fn gone(&mut self, task: i32, status: Status) {
        let how = match status {
            Status::Exited(code) => format!("exit {code}"),
            Status::Signalled(number) => signal_name(number),
            Status::Stopped { .. } => return,
        };
        let is_process = self.tasks.get(&task).is_some_and(|it| it.process == task);
        if is_process {
            self.note(task, What::Ended { how });
            self.stacks.forget(task);
            self.ended.insert(task, status);
        }
        self.tasks.remove(&task);
    }
}

/// The numbers of a task and its process in the innermost namespace.
fn inside(task: i32) -> (i32, i32) {
    let status = fs::read_to_string(format!("/proc/{task}/status")).unwrap_or_default();
    let last = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().last()?.parse().ok()
    };
    (
        last("NStgid:").unwrap_or(task),
        last("NSpid:").unwrap_or(task),
    )
}

fn process_of(task: i32) -> Option<i32> {
    let status = fs::read_to_string(format!("/proc/{task}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
    line.trim().parse().ok()
}
