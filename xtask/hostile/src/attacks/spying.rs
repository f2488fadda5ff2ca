//! Reading what is none of a submission's business: files, environments, descriptors, and the
//! memory of other processes.
#![expect(unsafe_code, reason = "pidfd_getfd has no wrapper")]

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{IoSliceMut, Read},
    path::{Path, PathBuf},
};

use hostile::Facts;
use nix::{
    errno::Errno,
    sys::{
        ptrace,
        uio::{RemoteIoVec, process_vm_readv},
    },
    unistd::Pid,
};

use super::Attacking;
use crate::{
    child,
    given::Given,
    outcome::{NONE, io_name, list, name, told},
};

/// What everybody knows the place of.
const SECRETS: [&str; 4] = ["/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/proc/kcore"];

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("read-hidden", read_hidden),
    ("read-home", read_home),
    ("read-environ", read_environ),
    ("inherited-descriptors", inherited_descriptors),
    ("other-processes", other_processes),
    ("ptrace", trace),
    ("process-vm-readv", read_memory),
    ("proc-mem", read_proc_mem),
    ("pidfd-getfd", take_descriptors),
];

/// Hidden checks, the reference, what others have handed in, and the machine's own secrets.
fn read_hidden(given: &Given) -> Facts {
    let given = given.all("hidden").iter().map(String::as_str);
    let mut read = Vec::new();
    let mut refused = BTreeSet::new();
    for path in SECRETS.into_iter().chain(given) {
        let first = File::open(path).and_then(|mut file| file.read(&mut [0; 16]));
        match first {
            Ok(1..) => read.push(path.to_owned()),
            Ok(0) => {}
            Err(error) => {
                refused.insert(io_name(&error));
            }
        }
    }
    let refused: Vec<String> = refused.into_iter().collect();
    Facts::of("read", list(&read)).and("errors", list(&refused))
}

/// The homes of people. An empty one, made for the box, tells nothing.
fn read_home(_: &Given) -> Facts {
    // A program below somebody's home is shown there, and its path tells nothing new.
    let own = std::env::current_exe().unwrap_or_default();
    let mut listed = Vec::new();
    for folder in ["/root", "/home"] {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let others = entries.filter(|entry| !own.starts_with(entry.path()));
        if others.count() > 0 {
            listed.push(folder.to_owned());
        }
    }
    Facts::of("listed", list(&listed))
}

/// Whose environment can be read, and whether the grader's secret is in one of them, or in the own.
fn read_environ(given: &Given) -> Facts {
    let secret = given.one::<String>("secret");
    let own = PathBuf::from("/proc/self/environ");
    let others = processes().into_iter();
    let others = others.map(|pid| PathBuf::from(format!("/proc/{pid}/environ")));
    let mut read = 0;
    let mut found = Vec::new();
    for path in std::iter::once(own.clone()).chain(others) {
        let Ok(bytes) = fs::read(&path) else { continue };
        if path != own && !bytes.is_empty() {
            read += 1;
        }
        let text = String::from_utf8_lossy(&bytes);
        if secret.as_ref().is_some_and(|secret| text.contains(secret)) {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    Facts::of("read", read).and("secret", list(&found))
}

/// What was left open by whoever started this process.
fn inherited_descriptors(given: &Given) -> Facts {
    let allowed: Vec<i32> = given
        .all("allowed")
        .iter()
        .flat_map(|fd| fd.parse())
        .collect();
    let open = (3..4096).filter(|fd| {
        // SAFETY: F_GETFD only looks; a number that is no descriptor is an error.
        unsafe { libc::fcntl(*fd, libc::F_GETFD) >= 0 }
    });
    let extra = open.filter(|fd| !allowed.contains(fd)).map(|fd| {
        let what = fs::read_link(format!("/proc/self/fd/{fd}"));
        let what = what.map_or_else(
            |_| "?".to_owned(),
            |what| what.to_string_lossy().into_owned(),
        );
        format!("{fd}:{what}")
    });
    let extra: Vec<String> = extra.collect();
    Facts::of("extra", list(&extra))
}

/// Processes that are not of the box: all but this one, its parent and pid 1.
fn other_processes(_: &Given) -> Facts {
    let parent = Pid::parent().as_raw();
    let others = processes()
        .into_iter()
        .filter(|pid| *pid != parent && *pid != 1);
    let readable = others
        .filter(|pid| fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty()));
    Facts::of("others", readable.count())
}

/// All processes that can be seen, but this one.
fn processes() -> Vec<i32> {
    let own = Pid::this().as_raw();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let pids = names.filter_map(|name| name.parse().ok());
    pids.filter(|pid| *pid != own).collect()
}

/// Parent, pid 1 and the planted victim.
fn targets(given: &Given) -> [(&'static str, Option<Pid>); 3] {
    [
        ("parent", child::parent()),
        ("init", Some(Pid::from_raw(1))),
        ("victim", given.one("victim").map(Pid::from_raw)),
    ]
}

fn of_each(given: &Given, what: impl Fn(Pid) -> String) -> Facts {
    let mut facts = Facts::new();
    for (key, target) in targets(given) {
        facts.note(key, target.map_or_else(|| NONE.to_owned(), &what));
    }
    facts
}

/// Takes hold of it as a debugger does; it is let go when this process ends.
fn trace(given: &Given) -> Facts {
    of_each(given, |pid| {
        told(ptrace::seize(pid, ptrace::Options::empty()))
    })
}

/// Reads from an address that need not exist there: EFAULT is an answer that only those get who
/// may read.
fn read_memory(given: &Given) -> Facts {
    of_each(given, |pid| {
        let mut bytes = [0; 8];
        let remote = RemoteIoVec {
            base: 0x1000,
            len: bytes.len(),
        };
        match process_vm_readv(pid, &mut [IoSliceMut::new(&mut bytes)], &[remote]) {
            Err(Errno::EFAULT) => "reached".to_owned(),
            other => told(other),
        }
    })
}

/// The same memory as a file.
fn read_proc_mem(given: &Given) -> Facts {
    of_each(given, |pid| {
        let path = format!("/proc/{pid}/mem");
        match File::open(Path::new(&path)) {
            Ok(_) => "opened".to_owned(),
            Err(error) => io_name(&error),
        }
    })
}

/// Takes a descriptor out of another process: its standard input will do.
fn take_descriptors(given: &Given) -> Facts {
    of_each(given, |pid| {
        // SAFETY: pidfd_open(2) takes numbers.
        let process = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
        if process < 0 {
            return name(Errno::last());
        }
        // SAFETY: pidfd_getfd(2) takes numbers; what it gives is closed by the end of the process.
        let taken = unsafe { libc::syscall(libc::SYS_pidfd_getfd, process, 0, 0) };
        told(Errno::result(taken))
    })
}
