//! The client's side: starts the helper and asks it. All that can go wrong in here is the grader's
//! fault or the machine's; what the student's processes did is never an [`Error`].

use std::{
    io,
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    helper::ROLE,
    protocol::{
        Census, Ended, Exploration, Explored, Heard, Limits, Outcome, ProcessId, Program, Reply,
        Request, receive, send,
    },
};

/// Why the arena could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// This machine cannot do it: not graded, and nobody's fault.
    #[error("this machine cannot do it: {0}")]
    Cannot(String),
    /// The helper failed or has gone: the grader's fault.
    #[error("the arena's helper failed: {0}")]
    Helper(String),
    /// The helper could not be started or reached.
    #[error("cannot talk to the arena's helper")]
    Io(#[from] io::Error),
}

type Result<T> = std::result::Result<T, Error>;

/// A helper, and the processes that it holds. When it is dropped, all of them are killed and
/// reaped, and the private folder is removed.
#[derive(Debug)]
pub struct Arena {
    helper: Child,
    socket: Option<UnixStream>,
    folder: tempfile::TempDir,
}

impl Arena {
    /// Starts the helper, with a private folder in which all processes will start.
    ///
    /// # Errors
    /// If the helper cannot be started or the folder cannot be made.
    pub fn start(limits: Limits) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("interlock-").tempdir()?;
        let (ours, theirs) = UnixStream::pair()?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the arena owns the start of its helper"
        )]
        let helper = Command::new("/proc/self/exe")
            .arg(ROLE)
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .spawn()?;
        let mut arena = Self {
            helper,
            socket: Some(ours),
            folder,
        };
        let folder = arena.folder().to_owned();
        arena.done(&Request::Begin { limits, folder })?;
        Ok(arena)
    }

    /// The private folder: where every process starts, and the only place for files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the private folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Starts a process.
    ///
    /// # Errors
    /// If it cannot be executed, or (stepped) not be traced.
    pub fn spawn(&mut self, program: &Program) -> Result<ProcessId> {
        match self.ask(&Request::Spawn(program.clone()))? {
            Reply::Started(process) => Ok(process),
            other => Err(unexpected(&other)),
        }
    }

    /// Asks a driver in a session to fork; the child has what it has.
    ///
    /// # Errors
    /// If it cannot, or was not given a channel for the child.
    pub fn fork(&mut self, parent: ProcessId) -> Result<ProcessId> {
        match self.ask(&Request::Fork(parent))? {
            Reply::Started(process) => Ok(process),
            other => Err(unexpected(&other)),
        }
    }

    /// Writes a line to a driver's channel. A driver that has ended does not hear it.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn tell(&mut self, process: ProcessId, line: &str) -> Result<()> {
        self.done(&Request::Tell {
            process,
            line: line.to_owned(),
        })
    }

    /// Waits for a line on a driver's channel, or for its end. When the time is over, or when it
    /// is certain that nothing can ever come, the process is killed and its end says so.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn hear(&mut self, process: ProcessId, within: Duration) -> Result<Heard> {
        let milliseconds = milliseconds(within);
        match self.ask(&Request::Hear {
            process,
            milliseconds,
        })? {
            Reply::Heard(heard) => Ok(heard),
            other => Err(unexpected(&other)),
        }
    }

    /// Waits for the end of a process; kills it as [`Arena::hear`] does. A session's channel is
    /// closed first, which ends a driver that waits for its next question.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn wait(&mut self, process: ProcessId, within: Duration) -> Result<Ended> {
        let milliseconds = milliseconds(within);
        match self.ask(&Request::Wait {
            process,
            milliseconds,
        })? {
            Reply::Ended(ended) => Ok(ended),
            other => Err(unexpected(&other)),
        }
    }

    /// Counts what a process has open, from outside.
    ///
    /// # Errors
    /// If the process has gone or the helper fails.
    pub fn census(&mut self, process: ProcessId) -> Result<Census> {
        match self.ask(&Request::Census(process))? {
            Reply::Census(census) => Ok(census),
            other => Err(unexpected(&other)),
        }
    }

    /// Explores; `each` is told every outcome as it comes and may stop listening by `false`.
    ///
    /// # Errors
    /// If this machine cannot step processes, or the helper fails.
    pub fn explore(
        &mut self,
        exploration: &Exploration,
        mut each: impl FnMut(&Outcome),
    ) -> Result<Explored> {
        let mut reply = self.ask(&Request::Explore(exploration.clone()))?;
        loop {
            match reply {
                Reply::Outcome(outcome) => each(&outcome),
                Reply::Explored(explored) => return Ok(explored),
                other => return Err(unexpected(&other)),
            }
            reply = self.reply()?;
        }
    }

    /// Kills and reaps whatever is left; how many processes had to be killed.
    ///
    /// # Errors
    /// If the helper fails, or the private folder cannot be removed.
    pub fn finish(mut self) -> Result<usize> {
        let reply = self.ask(&Request::Finish)?;
        self.socket = None;
        self.helper.wait()?;
        match reply {
            Reply::Finished { killed } => Ok(killed),
            other => Err(unexpected(&other)),
        }
    }

    fn done(&mut self, request: &Request) -> Result<()> {
        match self.ask(request)? {
            Reply::Done => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    fn ask(&mut self, request: &Request) -> Result<Reply> {
        let Some(socket) = &self.socket else {
            return Err(gone());
        };
        send(socket, request)?;
        self.reply()
    }

    fn reply(&mut self) -> Result<Reply> {
        let Some(socket) = &self.socket else {
            return Err(gone());
        };
        match receive(socket)? {
            Some(Reply::Cannot(reason)) => Err(Error::Cannot(reason)),
            Some(Reply::Failed(reason)) => Err(Error::Helper(reason)),
            Some(reply) => Ok(reply),
            None => Err(gone()),
        }
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        // The helper kills everything and ends as soon as its client has gone.
        self.socket = None;
        self.helper.wait().ok();
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn gone() -> Error {
    Error::Helper("it has ended".to_owned())
}

fn unexpected(reply: &Reply) -> Error {
    Error::Helper(format!("an unexpected reply: {reply:?}"))
}
