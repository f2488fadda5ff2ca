//! `Pipeline`: a process for each stage, and a pipe between each two neighbours.
//!
//! It moves no data: the stages do, and whoever holds the two outer ends.
//!
//! # Who holds which end
//!
//! A reader sees the end of its input when the *last* copy of the write end is closed, and `fork`
//! copies every descriptor. So the rule is: an end is open in the one process that uses it, and
//! nowhere else.
//!
//! Here every child closes all that it does not need with `close_range(2)`, and no descriptor has the
//! close-on-exec flag but the one that has to have it.

#![expect(
    unsafe_code,
    reason = "fork, and what a child may do before it executes a program"
)]

use std::ffi::{CString, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::{error, fmt, mem, ptr};

use nix::unistd::{ForkResult, fork};

/// A program and its arguments, as a shell would start it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The program first. A name without a slash is looked up in `PATH`.
    pub argv: Vec<OsString>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By an exit of its own, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// Why a pipeline did not run.
#[derive(Debug)]
pub enum PipeError {
    /// A stage could not be started.
    Spawn {
        /// Which one; the first is 0.
        stage: usize,
        /// Why, such as ENOENT: there is no such program.
        source: io::Error,
    },
    /// Any other error of the system.
    Io(io::Error),
}

impl fmt::Display for PipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spawn { stage, .. } => write!(f, "stage {stage} cannot be started"),
            Self::Io(_) => write!(f, "the system refused a pipeline"),
        }
    }
}

impl error::Error for PipeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Spawn { source, .. } | Self::Io(source) => Some(source),
        }
    }
}

impl From<io::Error> for PipeError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A new pipe: the end to read from, and the end to write to.
///
/// Both have numbers above the standard ones. They stay open across an exec, so each child closes by
/// hand whatever is above them. A pipe made while descriptor 0 is closed would get the number 0,
/// and `dup2(0, 0)` does nothing at all: it would not even clear close-on-exec.
///
/// # Errors
///
/// Those of [pipe(2)](https://man7.org/linux/man-pages/man2/pipe.2.html): EMFILE, ENFILE.
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: a place for the two numbers that the call writes.
    if unsafe { libc::pipe(ends.as_mut_ptr()) } < 0 {
        return Err(io::Error::last_os_error());
    }
    let [reads, writes] = ends;
    // SAFETY: the number is new, so this is its only owner.
    let reads = unsafe { OwnedFd::from_raw_fd(reads) };
    // SAFETY: as above.
    let writes = unsafe { OwnedFd::from_raw_fd(writes) };
    Ok((above_the_standard(reads)?, above_the_standard(writes)?))
}

fn above_the_standard(descriptor: OwnedFd) -> io::Result<OwnedFd> {
    if descriptor.as_raw_fd() > libc::STDERR_FILENO {
        return Ok(descriptor);
    }
    // SAFETY: takes two numbers; the copy gets the lowest free number from 3 on.
    let copy = unsafe { libc::fcntl(descriptor.as_raw_fd(), libc::F_DUPFD, 3) };
    if copy < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the number is new, so this is its only owner.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// A pipeline that runs. Whoever has one waits for it: processes that have ended and that nobody
/// waits for stay as zombies.
#[derive(Debug)]
#[must_use = "its processes stay as zombies until somebody waits for them"]
pub struct Pipeline {
    processes: Vec<libc::pid_t>,
}

impl Pipeline {
    /// Starts all stages. `input` becomes the standard input of the first, `output` the standard
    /// output of the last; everything else they inherit.
    ///
    /// When it returns, this process has none of the ends open any more but those that the caller
    /// kept.
    ///
    /// # Errors
    ///
    /// [`PipeError::Spawn`] if a program cannot be executed (see
    /// [execve(2)](https://man7.org/linux/man-pages/man2/execve.2.html): ENOENT, EACCES…) or not be
    /// forked (EAGAIN); the stages that had been started are killed and waited for.
    /// [`PipeError::Io`] without any stage, or for want of descriptors.
    pub fn start(stages: &[Stage], input: OwnedFd, output: OwnedFd) -> Result<Self, PipeError> {
        let mut pipeline = Self {
            processes: Vec::new(),
        };
        match pipeline.start_all(stages, input, output) {
            Ok(()) => Ok(pipeline),
            Err(error) => {
                pipeline.end();
                Err(error)
            }
        }
    }

    fn start_all(
        &mut self,
        stages: &[Stage],
        input: OwnedFd,
        output: OwnedFd,
    ) -> Result<(), PipeError> {
        let Some((last, others)) = stages.split_last() else {
            let nothing = io::Error::new(io::ErrorKind::InvalidInput, "a pipeline without a stage");
            return Err(nothing.into());
        };
        let mut input = input;
        // One pipe at a time: with 300 stages, too, this process needs no more than a few descriptors.
        for (number, stage) in others.iter().enumerate() {
            let (reads, writes) = pipe()?;
            self.spawn(number, stage, &input, &writes)?;
            // Both that this stage has are closed here: its input now, `writes` at the end of the
            // block.
            input = reads;
        }
        self.spawn(others.len(), last, &input, &output)
    }

    fn spawn(
        &mut self,
        number: usize,
        stage: &Stage,
        input: &OwnedFd,
        output: &OwnedFd,
    ) -> Result<(), PipeError> {
        let process = spawn(stage, input, output).map_err(|source| PipeError::Spawn {
            stage: number,
            source,
        })?;
        self.processes.push(process);
        Ok(())
    }

    /// Waits for all stages; how each ended, in their order.
    ///
    /// # Errors
    ///
    /// Those of [waitpid(2)](https://man7.org/linux/man-pages/man2/waitpid.2.html) but EINTR:
    /// ECHILD, if this process ignores SIGCHLD.
    pub fn wait(self) -> io::Result<Vec<Exit>> {
        // All of them, whatever the first says.
        let all: Vec<_> = self.processes.into_iter().map(wait_for).collect();
        all.into_iter().collect()
    }

    /// Nobody will ever read what these write.
    fn end(self) {
        for process in self.processes {
            // SAFETY: it has not been waited for, so the number is still that of our child.
            unsafe { libc::kill(process, libc::SIGKILL) };
            // It has been ended; how does not matter any more.
            wait_for(process).ok();
        }
    }
}

/// Starts one program between two ends; returns when it has been executed, or could not be.
fn spawn(stage: &Stage, input: &OwnedFd, output: &OwnedFd) -> io::Result<libc::pid_t> {
    // Everything that needs memory is made before the fork: another thread may hold the allocator's
    // lock in this moment, and in the child nobody would ever release it.
    let words: Vec<CString> = stage
        .argv
        .iter()
        .map(|word| CString::new(word.as_bytes()))
        .collect::<Result<_, _>>()?;
    if words.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a stage without a program",
        ));
    }
    let mut argv: Vec<*const libc::c_char> = words.iter().map(|word| word.as_ptr()).collect();
    argv.push(ptr::null());
    // A successful exec closes the write end, a failed one is told through it.
    let (report, to_parent) = pipe()?;
    // SAFETY: the child only calls what is safe in a copy of a process with threads.
    let child = match unsafe { fork() }? {
        ForkResult::Child => become_program(
            &argv,
            input.as_raw_fd(),
            output.as_raw_fd(),
            to_parent.as_raw_fd(),
        ),
        ForkResult::Parent { child } => child.as_raw(),
    };
    // Ours would keep the end of the report from coming.
    drop(to_parent);
    let mut errno = [0; size_of::<i32>()];
    match File::from(report).read_exact(&mut errno) {
        Ok(()) => {
            wait_for(child)?;
            Err(io::Error::from_raw_os_error(i32::from_ne_bytes(errno)))
        }
        // Nothing was told. However the program ends, it was started.
        Err(_) => Ok(child),
    }
}

/// The child's part; it never returns. If it did, there would be two callers.
fn become_program(argv: &[*const libc::c_char], input: RawFd, output: RawFd, report: RawFd) -> ! {
    let errno = try_to_become(argv, input, output, report).to_ne_bytes();
    // SAFETY: four bytes that are ours. So few go into a pipe at once, or not at all.
    unsafe { libc::write(report, errno.as_ptr().cast(), errno.len()) };
    // SAFETY: ends the child. `exit` would write out once more what the parent has buffered.
    unsafe { libc::_exit(127) }
}

/// Gives the error of what failed. Only async-signal-safe calls, and nothing is allocated.
fn try_to_become(argv: &[*const libc::c_char], input: RawFd, output: RawFd, report: RawFd) -> i32 {
    for (end, standard) in [(input, libc::STDIN_FILENO), (output, libc::STDOUT_FILENO)] {
        // SAFETY: takes two numbers; nothing in this child uses what was open under the second.
        if unsafe { libc::dup2(end, standard) } < 0 {
            return last_errno();
        }
    }
    // A successful exec has to close this one, which is needed until then.
    // SAFETY: takes numbers.
    unsafe { libc::fcntl(report, libc::F_SETFD, libc::FD_CLOEXEC) };
    let (below, above) = (report as libc::c_uint - 1, report as libc::c_uint + 1);
    for (first, last) in [(3, below), (above, libc::c_uint::MAX)] {
        // An empty range closes nothing.
        // SAFETY: nothing in this child uses these any more.
        if first <= last && unsafe { libc::close_range(first, last, 0) } < 0 {
            return last_errno();
        }
    }
    // Rust's run-time ignores SIGPIPE, and an ignored signal stays ignored across an exec. The stage
    // would then not end when nobody reads any more.
    // SAFETY: all zeros are a valid action: the default one, without flags and with an empty mask.
    let default: libc::sigaction = unsafe { mem::zeroed() };
    // SAFETY: reads the action, keeps no pointer, writes nothing.
    if unsafe { libc::sigaction(libc::SIGPIPE, &raw const default, ptr::null_mut()) } < 0 {
        return last_errno();
    }
    // SAFETY: pointers to strings that live as long as the call, and a null pointer behind them.
    unsafe { libc::execvp(argv[0], argv.as_ptr()) };
    last_errno()
}

fn last_errno() -> i32 {
    io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// Waits for the end of one child, and no other.
fn wait_for(process: libc::pid_t) -> io::Result<Exit> {
    let mut status = 0;
    // SAFETY: `status` is a place for the int that the call writes.
    while unsafe { libc::waitpid(process, &raw mut status, 0) } < 0 {
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    Ok(match libc::WIFSIGNALED(status) {
        true => Exit::Signal(libc::WTERMSIG(status)),
        false => Exit::Code(libc::WEXITSTATUS(status)),
    })
}
