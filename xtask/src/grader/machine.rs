//! The machine as far as grading depends on it: what is there, read from files and found out by
//! trying. Values only: what they mean is for [`diagnosis`], and which labs they concern for
//! [`labs`].

mod cgroup;
mod container;
pub(crate) mod diagnosis;
pub(crate) mod labs;
mod namespaces;
mod queues;
#[cfg(test)]
pub(crate) mod samples;

use std::fs;

use arena::{Isolation, Level};
use nix::{
    sched::{CpuSet, sched_getaffinity},
    unistd::{Pid, SysconfVar, Uid, sysconf},
};

use self::{cgroup::Cgroup, namespaces::Namespaces, queues::Queues};

/// Which levels of isolation can be had, the strongest first; why not, of those that cannot.
pub(crate) type Prospects = Vec<(Level, Result<Isolation, String>)>;

/// What there is.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    /// `6.18.4`.
    kernel: String,
    /// `x86_64`.
    processor: &'static str,
    cores: usize,
    /// The bytes of a page.
    page: usize,
    root: bool,
    /// What this runs in, if it is a container: `Docker`.
    container: Option<&'static str>,
    /// True if a filter of system calls is upon this process.
    filtered: bool,
    /// Whether a process can be stepped, found out by stepping one.
    stepping: Result<(), String>,
    /// Yama's word on who may trace whom, from 0 to 3, if it has one.
    ptrace_scope: Option<u8>,
    landlock: Landlock,
    namespaces: Namespaces,
    queues: Queues,
    cgroup: Option<Cgroup>,
    /// True if systemd runs the machine, and could lend a control group.
    systemd: bool,
    prospects: Prospects,
}

/// Landlock, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Landlock {
    /// The version of its interface.
    Abi(u32),
    /// The kernel has it, but it was not chosen when the machine was started; the security modules
    /// that were, if they can be read.
    SwitchedOff(Option<String>),
    /// The kernel does not have it, or a filter hides it.
    Missing,
}

impl Machine {
    /// Looks at this machine.
    pub(crate) fn look(prospects: Prospects) -> Self {
        let status = read("/proc/self/status").unwrap_or_default();
        Self {
            kernel: read("/proc/sys/kernel/osrelease").unwrap_or_default(),
            processor: std::env::consts::ARCH,
            cores: cores(),
            page: page(),
            root: Uid::effective().is_root(),
            container: container::look(),
            filtered: is_filtered(&status),
            stepping: arena::try_stepping(),
            ptrace_scope: number("/proc/sys/kernel/yama/ptrace_scope"),
            landlock: Landlock::look(),
            namespaces: Namespaces::look(),
            queues: Queues::look(),
            cgroup: Cgroup::look(),
            systemd: fs::exists("/run/systemd/system").unwrap_or(false),
            prospects,
        }
    }

    /// What every way to isolate a submission comes to here, the strongest first.
    pub(crate) fn prospects(&self) -> &Prospects {
        &self.prospects
    }

    /// The strongest isolation that can be had.
    pub(crate) fn isolation(&self) -> Option<Isolation> {
        let mut had = self.prospects.iter().filter_map(|(_, it)| it.as_ref().ok());
        had.next().copied()
    }

    /// Whether a level can be had; nothing if nobody has tried.
    fn prospect(&self, level: Level) -> Option<&Result<Isolation, String>> {
        let mut prospects = self.prospects.iter();
        prospects.find(|(of, _)| *of == level).map(|(_, it)| it)
    }
}

impl Landlock {
    fn look() -> Self {
        match arena::landlock_abi() {
            Ok(version) => Self::Abi(version),
            Err(error) if error.raw_os_error() == Some(nix::libc::EOPNOTSUPP) => {
                Self::SwitchedOff(read("/sys/kernel/security/lsm"))
            }
            Err(_) => Self::Missing,
        }
    }
}

/// The words of a file without the newline at its end; nothing if it is not there.
fn read(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim_end().to_owned())
}

fn number<N: std::str::FromStr>(path: &str) -> Option<N> {
    read(path)?.parse().ok()
}

/// The processors that this process may use.
fn cores() -> usize {
    let allowed = sched_getaffinity(Pid::from_raw(0)).unwrap_or_default();
    let is_set = |cpu: &usize| allowed.is_set(*cpu).unwrap_or(false);
    (0..CpuSet::count()).filter(is_set).count()
}

fn page() -> usize {
    let bytes = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
    bytes.and_then(|it| it.try_into().ok()).unwrap_or_default()
}

/// From `/proc/self/status`: `Seccomp: 2` means a filter. See `proc_pid_status(5)`.
fn is_filtered(status: &str) -> bool {
    let mut lines = status.lines();
    lines.any(|line| line.strip_prefix("Seccomp:").map(str::trim) == Some("2"))
}

#[cfg(test)]
mod tests {
    use super::is_filtered;

    #[test]
    fn a_filter_is_seen_in_the_status() {
        let status = |mode| format!("NoNewPrivs:\t0\nSeccomp:\t{mode}\nSeccomp_filters:\t2\n");
        assert!(is_filtered(&status(2)));
        assert!(!is_filtered(&status(0)));
        assert!(!is_filtered(""));
    }
}
