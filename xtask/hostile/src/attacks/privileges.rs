//! Getting more rights: namespaces, mounts, identities, limits, priorities, filters.
//!
//! What would change the process that tries it is tried in a child, one child a try.
#![expect(
    unsafe_code,
    reason = "calls that take a raw pointer or no wrapper has"
)]

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    ptr,
};

use hostile::Facts;
use nix::{
    errno::Errno,
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, setns, unshare},
    sys::{
        personality::{self, Persona},
        resource::{Resource, getrlimit},
    },
    unistd::{Gid, Uid, chroot, pivot_root, setgroups, sethostname, setresgid, setresuid},
};

use super::Attacking;
use crate::{
    child::says,
    given::Given,
    outcome::{DONE, NONE, list, name, told, told_io},
};

/// Every kind of namespace.
const NAMESPACES: [(&str, CloneFlags); 7] = [
    ("user", CloneFlags::CLONE_NEWUSER),
    ("mnt", CloneFlags::CLONE_NEWNS),
    ("pid", CloneFlags::CLONE_NEWPID),
    ("net", CloneFlags::CLONE_NEWNET),
    ("ipc", CloneFlags::CLONE_NEWIPC),
    ("uts", CloneFlags::CLONE_NEWUTS),
    ("cgroup", CloneFlags::CLONE_NEWCGROUP),
];

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("unshare", new_namespaces),
    ("clone-flags", cloned_namespaces),
    ("setns", other_namespaces),
    ("mount", mounts),
    ("chroot", roots),
    ("host-name", host_name),
    ("identities", identities),
    ("capabilities", capabilities),
    ("raise-limits", raise_limits),
    ("priorities", priorities),
    ("own-filter", own_filter),
    ("personality", personalities),
    ("tiocsti", push_input),
];

fn new_namespaces(_: &Given) -> Facts {
    let mut facts = Facts::new();
    for (key, flag) in NAMESPACES {
        facts.note(key, says(|| told(unshare(flag))));
    }
    // With a user namespace of its own, whoever makes it is root in there.
    let both = CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS;
    facts.and("user_mnt", says(|| told(unshare(both))))
}

/// The same by the flags of clone(2) and clone3(2).
fn cloned_namespaces(_: &Given) -> Facts {
    let user = libc::CLONE_NEWUSER | libc::SIGCHLD;
    let hidden = libc::CLONE_UNTRACED | libc::SIGCHLD;
    Facts::of("clone", says(|| cloned(user)))
        .and("untraced", says(|| cloned(hidden)))
        .and("clone3", says(cloned3))
}

fn cloned(flags: i32) -> String {
    // SAFETY: without a stack of its own the child goes on as after fork(2), in a copy of a process
    // with one thread.
    let child = unsafe { libc::syscall(libc::SYS_clone, flags as libc::c_long, 0, 0, 0, 0) };
    came_of(child)
}

fn cloned3() -> String {
    /// What the call takes, as far as its first version goes: eight numbers.
    const LENGTH: usize = 8;
    let mut arguments = [0_u64; LENGTH];
    arguments[0] = libc::CLONE_NEWUSER as u64;
    arguments[4] = libc::SIGCHLD as u64;
    // SAFETY: the call reads as many bytes as it is told, of an array of that size; the child goes
    // on as after fork(2).
    let child = unsafe { libc::syscall(libc::SYS_clone3, arguments.as_ptr(), LENGTH * 8) };
    came_of(child)
}

/// In the new child: ends. In its parent: what came of the call.
fn came_of(child: libc::c_long) -> String {
    if child == 0 {
        crate::child::end();
    }
    told(Errno::result(child))
}

/// The namespaces of pid 1 and of the parent, by their files.
fn other_namespaces(_: &Given) -> Facts {
    let mut facts = Facts::new();
    for (key, flag) in NAMESPACES {
        let enter = || {
            let own = fs::read_link(format!("/proc/self/ns/{key}")).ok();
            let parent = crate::child::parent().map_or(1, nix::unistd::Pid::as_raw);
            let mut word = NONE.to_owned();
            for pid in [1, parent] {
                let path = format!("/proc/{pid}/ns/{key}");
                // To enter where one is already is no attack.
                if fs::read_link(&path).ok() == own {
                    continue;
                }
                match File::open(path) {
                    Ok(file) => word = told(setns(file, flag)),
                    Err(error) => word = told_io::<()>(Err(error)),
                }
                if word == DONE {
                    break;
                }
            }
            word
        };
        facts.note(key, says(enter));
    }
    facts
}

fn mounts(_: &Given) -> Facts {
    let none: Option<&str> = None;
    let tmpfs = || {
        told(mount(
            Some("tmpfs"),
            "/tmp",
            Some("tmpfs"),
            MsFlags::empty(),
            none,
        ))
    };
    let bind = || told(mount(Some("/etc"), "/tmp", none, MsFlags::MS_BIND, none));
    let writable = || {
        let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND;
        told(mount(none, "/", none, flags, none))
    };
    let away = || told(umount2("/proc", MntFlags::MNT_DETACH));
    // Each of them in a child, and undone there, since a mount is everybody's.
    Facts::of(
        "tmpfs",
        says(|| {
            let word = tmpfs();
            if word == DONE {
                umount2("/tmp", MntFlags::MNT_DETACH).ok();
            }
            word
        }),
    )
    .and(
        "bind",
        says(|| {
            let word = bind();
            if word == DONE {
                umount2("/tmp", MntFlags::MNT_DETACH).ok();
            }
            word
        }),
    )
    .and("remount", unless_root(writable))
    .and("umount", unless_root(away))
}

/// Root could really do it, to the machine's own mounts. That it was left out is no refusal.
fn unless_root(attack: impl FnOnce() -> String) -> String {
    if Uid::effective().is_root() {
        "left_out_as_root".to_owned()
    } else {
        says(attack)
    }
}

fn roots(_: &Given) -> Facts {
    Facts::of("chroot", says(|| told(chroot("/tmp"))))
        .and("pivot_root", says(|| told(pivot_root("/tmp", "/tmp"))))
}

/// Named as it is named already, so that nothing changes if it works.
fn host_name(_: &Given) -> Facts {
    let own = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Facts::of("set", says(|| told(sethostname(own.trim()))))
}

fn identities(_: &Given) -> Facts {
    let root = Uid::from_raw(0);
    let wheel = Gid::from_raw(0);
    let other = Uid::from_raw(12_345);
    Facts::of("root", says(|| told(setresuid(root, root, root))))
        .and("group", says(|| told(setresgid(wheel, wheel, wheel))))
        .and("groups", says(|| told(setgroups(&[wheel]))))
        .and("other", says(|| told(setresuid(other, other, other))))
}

/// What the kernel says of this process: no capability, and none to be gained by an exec.
fn capabilities(_: &Given) -> Facts {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.map_or("?", |line| line.trim_start_matches(':').trim())
            .to_owned()
    };
    let bare = |word: String| {
        if word.trim_matches('0').is_empty() {
            NONE.to_owned()
        } else {
            word
        }
    };
    Facts::of("effective", bare(field("CapEff")))
        .and("permitted", bare(field("CapPrm")))
        .and("bounding", bare(field("CapBnd")))
        .and("no_new_privileges", field("NoNewPrivs"))
        .and("filters", field("Seccomp"))
}

/// Every hard limit, one higher than it is. Whatever has no limit is listed.
fn raise_limits(_: &Given) -> Facts {
    let resources = [
        ("as", Resource::RLIMIT_AS),
        ("core", Resource::RLIMIT_CORE),
        ("cpu", Resource::RLIMIT_CPU),
        ("fsize", Resource::RLIMIT_FSIZE),
        ("nofile", Resource::RLIMIT_NOFILE),
        ("nproc", Resource::RLIMIT_NPROC),
        ("memlock", Resource::RLIMIT_MEMLOCK),
    ];
    let mut raised = Vec::new();
    let mut unlimited = Vec::new();
    for (key, resource) in resources {
        let Ok((_, hard)) = getrlimit(resource) else {
            continue;
        };
        if hard == libc::RLIM_INFINITY {
            unlimited.push(key.to_owned());
            continue;
        }
        let raise = || told(nix::sys::resource::setrlimit(resource, hard + 1, hard + 1));
        if says(raise) == DONE {
            raised.push(key.to_owned());
        }
    }
    Facts::of("raised", list(&raised)).and("unlimited", list(&unlimited))
}

fn priorities(_: &Given) -> Facts {
    let nice = || {
        // SAFETY: setpriority(2) takes numbers.
        let set = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, -20) };
        told(Errno::result(set))
    };
    let real_time = || {
        let priority = libc::sched_param { sched_priority: 1 };
        // SAFETY: the call reads one structure that is there.
        let set = unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const priority) };
        told(Errno::result(set))
    };
    let unkillable = || {
        let score = OpenOptions::new()
            .write(true)
            .open("/proc/self/oom_score_adj");
        told_io(score.and_then(|mut score| score.write_all(b"-1000")))
    };
    Facts::of("nice", says(nice))
        .and("real_time", says(real_time))
        .and("out_of_memory_score", says(unkillable))
}

/// A filter of its own that lets everything pass: it must not overrule those that are there.
fn own_filter(_: &Given) -> Facts {
    let weakened = || {
        let before = told(unshare(CloneFlags::CLONE_NEWUSER));
        if before == DONE {
            return "nothing_to_weaken".to_owned();
        }
        nix::sys::prctl::set_no_new_privs().ok();
        let allow = libc::sock_filter {
            code: (libc::BPF_RET | libc::BPF_K) as u16,
            jt: 0,
            jf: 0,
            k: libc::SECCOMP_RET_ALLOW,
        };
        let mut filter = [allow];
        let program = libc::sock_fprog {
            len: 1,
            filter: filter.as_mut_ptr(),
        };
        // SAFETY: the call reads a program of the length that it is told.
        unsafe {
            libc::syscall(
                libc::SYS_seccomp,
                libc::SECCOMP_SET_MODE_FILTER,
                0,
                &raw const program,
            )
        };
        let after = told(unshare(CloneFlags::CLONE_NEWUSER));
        if after == DONE { "yes" } else { "no" }.to_owned()
    };
    Facts::of("weakened", says(weakened))
}

/// Harmless: it changes how the own memory is laid out, and nothing else.
fn personalities(_: &Given) -> Facts {
    let wanted = Persona::READ_IMPLIES_EXEC | Persona::ADDR_NO_RANDOMIZE;
    Facts::of("set", says(|| told(personality::set(wanted))))
}

/// Typing on somebody's terminal. A space, which harms nobody.
fn push_input(_: &Given) -> Facts {
    let mut pushed = Vec::new();
    let mut errors = Vec::new();
    for path in [
        "/dev/tty",
        "/dev/console",
        "/dev/stdin",
        "/dev/stdout",
        "/dev/stderr",
    ] {
        match File::open(path) {
            Ok(file) => {
                let space = b' ';
                let at = ptr::from_ref(&space);
                // SAFETY: the call reads one byte that is there.
                let done = unsafe { libc::ioctl(raw(&file), libc::TIOCSTI, at) };
                match Errno::result(done) {
                    Ok(_) => pushed.push(path.to_owned()),
                    Err(error) => errors.push(name(error)),
                }
            }
            Err(error) => errors.push(crate::outcome::io_name(&error)),
        }
    }
    errors.sort();
    errors.dedup();
    Facts::of("pushed", list(&pushed)).and("errors", list(&errors))
}

fn raw(file: &File) -> i32 {
    std::os::fd::AsRawFd::as_raw_fd(file)
}
