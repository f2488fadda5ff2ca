//! Leaving something behind: every kind of object that outlives its process. The runner looks for
//! them afterwards; here it only counts that they were made, since a box may well allow it.
#![expect(
    unsafe_code,
    reason = "System V calls and message queues have no wrapper"
)]

use std::{
    ffi::CString,
    fs::{self, File},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixListener},
    },
    path::Path,
    ptr,
    time::Duration,
};

use hostile::Facts;
use nix::{
    errno::Errno,
    fcntl::OFlag,
    sys::{
        mman::shm_open,
        signal::{Signal, kill, raise},
        stat::Mode,
    },
    unistd::mkfifo,
};

use super::Attacking;
use crate::{
    child,
    given::Given,
    outcome::{DONE, io_name, name, pass, told, told_io},
};

/// How everything is named, so that it is found, and by whom.
const NAME: &str = "hostile-leftover";

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("leave-posix-shm", posix_shm),
    ("leave-semaphore", named_semaphore),
    ("leave-mqueue", message_queue),
    ("leave-sysv", system_v),
    ("leave-fifo", fifos),
    ("leave-files", files),
    ("leave-burrow", burrow),
    ("leave-abstract", abstract_socket),
    ("leave-stopped", stopped_child),
];

fn posix_shm(_: &Given) -> Facts {
    let flags = OFlag::O_CREAT | OFlag::O_RDWR;
    let made = shm_open(
        format!("/{NAME}").as_str(),
        flags,
        Mode::S_IRUSR | Mode::S_IWUSR,
    );
    let made = made.map(File::from).map(|file| file.set_len(4096));
    Facts::of("made", told(made))
}

fn c_string(text: String) -> CString {
    // The names here hold no zero byte.
    CString::new(text).unwrap_or_default()
}

fn named_semaphore(_: &Given) -> Facts {
    let path = c_string(format!("/{NAME}"));
    // SAFETY: the name is a string that ends in a zero byte.
    let semaphore = unsafe { libc::sem_open(path.as_ptr(), libc::O_CREAT, 0o600, 0) };
    let made = if semaphore == libc::SEM_FAILED {
        name(Errno::last())
    } else {
        DONE.to_owned()
    };
    Facts::of("made", made)
}

fn message_queue(_: &Given) -> Facts {
    let path = c_string(format!("/{NAME}"));
    let no_attributes: *const libc::mq_attr = ptr::null();
    let flags = libc::O_CREAT | libc::O_RDWR;
    // SAFETY: the name is a string that ends in a zero byte; without attributes nothing else is
    // read.
    let queue = unsafe { libc::mq_open(path.as_ptr(), flags, 0o600, no_attributes) };
    Facts::of("made", told(Errno::result(queue)))
}

/// A segment, a set of semaphores, a message queue.
fn system_v(_: &Given) -> Facts {
    let flags = libc::IPC_CREAT | 0o600;
    // SAFETY: shmget(2) takes numbers.
    let segment = unsafe { libc::shmget(libc::IPC_PRIVATE, 4096, flags) };
    let segment = told(Errno::result(segment));
    // SAFETY: semget(2) takes numbers.
    let semaphores = unsafe { libc::semget(libc::IPC_PRIVATE, 1, flags) };
    let semaphores = told(Errno::result(semaphores));
    // SAFETY: msgget(2) takes numbers.
    let queue = unsafe { libc::msgget(libc::IPC_PRIVATE, flags) };
    Facts::of("shm", segment)
        .and("sem", semaphores)
        .and("msg", told(Errno::result(queue)))
}

fn fifos(_: &Given) -> Facts {
    let make = |folder: &str| {
        let mode = Mode::S_IRUSR | Mode::S_IWUSR;
        told(mkfifo(
            &Path::new(folder).join(format!("{NAME}.fifo")),
            mode,
        ))
    };
    Facts::of("folder", make(".")).and("tmp", make("/tmp"))
}

/// Files, and a folder that cannot be looked into.
fn files(_: &Given) -> Facts {
    let mut facts = Facts::new();
    let folders = [
        ("folder", "."),
        ("tmp", "/tmp"),
        ("var_tmp", "/var/tmp"),
        ("dev_shm", "/dev/shm"),
    ];
    for (key, folder) in folders {
        let path = Path::new(folder).join(format!("{NAME}.file"));
        facts.note(key, told_io(fs::write(path, b"left")));
    }
    let locked = Path::new(NAME);
    let made = fs::create_dir(locked)
        .and_then(|()| fs::write(locked.join("inside"), b"left"))
        .and_then(|()| {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o000);
            fs::set_permissions(locked, mode)
        });
    facts.and("locked_folder", told_io(made))
}

/// Folders in folders, more than a path can name, and than many a removal gets through.
fn burrow(_: &Given) -> Facts {
    let dig = |_| fs::create_dir(NAME).and_then(|()| std::env::set_current_dir(NAME));
    let deep = (0..3000).map(dig).take_while(Result::is_ok).count();
    Facts::of("deep", deep)
}

/// An abstract name lives as long as somebody holds the socket.
fn abstract_socket(_: &Given) -> Facts {
    let listener =
        SocketAddr::from_abstract_name(NAME).and_then(|address| UnixListener::bind_addr(&address));
    let listener = match listener {
        Ok(listener) => listener,
        Err(error) => return Facts::of("made", io_name(&error)),
    };
    let holder = child::start(|| {
        nix::unistd::setsid().ok();
        pass(Duration::from_secs(60));
    });
    drop(listener);
    Facts::of("made", DONE).and("holder", told(holder))
}

/// A child that has stopped itself: no signal but two gets through to it. Its own parent ends it
/// if nobody else does.
fn stopped_child(_: &Given) -> Facts {
    let stopped = child::start(|| {
        nix::unistd::setsid().ok();
        let Ok(inner) = child::start(|| {
            raise(Signal::SIGSTOP).ok();
        }) else {
            return;
        };
        pass(Duration::from_secs(60));
        kill(inner, Signal::SIGKILL).ok();
        child::wait(inner);
    });
    Facts::of("made", told(stopped))
}
