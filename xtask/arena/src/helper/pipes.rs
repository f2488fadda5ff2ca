//! Tasks that sleep at a pipe: whether only the box can wake them, and who has the other end. A pipe
//! that was made in a box is nobody else's, so with everybody asleep nothing will ever come; and the
//! reason is nearly always an end that somebody has forgotten to close.

use std::{fs, fs::File, os::unix::fs::FileExt};

use nix::unistd::Pid;

use super::{Helper, look::Sleep};
use crate::{
    orphans::children_of,
    protocol::{PipeEnd, PipeWait},
};

/// How a pipe is called among the descriptors of a process: `pipe:[123]`.
const PIPE: &str = "pipe:";

/// Whether the sleep is at pipes of the box and nothing else, without an end in time.
pub(super) fn waits_for_the_box(task: Pid, sleep: &Sleep) -> bool {
    let is_inside = |descriptor: &i32| {
        let target = leads_to(task, *descriptor);
        target.is_some_and(|target| target.starts_with(PIPE) && !is_own(&target))
    };
    let waits_for = descriptors(task, sleep);
    !sleep.is_timed() && !waits_for.is_empty() && waits_for.iter().all(is_inside)
}

/// The descriptors at which a task sleeps; none if the call is none of those that wait for a pipe.
fn descriptors(task: Pid, sleep: &Sleep) -> Vec<i32> {
    let [first, second, ..] = sleep.arguments;
    match sleep.call {
        libc::SYS_read | libc::SYS_readv | libc::SYS_write | libc::SYS_writev => {
            i32::try_from(first).into_iter().collect()
        }
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => polled(task, first, second),
        libc::SYS_ppoll => polled(task, first, second),
        _ => Vec::new(),
    }
}

/// The descriptors that a task polls: those of `many` entries from `address` on, but for negative
/// ones, which poll(2) skips.
fn polled(task: Pid, address: u64, many: u64) -> Vec<i32> {
    /// Of a `struct pollfd`, whose first four bytes are the descriptor.
    const SIZE: usize = size_of::<libc::pollfd>();
    /// For more than that nobody waits.
    const MOST: usize = 1024;
    let read = || {
        let many = usize::try_from(many).ok().filter(|many| *many <= MOST)?;
        let mut bytes = vec![0; many * SIZE];
        let memory = File::open(format!("/proc/{task}/mem")).ok()?;
        memory.read_exact_at(&mut bytes, address).ok()?;
        Some(bytes)
    };
    let entries = read().unwrap_or_default();
    entries
        .chunks_exact(SIZE)
        .filter_map(|entry| entry.first_chunk())
        .map(|first| i32::from_ne_bytes(*first))
        .filter(|descriptor| *descriptor >= 0)
        .collect()
}

/// What a descriptor of a task names.
fn leads_to(task: Pid, descriptor: i32) -> Option<String> {
    let link = fs::read_link(format!("/proc/{task}/fd/{descriptor}")).ok()?;
    Some(link.to_string_lossy().into_owned())
}

/// Whether it is one of the pipes through which this helper hears what a process prints.
fn is_own(target: &str) -> bool {
    let mut own = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten();
    own.any(|entry| fs::read_link(entry.path()).is_ok_and(|own| own == *target))
}

impl Helper {
    /// At which pipes a task sleeps, and who has the other ends of them. `asked` is the process that
    /// is waited for here.
    pub(super) fn pipe_waits(&self, task: Pid, sleep: &Sleep, asked: Pid) -> Vec<PipeWait> {
        let waits_for = descriptors(task, sleep);
        if waits_for.is_empty() {
            return Vec::new();
        }
        let all = self.everybody();
        let wait = |descriptor| {
            let target = leads_to(task, descriptor).filter(|target| target.starts_with(PIPE))?;
            let is_writer = can_write(task, descriptor);
            let mut others = Vec::new();
            for process in &all {
                let ends = ends_in(*process, &target).into_iter();
                let ends = ends.filter(|end| can_write(*process, *end) != is_writer);
                others.extend(ends.map(|end| pipe_end(*process, end, asked)));
            }
            Some(PipeWait {
                own: pipe_end(task, descriptor, asked),
                others,
            })
        };
        waits_for.into_iter().filter_map(wait).collect()
    }

    /// All processes of the box.
    fn everybody(&self) -> Vec<Pid> {
        let own = self.containment.own();
        let mut parents = vec![Pid::this()];
        let mut all = Vec::new();
        while let Some(parent) = parents.pop() {
            let children = children_of(parent.as_raw().unsigned_abs());
            all.extend(children.iter().filter(|child| !own.contains(child)));
            parents.extend(children);
        }
        all
    }
}

/// The descriptors of a process that name this pipe.
fn ends_in(process: Pid, target: &str) -> Vec<i32> {
    let entries = fs::read_dir(format!("/proc/{process}/fd"))
        .into_iter()
        .flatten()
        .flatten();
    let names_it =
        |entry: &fs::DirEntry| fs::read_link(entry.path()).is_ok_and(|found| found == *target);
    entries
        .filter(names_it)
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// Whether a descriptor is an end for writing: see `proc_pid_fdinfo(5)`, whose flags are octal.
fn can_write(process: Pid, descriptor: i32) -> bool {
    let info = fs::read_to_string(format!("/proc/{process}/fdinfo/{descriptor}"));
    let info = info.unwrap_or_default();
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| i32::from_str_radix(flags.trim(), 8).ok());
    flags.is_some_and(|flags| flags & libc::O_ACCMODE != libc::O_RDONLY)
}

fn pipe_end(process: Pid, descriptor: i32, asked: Pid) -> PipeEnd {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let numbers = status.lines().find_map(|line| line.strip_prefix("NStgid:"));
    let inside = numbers.and_then(|numbers| numbers.split_whitespace().last()?.parse().ok());
    let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    let command = String::from_utf8_lossy(&command);
    PipeEnd {
        process: inside.unwrap_or(process.as_raw()),
        command: command.split_terminator('\0').map(str::to_owned).collect(),
        is_asked: process == asked,
        descriptor,
    }
}
