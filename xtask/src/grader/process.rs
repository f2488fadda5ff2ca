//! The grader's own programs: cargo, the check binaries, git. Starts one, reads what it says, and
//! ends it with its whole process group at a deadline or at Ctrl-C. Student code never starts here:
//! that is the arena's.

use std::{
    ffi::OsStr,
    io::{self, Read},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::{net::UnixStream, process::CommandExt},
    },
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use signal_hook::{SigId, consts::SIGCHLD};

use super::interrupt::Interrupt;

/// More than this of any one stream is thrown away: nothing of ours says so much in earnest.
const KEPT: usize = 64 << 20;

/// After the end of the process, its last words may still be in the pipes, which some descendant
/// of it may hold open: they are read as far as they are there, and not waited for.
const CHUNK: usize = 64 << 10;

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) end: End,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// What it wrote to the channel that was given to it, if one was.
    pub(crate) channel: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Exited(ExitStatus),
    /// It was killed, with its process group, when its time was up.
    Overran,
    /// It was killed, with its process group, because of Ctrl-C.
    Interrupted,
}

/// A command for one of the grader's own programs, in a process group of its own.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this package that starts programs; none of them is student code"
)]
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.process_group(0);
    command.env("TMPDIR", tempfile::env::temp_dir());
    command
}

/// Runs a program to its end. `channel` is our end of whatever was made its standard input.
///
/// # Errors
///
/// Fails if the program cannot be started, or if waiting for it fails; then it has been killed.
pub(crate) fn run(
    mut command: Command,
    channel: Option<UnixStream>,
    deadline: Option<Instant>,
    interrupt: &Interrupt,
) -> io::Result<Finished> {
    let ended = Ended::watch()?;
    if channel.is_none() {
        command.stdin(Stdio::null());
    }
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // The command holds the child's end of the channel: while it lives, there is no end of file.
    drop(command);
    let mut running = Running {
        child,
        reaped: false,
    };
    running.follow(channel, deadline, interrupt, &ended)
}

/// A process that is killed with its group unless it has been waited for.
struct Running {
    child: Child,
    reaped: bool,
}

impl Running {
    fn follow(
        &mut self,
        channel: Option<UnixStream>,
        deadline: Option<Instant>,
        interrupt: &Interrupt,
        ended: &Ended,
    ) -> io::Result<Finished> {
        let mut stdout = Stream::new(self.child.stdout.take())?;
        let mut stderr = Stream::new(self.child.stderr.take())?;
        let mut channel = Stream::new(channel)?;
        let end = loop {
            if let Some(status) = self.child.try_wait()? {
                self.reaped = true;
                break End::Exited(status);
            }
            if interrupt.is_raised() {
                self.kill()?;
                break End::Interrupted;
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                self.kill()?;
                break End::Overran;
            }
            let mut watched: Vec<BorrowedFd<'_>> = Vec::new();
            watched.extend(stdout.source.as_ref().map(AsFd::as_fd));
            watched.extend(stderr.source.as_ref().map(AsFd::as_fd));
            watched.extend(channel.source.as_ref().map(AsFd::as_fd));
            watched.extend([ended.readable.as_fd(), interrupt.as_fd()]);
            wait_readable(&watched, deadline)?;
            ended.drain()?;
            stdout.drain()?;
            stderr.drain()?;
            channel.drain()?;
        };
        stdout.drain()?;
        stderr.drain()?;
        channel.drain()?;
        Ok(Finished {
            end,
            stdout: stdout.kept,
            stderr: stderr.kept,
            channel: channel.kept,
        })
    }

    fn kill(&mut self) -> io::Result<()> {
        if !self.reaped {
            // The group's number is the child's, and stays taken until the child is reaped.
            let group = i32::try_from(self.child.id()).map_err(io::Error::other)?;
            match killpg(Pid::from_raw(group), Signal::SIGKILL) {
                Ok(()) | Err(Errno::ESRCH) => {}
                Err(errno) => return Err(errno.into()),
            }
            self.child.wait()?;
            self.reaped = true;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nobody is left to hear of a failure.
        self.kill().ok();
    }
}

/// Becomes readable whenever a child of this process has ended, whichever.
struct Ended {
    readable: UnixStream,
    registration: SigId,
}

impl Ended {
    fn watch() -> io::Result<Self> {
        let (readable, writable) = UnixStream::pair()?;
        readable.set_nonblocking(true)?;
        let registration = signal_hook::low_level::pipe::register(SIGCHLD, writable)?;
        Ok(Self {
            readable,
            registration,
        })
    }

    fn drain(&self) -> io::Result<()> {
        let mut chunk = [0; 64];
        loop {
            match (&self.readable).read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        signal_hook::low_level::unregister(self.registration);
    }
}

/// One stream of a running program, and what came out of it.
struct Stream<S> {
    /// `None` after its end.
    source: Option<S>,
    kept: Vec<u8>,
}

impl<S: Read + AsFd> Stream<S> {
    fn new(source: Option<S>) -> io::Result<Self> {
        if let Some(source) = &source {
            set_nonblocking(source.as_fd())?;
        }
        Ok(Self {
            source,
            kept: Vec::new(),
        })
    }

    /// Takes what is there now.
    fn drain(&mut self) -> io::Result<()> {
        let mut chunk = [0; CHUNK];
        while let Some(source) = &mut self.source {
            match source.read(&mut chunk) {
                Ok(0) => self.source = None,
                Ok(n) if self.kept.len() < KEPT => self.kept.extend(&chunk[..n]),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The other end is gone with something of ours unread.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => self.source = None,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn set_nonblocking(fd: BorrowedFd<'_>) -> io::Result<()> {
    use nix::fcntl::{FcntlArg, OFlag, fcntl};
    let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL)?);
    fcntl(fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}

/// Waits until one of the descriptors has something to say, or the deadline has come.
fn wait_readable(watched: &[BorrowedFd<'_>], deadline: Option<Instant>) -> io::Result<()> {
    let mut watched: Vec<PollFd<'_>> = watched
        .iter()
        .map(|fd| PollFd::new(*fd, PollFlags::POLLIN))
        .collect();
    let timeout = match deadline {
        None => PollTimeout::NONE,
        // Rounded up, or the last millisecond would be a busy loop.
        Some(deadline) => (deadline.saturating_duration_since(Instant::now())
            + Duration::from_millis(1))
        .try_into()
        .unwrap_or(PollTimeout::MAX),
    };
    match poll(&mut watched, timeout) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, deadline: Option<Duration>) -> Finished {
        let interrupt = Interrupt::install().unwrap();
        let mut command = command("/bin/sh");
        command.args(["-c", script]);
        run(
            command,
            None,
            deadline.map(|d| Instant::now() + d),
            &interrupt,
        )
        .unwrap()
    }

    #[test]
    fn output_and_status_arrive() {
        let finished = shell("echo out; echo err >&2; exit 3", None);
        assert!(matches!(finished.end, End::Exited(status) if status.code() == Some(3)));
        assert_eq!(
            (&*finished.stdout, &*finished.stderr),
            (&b"out\n"[..], &b"err\n"[..])
        );
    }

    #[test]
    fn more_output_than_a_pipe_holds_arrives() {
        let finished = shell("head -c 300000 /dev/zero", None);
        assert_eq!(finished.stdout.len(), 300_000);
    }

    #[test]
    fn an_overrun_ends_the_whole_group() {
        let started = Instant::now();
        let finished = shell("sleep 60 & sleep 60", Some(Duration::from_millis(50)));
        assert_eq!(finished.end, End::Overran);
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_descendant_that_keeps_the_pipe_open_is_not_waited_for() {
        let started = Instant::now();
        let finished = shell("sleep 20 & echo done", Some(Duration::from_secs(60)));
        assert!(matches!(finished.end, End::Exited(status) if status.success()));
        assert_eq!(finished.stdout, b"done\n");
        assert!(started.elapsed() < Duration::from_secs(15));
    }
}
