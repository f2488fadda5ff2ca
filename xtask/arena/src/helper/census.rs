//! What a process has of the system's, and what there is in its box: counted from outside, so that
//! nothing which the process says about itself matters.

use std::{
    fs, io,
    os::fd::{AsRawFd, OwnedFd},
    path::Path,
};

use nix::unistd::Pid;

use super::Trouble;
use crate::{
    orphans::children_of,
    protocol::{Belongings, Census, SystemV},
};

/// Where the things of a box are that have names.
pub(crate) struct Places {
    /// The private folder.
    pub(crate) home: OwnedFd,
    /// Those that only a box of its own has.
    pub(crate) own: Option<OwnPlaces>,
}

/// Where names of shared memory and message queues show, and nobody else's.
pub(crate) struct OwnPlaces {
    /// `/dev/shm`.
    pub(crate) memory: OwnedFd,
    /// `/dev/mqueue`.
    pub(crate) queues: OwnedFd,
}

/// What a process has.
pub(super) fn census(pid: Pid) -> Result<Census, Trouble> {
    let children = children_of(pid.as_raw().unsigned_abs());
    Ok(Census {
        descriptors: fs::read_dir(format!("/proc/{pid}/fd"))?.count(),
        mappings: fs::read_to_string(format!("/proc/{pid}/maps"))?
            .lines()
            .count(),
        threads: fs::read_dir(format!("/proc/{pid}/task"))?.count(),
        children: children.len(),
        zombies: children.iter().filter(|child| has_ended(**child)).count(),
        open: open(pid)?,
    })
}

/// What is open, by number and name.
fn open(pid: Pid) -> io::Result<Vec<(i32, String)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(format!("/proc/{pid}/fd"))? {
        let entry = entry?;
        let number = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        // It may be closed by now.
        if let (Some(number), Ok(target)) = (number, fs::read_link(entry.path())) {
            all.push((number, target.to_string_lossy().into_owned()));
        }
    }
    all.sort_unstable();
    Ok(all)
}

fn has_ended(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| rest.starts_with('Z'))
}

/// What has a name in the box, or outlives whoever made it.
pub(super) fn belongings(places: &Places) -> Result<Belongings, Trouble> {
    let mut files = Vec::new();
    list(&folder(&places.home), "", &mut files)?;
    files.sort_unstable();
    let own = match &places.own {
        Some(own) => Some((names(&own.memory)?, names(&own.queues)?, system_v()?)),
        None => None,
    };
    let (shared_memory, queues, system_v) = match own {
        Some((memory, queues, system_v)) => (Some(memory), Some(queues), Some(system_v)),
        None => (None, None, None),
    };
    Ok(Belongings {
        files,
        shared_memory,
        queues,
        system_v,
    })
}

/// The path of an open folder, wherever that is.
fn folder(open: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", open.as_raw_fd())
}

fn names(of: &OwnedFd) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder(of))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// Everything below a folder, by its path from there. No link is followed.
fn list(folder: &str, below: &str, all: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(Path::new(folder).join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = match below {
            "" => name,
            below => format!("{below}/{name}"),
        };
        if entry.file_type()?.is_dir() {
            // What nobody may look into is one name.
            list(folder, &path, all).ok();
        }
        all.push(path);
    }
    Ok(())
}

/// The objects of the IPC namespace of this process, which is that of the box.
fn system_v() -> io::Result<Vec<(SystemV, i64)>> {
    let mut all = Vec::new();
    for (kind, name) in [
        (SystemV::Memory, "shm"),
        (SystemV::Semaphores, "sem"),
        (SystemV::Queue, "msg"),
    ] {
        let table = fs::read_to_string(format!("/proc/sysvipc/{name}"))?;
        all.extend(identifiers(&table).map(|id| (kind, id)));
    }
    Ok(all)
}

/// The second column below the head.
fn identifiers(table: &str) -> impl Iterator<Item = i64> {
    let id = |line: &str| line.split_whitespace().nth(1)?.parse().ok();
    table.lines().skip(1).filter_map(id)
}

#[cfg(test)]
mod tests {
    use super::identifiers;

    #[test]
    fn system_v_objects_are_known_by_their_identifiers() {
        let table = "       key      semid perms      nsems   uid\n         0          3   600          1  1000\n   1234567          5   600          1  1000\n";
        assert_eq!(identifiers(table).collect::<Vec<_>>(), [3, 5]);
    }
}
