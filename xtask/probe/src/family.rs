//! Calls that do the same thing under different names: a rule about `open` must hold for `openat`
//! too, and aarch64 has only the latter.

use serde::{Deserialize, Serialize};

use crate::Call;

/// A family of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Family {
    /// open, openat, openat2, creat.
    Open,
    /// close, `close_range`.
    Close,
    /// read and its relatives.
    Read,
    /// write and its relatives.
    Write,
    /// dup, dup2, dup3, fcntl with `F_DUPFD`.
    Duplicate,
    /// pipe, pipe2.
    Pipe,
    /// fork, vfork, and clone or clone3 of a process.
    Fork,
    /// execve, execveat.
    Execute,
    /// wait4, waitid.
    Wait,
    /// kill and its relatives.
    Kill,
    /// mmap.
    Map,
    /// munmap.
    Unmap,
    /// msync, fsync, fdatasync, syncfs, sync.
    Sync,
    /// What gives a file its size: ftruncate, truncate, fallocate.
    Size,
    /// flock, and fcntl with one of its locks.
    Lock,
    /// futex.
    Futex,
    /// unlink, unlinkat, rmdir.
    Unlink,
    /// rename and its relatives.
    Rename,
    /// nanosleep, `clock_nanosleep`.
    Sleep,
    /// poll, select, epoll and their relatives.
    Poll,
    /// Waiting for a signal: pause, sigsuspend, sigtimedwait.
    Pause,
    /// semop, semtimedop.
    Semaphore,
    /// Message queues, System V's and POSIX's: sending and receiving.
    Message,
    /// connect.
    Connect,
    /// accept, accept4.
    Accept,
    /// send and its relatives, of sockets only.
    Send,
    /// recv and its relatives, of sockets only.
    Receive,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 27] = [
        Self::Open,
        Self::Close,
        Self::Read,
        Self::Write,
        Self::Duplicate,
        Self::Pipe,
        Self::Fork,
        Self::Execute,
        Self::Wait,
        Self::Kill,
        Self::Map,
        Self::Unmap,
        Self::Sync,
        Self::Size,
        Self::Lock,
        Self::Futex,
        Self::Unlink,
        Self::Rename,
        Self::Sleep,
        Self::Poll,
        Self::Pause,
        Self::Semaphore,
        Self::Message,
        Self::Connect,
        Self::Accept,
        Self::Send,
        Self::Receive,
    ];

    /// The names of its calls, on any architecture.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Open => &["open", "openat", "openat2", "creat"],
            Self::Close => &["close", "close_range"],
            Self::Read => &["read", "pread64", "readv", "preadv", "preadv2"],
            Self::Write => &["write", "pwrite64", "writev", "pwritev", "pwritev2"],
            Self::Duplicate => &["dup", "dup2", "dup3", "fcntl"],
            Self::Pipe => &["pipe", "pipe2"],
            Self::Fork => &["fork", "vfork", "clone", "clone3"],
            Self::Execute => &["execve", "execveat"],
            Self::Wait => &["wait4", "waitid"],
            Self::Kill => &[
                "kill",
                "tkill",
                "tgkill",
                "rt_sigqueueinfo",
                "pidfd_send_signal",
            ],
            Self::Map => &["mmap"],
            Self::Unmap => &["munmap"],
            Self::Sync => &["msync", "fsync", "fdatasync", "syncfs", "sync"],
            Self::Size => &["ftruncate", "truncate", "fallocate"],
            Self::Lock => &["flock", "fcntl"],
            Self::Futex => &["futex"],
            Self::Unlink => &["unlink", "unlinkat", "rmdir"],
            Self::Rename => &["rename", "renameat", "renameat2"],
            Self::Sleep => &["nanosleep", "clock_nanosleep"],
            Self::Poll => &[
                "poll",
                "ppoll",
                "select",
                "pselect6",
                "epoll_wait",
                "epoll_pwait",
                "epoll_pwait2",
            ],
            Self::Pause => &["pause", "rt_sigsuspend", "rt_sigtimedwait"],
            Self::Semaphore => &["semop", "semtimedop"],
            Self::Message => &["msgsnd", "msgrcv", "mq_timedsend", "mq_timedreceive"],
            Self::Connect => &["connect"],
            Self::Accept => &["accept", "accept4"],
            Self::Send => &["sendto", "sendmsg"],
            Self::Receive => &["recvfrom", "recvmsg"],
        }
    }

    /// Whether a call belongs to it. Some names do several things, by their arguments.
    pub fn has(self, call: &Call) -> bool {
        if !self.names().contains(&&*call.name) {
            return false;
        }
        let command = || call.number("cmd").and_then(|it| i32::try_from(it).ok());
        match (self, &*call.name) {
            (Self::Duplicate, "fcntl") => {
                matches!(command(), Some(libc::F_DUPFD | libc::F_DUPFD_CLOEXEC))
            }
            (Self::Lock, "fcntl") => matches!(
                command(),
                Some(libc::F_SETLK | libc::F_SETLKW | libc::F_OFD_SETLK | libc::F_OFD_SETLKW)
            ),
            (Self::Fork, "clone") => !call.has("flags", libc::CLONE_THREAD),
            _ => true,
        }
    }
}
