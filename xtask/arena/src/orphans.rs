//! Processes whose parents have gone: whoever starts checks adopts them, so that nothing outlives
//! the grader. It ends only its own descendants.

use std::path::PathBuf;

use nix::{
    sys::{
        prctl,
        signal::{Signal, kill},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};

use crate::helper;

/// From now on orphans among this process's descendants become its children. See
/// `PR_SET_CHILD_SUBREAPER`, prctl(2).
///
/// # Errors
/// Never on Linux 3.4 or later.
pub fn adopt_orphans() -> std::io::Result<()> {
    Ok(prctl::set_child_subreaper(true)?)
}

/// Kills and reaps every child of this process, and theirs, until none is left; how many there
/// were. Only for a process that has nothing else running.
pub fn reap_orphans() -> usize {
    let mut reaped = 0;
    loop {
        for child in children_of(std::process::id()) {
            // It may have ended by itself in between.
            kill(child, Signal::SIGKILL).ok();
        }
        match waitpid(None, Some(WaitPidFlag::__WALL)) {
            Ok(WaitStatus::Exited(..) | WaitStatus::Signaled(..)) => reaped += 1,
            Ok(_) => {}
            Err(nix::errno::Errno::EINTR) => {}
            Err(_) => return reaped,
        }
    }
}

/// Removes the control groups of boxes whose helpers have ended without their clients: those of checks
/// that were killed. Groups of boxes at work are left alone, whoever's they are.
pub fn sweep_groups() {
    helper::sweep_groups();
}

/// The control groups that boxes have left behind: their clients have ended, or are this process, which
/// must have finished with them.
#[must_use]
pub fn groups_left() -> Vec<PathBuf> {
    helper::groups_left()
}

/// The children of a process.
pub(crate) fn children_of(parent: u32) -> Vec<Pid> {
    children_of_tasks(parent).unwrap_or_else(|| children_by_parent(parent))
}

/// What the kernel says of each of its threads: a child belongs to the one that forked it. `None`
/// if the kernel was built without these files, or if a thread went while we looked: its children
/// are another's then, which may have been asked already. See `/proc/PID/task/TID/children`,
/// `proc_pid_task(5)`.
fn children_of_tasks(parent: u32) -> Option<Vec<Pid>> {
    let mut children = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{parent}/task")).ok()? {
        let list = std::fs::read_to_string(task.ok()?.path().join("children")).ok()?;
        let pids = list.split_whitespace().flat_map(str::parse);
        children.extend(pids.map(Pid::from_raw));
    }
    Some(children)
}

/// Every entry of /proc whose parent it is: slower by as many processes as the machine has.
fn children_by_parent(parent: u32) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|pid| parent_of(*pid) == Some(parent))
        .map(Pid::from_raw)
        .collect()
}

/// The fourth field of `/proc/PID/stat`; the second, a name in parentheses, may hold anything.
fn parent_of(pid: i32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(1)?.parse().ok()
}
