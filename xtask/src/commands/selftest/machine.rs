//! What is on the machine: a list to be compared before and after an attack, and before and after the
//! whole suite. What others do meanwhile must not show. Processes are counted if they descend from
//! this one or run the attacks' program, control groups if nobody is there any more to remove them,
//! and files if they are named after the suite or stand in its own temporary folder. System V objects
//! have no such names: nobody else should make any beside the suite.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Folders in which things are left behind.
const FOLDERS: [&str; 4] = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue"];

/// Everything that there is at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Machine(BTreeSet<String>);

/// What is there now, and was not there before.
pub(super) fn left(before: &Machine, now: &Machine) -> Vec<String> {
    now.0.difference(&before.0).cloned().collect()
}

impl Machine {
    /// Looks at everything.
    pub(super) fn look(program: &Path) -> Self {
        let mut all = BTreeSet::new();
        files(&mut all);
        processes(program, &mut all);
        for kind in ["shm", "sem", "msg"] {
            let table = fs::read_to_string(format!("/proc/sysvipc/{kind}")).unwrap_or_default();
            let numbers = column(&table, 1).skip(1);
            // The second column is the object's number; the others change while it lives.
            all.extend(numbers.map(|number| format!("System V {kind} {number}")));
        }
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let mounts = column(&mounts, 4).filter(|name| is_ours(name));
        all.extend(mounts.map(|name| format!("mount {name}")));
        let sockets = fs::read_to_string("/proc/net/unix").unwrap_or_default();
        let sockets =
            column(&sockets, 7).filter(|name| name.contains("hostile") && !is_of_another(name));
        all.extend(sockets.map(|name| format!("socket {name}")));
        let groups = arena::groups_left();
        all.extend(
            groups
                .iter()
                .map(|group| format!("control group {}", group.display())),
        );
        Self(all)
    }
}

/// A column of a table, counted from 0.
fn column(table: &str, number: usize) -> impl Iterator<Item = &str> {
    table
        .lines()
        .filter_map(move |line| line.split_whitespace().nth(number))
}

fn is_ours(name: &str) -> bool {
    name.contains("hostile") || name.contains("interlock-")
}

/// The bait of another suite, beside this one.
fn is_of_another(socket: &str) -> bool {
    let owner = socket.strip_prefix("@interlock-hostile-");
    owner.is_some_and(|owner| owner != std::process::id().to_string())
}

fn files(all: &mut BTreeSet<String>) {
    for folder in FOLDERS.map(Path::new) {
        let names = entries(folder).map(|path| path.display().to_string());
        all.extend(names.filter(|name| name.contains("hostile")));
    }
    // Nobody but this process has anything in here.
    let own = tempfile::env::temp_dir();
    all.extend(entries(&own).map(|path| path.display().to_string()));
}

/// A process as `/proc/PID/stat` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Process {
    parent: u32,
    name: String,
    /// Ended, and not waited for: the grader does that with all it has adopted when it ends.
    is_dead: bool,
}

impl Process {
    /// `7 (na) me) S 1 …`: the name stands in parentheses, and may hold anything.
    fn read(stat: &str) -> Option<Self> {
        let (head, rest) = stat.rsplit_once(") ")?;
        let (_, name) = head.split_once('(')?;
        let mut fields = rest.split(' ');
        Some(Self {
            name: name.to_owned(),
            is_dead: matches!(fields.next()?, "Z" | "X"),
            parent: fields.next()?.parse().ok()?,
        })
    }
}

fn processes(program: &Path, all: &mut BTreeSet<String>) {
    let mut table = BTreeMap::new();
    for path in entries(Path::new("/proc")) {
        let id = path
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok());
        let stat = fs::read_to_string(path.join("stat")).ok();
        if let (Some(id), Some(process)) = (id, stat.as_deref().and_then(Process::read)) {
            // In a mount namespace of its own the path reads the same.
            let attacks = fs::read_link(path.join("exe")).is_ok_and(|exe| exe == program);
            table.insert(id, (process, attacks));
        }
    }
    let of_table: BTreeMap<u32, u32> = table.iter().map(|(id, (it, _))| (*id, it.parent)).collect();
    for (id, (process, attacks)) in &table {
        if !process.is_dead && (*attacks || descends(*id, std::process::id(), &of_table)) {
            all.insert(format!("process {id} {}", process.name));
        }
    }
}

/// Whether `id` is a child of `ancestor`, or a child of one, and so on.
fn descends(id: u32, ancestor: u32, parents: &BTreeMap<u32, u32>) -> bool {
    let mut next = parents.get(&id);
    // No chain is longer than the table, even if ids were given anew while it was read.
    for _ in 0..parents.len() {
        match next {
            Some(parent) if *parent == ancestor => return true,
            Some(parent) => next = parents.get(parent),
            None => return false,
        }
    }
    false
}

/// What cannot be looked into has nothing of ours in it.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(things: &[&str]) -> Machine {
        Machine(things.iter().map(|&thing| thing.to_owned()).collect())
    }

    #[test]
    fn what_was_there_before_or_has_gone_is_not_left() {
        let before = machine(&["a", "b"]);
        assert_eq!(left(&before, &machine(&["b", "c"])), ["c"]);
        assert!(left(&before, &machine(&["a"])).is_empty());
    }

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let process = Process::read("7 (a) b (c) S 3 7 7 0").unwrap();
        assert_eq!((process.parent, &*process.name), (3, "a) b (c"));
        assert!(!process.is_dead);
        assert!(Process::read("7 (x) Z 3 7").unwrap().is_dead);
        assert_eq!(Process::read("7 x Z 3"), None);
    }

    #[test]
    fn a_grandchild_descends_and_a_stranger_does_not() {
        let parents = BTreeMap::from([(2, 1), (3, 2), (4, 3), (9, 1), (11, 12), (12, 11)]);
        assert!(descends(4, 2, &parents));
        assert!(!descends(9, 2, &parents));
        assert!(!descends(2, 2, &parents));
        assert!(!descends(11, 2, &parents), "a circle ends");
    }

    #[test]
    fn a_live_child_is_seen_and_a_dead_one_is_not() {
        let before = Machine::look(Path::new("/nowhere"));
        #[expect(clippy::disallowed_methods, reason = "the test's own child")]
        let mut child = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let id = child.id();
        let left = left(&before, &Machine::look(Path::new("/nowhere")));
        child.kill().unwrap();
        child.wait().unwrap();
        let seen = left
            .iter()
            .any(|thing| thing.starts_with(&format!("process {id} ")));
        assert!(seen, "{left:?}");
    }

    #[test]
    fn the_bait_of_another_suite_is_not_ours() {
        let own = format!("@interlock-hostile-{}", std::process::id());
        assert!(!is_of_another(&own));
        assert!(is_of_another("@interlock-hostile-1"));
        assert!(!is_of_another("@hostile-leftover"));
    }
}
