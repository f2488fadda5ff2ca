//! What is on the machine: a list to be compared before and after an attack. What others do
//! meanwhile must not show, so that only what is named after the suite counts, or stands in its own
//! temporary folder. System V objects and control groups have no such names: no other grading should
//! run beside the suite.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Folders in which things are left behind.
const FOLDERS: [&str; 4] = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue"];

/// Everything there is now.
pub(super) fn inventory(program: &Path) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for folder in FOLDERS.map(Path::new) {
        let names = entries(folder).map(|path| path.display().to_string());
        all.extend(names.filter(|name| name.contains("hostile")));
    }
    // Nobody but this process has anything in here.
    let own = tempfile::env::temp_dir();
    all.extend(entries(&own).map(|path| path.display().to_string()));
    for path in entries(Path::new("/proc")) {
        // In a mount namespace of its own the path reads the same.
        if fs::read_link(path.join("exe")).is_ok_and(|exe| exe == program) {
            all.insert(format!("process {}", path.display()));
        }
    }
    for kind in ["shm", "sem", "msg"] {
        let table = fs::read_to_string(format!("/proc/sysvipc/{kind}")).unwrap_or_default();
        // The second column is the object's number; the others change while it lives.
        let numbers = table
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().nth(1));
        all.extend(numbers.map(|number| format!("System V {kind} {number}")));
    }
    for (what, path) in [
        ("mount", "/proc/self/mountinfo"),
        ("socket", "/proc/net/unix"),
    ] {
        let table = fs::read_to_string(path).unwrap_or_default();
        // A socket of the suite's own, or of the arena's, lives as long as they do.
        let column = if what == "mount" { 4 } else { 7 };
        let names = table
            .lines()
            .filter_map(|line| line.split_whitespace().nth(column));
        let names = names.filter(|name| is_ours(name));
        all.extend(names.map(|name| format!("{what} {name}")));
    }
    cgroups(Path::new("/sys/fs/cgroup"), 4, &mut all);
    all
}

fn is_ours(name: &str) -> bool {
    name.contains("hostile") || name.contains("interlock-")
}

fn cgroups(folder: &Path, depth: usize, all: &mut BTreeSet<String>) {
    for path in entries(folder).filter(|path| path.is_dir()) {
        let name = path.display().to_string();
        if is_ours(&name) {
            all.insert(format!("control group {name}"));
        } else if depth > 0 {
            cgroups(&path, depth - 1, all);
        }
    }
}

/// What cannot be looked into has nothing of ours in it.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}
