//! An exact bound for the memory of a box: a control group that every process of the box joins as the
//! first thing that it does. The helper stays outside: where memory runs out, the kernel ends somebody
//! who is in the group, and while a large process is still on its way out there may be nobody else.
//! Version 2 where a part of the hierarchy was given to us, version 1 as root.
//! See `cgroups(7)`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::process::parent_id,
    path::{Path, PathBuf},
};

use crate::protocol::Limits;

/// The name of a group, before the ids of the client and of the helper that made it: `interlock-7-9`.
const NAME: &str = "interlock-";

/// What counts beside a program's own memory: page tables, and files that it is the first to read.
const SLACK: u64 = 64 << 20;

/// The groups of a box.
pub(super) struct Cgroup {
    pub(super) folders: Vec<PathBuf>,
    /// The file that counts how often the kernel had to kill.
    kills: PathBuf,
    /// The file by which a process joins, open: from inside the box it cannot be found any more.
    members: File,
}

impl Cgroup {
    /// Makes the groups.
    pub(super) fn make(limits: &Limits) -> io::Result<Self> {
        let limit = limits.total_memory.saturating_add(SLACK).to_string();
        let Place {
            folder,
            bound,
            kills,
            members,
        } = Place::find()?;
        let (client, helper) = (parent_id(), std::process::id());
        let folder = folder.join(format!("{NAME}{client}-{helper}"));
        fs::create_dir(&folder)?;
        let opened = fs::write(folder.join(bound), &limit)
            .and_then(|()| OpenOptions::new().write(true).open(folder.join(members)));
        let members = match opened {
            Ok(members) => members,
            Err(error) => {
                fs::remove_dir(&folder).ok();
                return Err(error);
            }
        };
        // Where there is swap, it must not double the bound. Without swap there is no such file.
        fs::write(folder.join("memory.swap.max"), "0").ok();
        Ok(Self {
            kills: folder.join(kills),
            folders: vec![folder],
            members,
        })
    }

    /// The calling process joins, with whatever it starts.
    pub(super) fn join(&self) -> io::Result<()> {
        (&self.members).write_all(b"0")
    }

    pub(super) fn is_out_of_memory(&self) -> bool {
        let Ok(text) = fs::read_to_string(&self.kills) else {
            return false;
        };
        text.lines()
            .filter_map(|line| line.strip_prefix("oom_kill "))
            .any(|count| count.trim() != "0")
    }
}

/// Where the groups of boxes are made: below the group of this process.
struct Place {
    folder: PathBuf,
    /// The file of a group that holds its bound.
    bound: &'static str,
    kills: &'static str,
    /// The file by which a process joins.
    members: &'static str,
}

impl Place {
    fn find() -> io::Result<Self> {
        let own = fs::read_to_string("/proc/self/cgroup")?;
        Ok(match own_group(&own, "memory") {
            Some(path) => Self {
                folder: Path::new("/sys/fs/cgroup/memory").join(path),
                bound: "memory.limit_in_bytes",
                kills: "memory.oom_control",
                // This process is one task. To move a process, the kernel holds up every fork of
                // the system for some ten milliseconds; to move the task that asks, it does not.
                members: "tasks",
            },
            None => Self {
                folder: Path::new("/sys/fs/cgroup").join(own_group(&own, "").ok_or(missing())?),
                bound: "memory.max",
                kills: "memory.events",
                members: "cgroup.procs",
            },
        })
    }
}

/// Removes the groups of boxes whose helpers have ended and whose makers could not do it: a check
/// that was killed at its deadline, a box that could not be finished. The kernel keeps every group
/// that still has processes, and nobody else's is named so.
pub(crate) fn sweep_groups() {
    for (group, _) in groups_without_helper() {
        // If another grader was faster, there is nothing left to do.
        fs::remove_dir(group).ok();
    }
}

/// The groups that nobody will remove any more: those of clients that have ended, and of this
/// process if it has finished with all its boxes.
pub(crate) fn groups_left() -> Vec<PathBuf> {
    let all = groups_without_helper().into_iter();
    all.filter(|(_, client)| *client == std::process::id().to_string() || !is_there(client))
        .map(|(group, _)| group)
        .collect()
}

/// The groups of boxes whose helpers have ended, and the id of each one's client.
fn groups_without_helper() -> Vec<(PathBuf, String)> {
    let Ok(place) = Place::find() else {
        return Vec::new();
    };
    let entries = fs::read_dir(place.folder).into_iter().flatten().flatten();
    let of_ended = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let (client, helper) = makers(name.to_str()?)?;
        (!is_there(helper)).then(|| (entry.path(), client.to_owned()))
    };
    entries.filter_map(of_ended).collect()
}

/// The ids of the client and of the helper that made a group of this name.
fn makers(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix(NAME)?.split_once('-')
}

fn is_there(process: &str) -> bool {
    Path::new("/proc").join(process).exists()
}

fn missing() -> io::Error {
    io::Error::other("no control group")
}

/// The path of a process's group in the hierarchy of a controller, without its first slash; the
/// controller of version 2 has no name.
fn own_group<'a>(of_process: &'a str, controller: &str) -> Option<&'a str> {
    of_process.lines().find_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let names = fields.next()?;
        names
            .split(',')
            .any(|name| name == controller)
            .then(|| fields.next().map(|path| path.trim_start_matches('/')))?
    })
}

#[cfg(test)]
mod tests {
    use super::{makers, own_group};

    #[test]
    fn a_group_names_its_makers() {
        assert_eq!(makers("interlock-7-9"), Some(("7", "9")));
        assert_eq!(makers("user.slice"), None);
    }

    #[test]
    fn a_group_is_found_in_both_versions() {
        let first = "5:memory:/a/b\n4:cpu,cpuacct:/c\n0::/d\n";
        assert_eq!(own_group(first, "memory"), Some("a/b"));
        assert_eq!(own_group(first, "cpuacct"), Some("c"));
        assert_eq!(own_group(first, ""), Some("d"));
        assert_eq!(own_group("0::/user.slice\n", "memory"), None);
    }
}
