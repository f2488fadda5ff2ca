//! Events, in the order in which they began.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the processes of a box did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// In the order in which they began.
    pub events: Vec<Event>,
}

/// Something that a task did, or that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The process, by its number in the box.
    pub process: i32,
    /// The thread of it: the same number for the first.
    pub task: i32,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A system call.
    Call(Call),
    /// It started a process or a thread.
    Started {
        /// The new task's number in the box.
        task: i32,
        /// Whether it is a thread of the same process.
        thread: bool,
    },
    /// It executes another program now.
    Executed {
        /// The program.
        path: String,
    },
    /// A signal reached it.
    Signalled {
        /// `SIGCHLD`.
        name: String,
    },
    /// It ended.
    Ended {
        /// `exit 0`, `SIGKILL`.
        how: String,
    },
    /// A check set this mark, between two questions.
    Mark(String),
}

/// A system call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// `openat`.
    pub name: String,
    /// As far as they mean something.
    pub arguments: Vec<Argument>,
    /// How it ended.
    pub result: Result,
    /// How many events had begun when it returned; `None` if it never did, or was never begun.
    #[serde(default)]
    pub returned_at: Option<usize>,
    /// What the grader did to it.
    pub injected: Option<Injection>,
    /// The student's line that made it, if it can be traced to one.
    pub line: Option<SourceLine>,
}

/// A line of source code, as the compiler wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SourceLine {
    /// The path in the debugging information.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl SourceLine {
    /// `counter.rs:41`: the file without its folders.
    pub fn brief(&self) -> String {
        let file = self.file.rsplit('/').next().unwrap_or(&self.file);
        format!("{file}:{}", self.line)
    }
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name in the manual: `flags`.
    pub name: String,
    /// What it was.
    pub value: Value,
}

/// The value of an argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A number.
    Number(i64),
    /// An address.
    Address(u64),
    /// A path, read from the process's memory.
    Path(String),
    /// Flags, and how they are written in a program.
    Flags {
        /// The number.
        bits: u64,
        /// `O_RDWR|O_CREAT`.
        names: String,
    },
    /// A descriptor.
    Descriptor {
        /// Its number.
        number: i32,
        /// What it named when the call began: a path, `pipe:[123]`, `socket:[7]`.
        target: Option<String>,
    },
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Result {
    /// It returned this.
    Returned(i64),
    /// It failed.
    Failed {
        /// The number of the error, positive.
        errno: i32,
    },
    /// A signal interrupted it. The program sees EINTR, or the kernel makes the call again.
    Interrupted,
    /// It had not returned when the recording ended, or never does.
    NotReturned,
}

/// What the grader did to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Injection {
    /// It was not carried out, and failed with this error.
    Error(i32),
    /// It was carried out with at most so many bytes.
    Short(u64),
    /// It was held back for so many milliseconds.
    Delay(u64),
}

impl Call {
    /// An argument by its name in the manual.
    pub fn argument(&self, name: &str) -> Option<&Value> {
        let found = self.arguments.iter().find(|it| it.name == name)?;
        Some(&found.value)
    }

    /// A number or the bits of flags, by name.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.argument(name)? {
            Value::Number(number) => Some(*number),
            Value::Flags { bits, .. } => i64::try_from(*bits).ok(),
            Value::Address(address) => i64::try_from(*address).ok(),
            Value::Descriptor { number, .. } => Some(i64::from(*number)),
            Value::Path(_) => None,
        }
    }

    /// Whether all bits of `wanted` are set in a flags argument.
    pub fn has(&self, name: &str, wanted: i32) -> bool {
        let bits = self.number(name).unwrap_or(0);
        bits & i64::from(wanted) == i64::from(wanted)
    }

    /// What a call that succeeded returned.
    pub fn returned(&self) -> Option<i64> {
        match self.result {
            Result::Returned(value) => Some(value),
            Result::Failed { .. } | Result::Interrupted | Result::NotReturned => None,
        }
    }

    /// The path that the call is about: the one given, or what its descriptor named.
    pub fn path(&self) -> Option<&str> {
        self.arguments.iter().find_map(|it| match &it.value {
            Value::Path(path) => Some(path.as_str()),
            Value::Descriptor { target, .. } => target.as_deref(),
            Value::Number(_) | Value::Address(_) | Value::Flags { .. } => None,
        })
    }
}

impl Timeline {
    /// The events after the last mark of this name, up to the next mark.
    pub fn phase(&self, mark: &str) -> Self {
        let is = |event: &Event| matches!(&event.what, What::Mark(name) if name == mark);
        let is_any = |event: &Event| matches!(event.what, What::Mark(_));
        let Some(first) = self.events.iter().rposition(is) else {
            return Self::default();
        };
        let after = &self.events[first + 1..];
        let end = after.iter().position(is_any).unwrap_or(after.len());
        Self {
            events: after[..end].to_vec(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Address(0) => f.write_str("NULL"),
            Self::Address(address) => write!(f, "{address:#x}"),
            Self::Path(path) => write!(f, "{path:?}"),
            Self::Flags { names, .. } => f.write_str(names),
            Self::Descriptor { number, target } => match target {
                Some(target) => write!(f, "{number}<{target}>"),
                None => write!(f, "{number}"),
            },
        }
    }
}

impl fmt::Display for Result {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned(value) if *value > 0xffff_ffff => write!(f, "{value:#x}"),
            Self::Returned(value) => write!(f, "{value}"),
            Self::Failed { errno } => f.write_str(&errno_name(*errno)),
            Self::Interrupted => f.write_str("interrupted"),
            Self::NotReturned => f.write_str("does not return"),
        }
    }
}

/// `ENOENT`; the number if it has no name here.
pub fn errno_name(errno: i32) -> String {
    const NAMES: &[(i32, &str)] = &[
        (libc::EPERM, "EPERM"),
        (libc::ENOENT, "ENOENT"),
        (libc::ESRCH, "ESRCH"),
        (libc::EINTR, "EINTR"),
        (libc::EIO, "EIO"),
        (libc::ENXIO, "ENXIO"),
        (libc::E2BIG, "E2BIG"),
        (libc::ENOEXEC, "ENOEXEC"),
        (libc::EBADF, "EBADF"),
        (libc::ECHILD, "ECHILD"),
        (libc::EAGAIN, "EAGAIN"),
        (libc::ENOMEM, "ENOMEM"),
        (libc::EACCES, "EACCES"),
        (libc::EFAULT, "EFAULT"),
        (libc::EBUSY, "EBUSY"),
        (libc::EEXIST, "EEXIST"),
        (libc::EXDEV, "EXDEV"),
        (libc::ENODEV, "ENODEV"),
        (libc::ENOTDIR, "ENOTDIR"),
        (libc::EISDIR, "EISDIR"),
        (libc::EINVAL, "EINVAL"),
        (libc::ENFILE, "ENFILE"),
        (libc::EMFILE, "EMFILE"),
        (libc::ENOTTY, "ENOTTY"),
        (libc::EFBIG, "EFBIG"),
        (libc::ENOSPC, "ENOSPC"),
        (libc::ESPIPE, "ESPIPE"),
        (libc::EROFS, "EROFS"),
        (libc::EPIPE, "EPIPE"),
        (libc::EDEADLK, "EDEADLK"),
        (libc::ENAMETOOLONG, "ENAMETOOLONG"),
        (libc::ENOLCK, "ENOLCK"),
        (libc::ENOSYS, "ENOSYS"),
        (libc::ENOTEMPTY, "ENOTEMPTY"),
        (libc::ELOOP, "ELOOP"),
        (libc::ENOMSG, "ENOMSG"),
        (libc::EIDRM, "EIDRM"),
        (libc::EOVERFLOW, "EOVERFLOW"),
        (libc::EMSGSIZE, "EMSGSIZE"),
        (libc::EADDRINUSE, "EADDRINUSE"),
        (libc::ECONNREFUSED, "ECONNREFUSED"),
        (libc::ETIMEDOUT, "ETIMEDOUT"),
        (libc::EOWNERDEAD, "EOWNERDEAD"),
    ];
    let found = NAMES.iter().find(|(number, _)| *number == errno);
    found.map_or_else(|| format!("error {errno}"), |(_, name)| (*name).to_owned())
}
