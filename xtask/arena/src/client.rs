//! The client's side: starts the helper and asks it. All that can go wrong in here is the grader's
//! fault or the machine's; what the student's processes did is never an [`Error`].

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use nix::{
    fcntl::{OFlag, OpenHow, ResolveFlag, openat2},
    sys::stat::{Mode, fstat},
    unistd::{Gid, Uid, fchown},
};

use probe::{Family, Timeline};

use crate::{
    folder::Folder,
    helper::{PROBE, ROLE},
    isolation::{Isolation, Level, Settings},
    passing::take,
    protocol::{
        Belongings, Census, Ended, Exploration, Explored, Heard, How, Outcome, ProcessId, Program,
        Reply, Request, Until, receive, send,
    },
    which::{Fault, Which},
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
    isolation: Isolation,
    /// The private folder, as processes see it.
    folder: PathBuf,
    /// The same, open: its path may mean something else here.
    home: OwnedFd,
    /// The folder on this side, until it is not needed any more.
    outside: Option<Folder>,
    cgroups: Vec<PathBuf>,
}

impl Arena {
    /// Starts the helper and has it make a box, with a private folder in which all processes will
    /// start.
    ///
    /// # Errors
    /// [`Error::Cannot`] if this machine has no such level of isolation; others if the helper
    /// cannot be started or the folder cannot be made.
    pub fn start(settings: &Settings) -> Result<Self> {
        if settings.level.is_some() {
            return Self::start_at_level(settings);
        }
        let mut levels = Level::ALL.into_iter();
        loop {
            let level = levels.next().unwrap_or(Level::None);
            match Self::start_at_level(&settings.clone().at(level)) {
                // The next one asks for less.
                Err(Error::Cannot(_)) if level != Level::None => {}
                started => return started,
            }
        }
    }

    fn start_at_level(settings: &Settings) -> Result<Self> {
        let outside = Folder::new()?;
        // Dropped after our end of the socket, whose closing ends it.
        let mut helper = Unfinished(None);
        let (ours, theirs) = UnixStream::pair()?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the arena owns the start of its helper"
        )]
        let started = Command::new("/proc/self/exe")
            .arg(ROLE)
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .spawn()?;
        helper.0 = Some(started);
        send(
            &ours,
            &Request::Begin {
                settings: settings.clone(),
                folder: outside.path().to_owned(),
            },
        )?;
        match receive(&ours)? {
            Some(Reply::Begun {
                isolation,
                folder,
                cgroups,
            }) => {
                let home = take(&ours)?;
                // In a box of its own the folder was only the place to make the box's files at.
                let outside = (folder == outside.path()).then_some(outside);
                Ok(Self {
                    helper: helper.0.take().ok_or_else(gone)?,
                    socket: Some(ours),
                    isolation,
                    folder,
                    home,
                    outside,
                    cgroups,
                })
            }
            Some(Reply::Cannot(reason)) => Err(Error::Cannot(reason)),
            Some(Reply::Failed(reason)) => Err(Error::Helper(reason)),
            Some(reply) => Err(unexpected(&reply)),
            None => Err(gone()),
        }
    }

    /// What the box is like.
    pub fn isolation(&self) -> Isolation {
        self.isolation
    }

    /// The private folder: where every process starts, and the only place for files. The path is
    /// the processes' own; here it may lead elsewhere, or nowhere.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path in the private folder, for the processes.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Writes a file of the private folder, which belongs to the processes afterwards.
    ///
    /// # Errors
    /// If it cannot be made or written.
    pub fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let flags = OFlag::O_CREAT | OFlag::O_TRUNC | OFlag::O_WRONLY;
        let mut file = self.open(name, flags, Mode::from_bits_truncate(0o644))?;
        file.write_all(content)?;
        let owner = fstat(&self.home)?;
        let (user, group) = (Uid::from_raw(owner.st_uid), Gid::from_raw(owner.st_gid));
        if user != Uid::effective() {
            fchown(&file, Some(user), Some(group))?;
        }
        Ok(())
    }

    /// What a file of the private folder holds.
    ///
    /// # Errors
    /// If it is not there, or is a link that leads out of the folder.
    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        self.open(name, OFlag::O_RDONLY | OFlag::O_NONBLOCK, Mode::empty())?
            .read_to_end(&mut content)?;
        Ok(content)
    }

    /// Whatever a process may have put there, no link leads us out of its folder.
    fn open(&self, name: &str, flags: OFlag, mode: Mode) -> io::Result<File> {
        let how = OpenHow::new()
            .flags(flags | OFlag::O_CLOEXEC)
            .mode(mode)
            .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_MAGICLINKS);
        Ok(openat2(&self.home, name, how)?.into())
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

    /// Waits until a process, or one that it has started, sleeps in a call of this family: decided
    /// from the kernel's account of its tasks. Whoever answers, ends or is held before that does not.
    /// A driver that waits for its next question is not asleep in this sense.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn until_blocked(
        &mut self,
        process: ProcessId,
        family: Family,
        within: Duration,
    ) -> Result<Until> {
        let milliseconds = milliseconds(within);
        match self.ask(&Request::UntilBlocked {
            process,
            family,
            milliseconds,
        })? {
            Reply::Until(until) => Ok(until),
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

    /// Counts what has a name in the box, or outlives whoever made it.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn belongings(&mut self) -> Result<Belongings> {
        match self.ask(&Request::Belongings)? {
            Reply::Belongings(belongings) => Ok(belongings),
            other => Err(unexpected(&other)),
        }
    }

    /// Sets a mark in the timeline: what a process is asked from now on comes after it.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn mark(&mut self, name: &str) -> Result<()> {
        self.done(&Request::Mark(name.to_owned()))
    }

    /// Everything that traced processes have done so far.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn timeline(&mut self) -> Result<Timeline> {
        match self.ask(&Request::Timeline)? {
            Reply::Timeline(timeline) => Ok(timeline),
            other => Err(unexpected(&other)),
        }
    }

    /// From now on, counts the calls that are like this, and does something to the one that is
    /// meant.
    ///
    /// # Errors
    /// [`Error::Cannot`] if this machine's calls cannot be changed.
    pub fn arm(&mut self, fault: Fault) -> Result<()> {
        self.done(&Request::Arm(fault))
    }

    /// From now on, counts the calls that are like this, and holds who comes to the one that is
    /// meant, before it; then [`Arena::hear`] says [`Heard::Held`].
    ///
    /// # Errors
    /// If the helper fails.
    pub fn hold(&mut self, which: Which) -> Result<()> {
        self.done(&Request::Hold(which))
    }

    /// Lets a process go on that is held.
    ///
    /// # Errors
    /// If the helper fails.
    pub fn release(&mut self, process: ProcessId) -> Result<()> {
        self.done(&Request::Release(process))
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
        if let Some(outside) = self.outside.take() {
            outside.remove()?;
        }
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
        if let Some(outside) = self.outside.take() {
            // As below, whoever wants to know finishes.
            outside.remove().ok();
        }
        for cgroup in &self.cgroups {
            // Empty by now; if it is not, there is nobody to tell.
            fs::remove_dir(cgroup).ok();
        }
    }
}

/// A helper that is ended if its arena is not made.
struct Unfinished(Option<Child>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(helper) = &mut self.0 {
            // It has no client any more, so it ends by itself.
            helper.wait().ok();
        }
    }
}

/// What this machine can do of each level, the strongest first, found by carrying out the whole
/// set-up and running a program in it; or why it cannot.
pub fn prospects() -> Vec<(Level, std::result::Result<Isolation, String>)> {
    let one = |level| {
        let can = probe(level).map_err(|error| match error {
            Error::Cannot(reason) => reason,
            other => other.to_string(),
        });
        (level, can)
    };
    Level::ALL.map(one).into()
}

/// Makes a box of this level and runs a program in it; what the box is like.
///
/// # Errors
/// [`Error::Cannot`] if this machine has no such level.
pub fn probe(level: Level) -> Result<Isolation> {
    let own = std::env::current_exe()?;
    let settings = Settings::default().at(level).seeing(&own).with_proc();
    let mut arena = Arena::start(&settings)?;
    let process = arena.spawn(&Program::new(own).arg(PROBE))?;
    let ended = arena.wait(process, Duration::MAX)?;
    let isolation = arena.isolation();
    arena.finish()?;
    match ended.how {
        How::Exited(0) => Ok(isolation),
        how => Err(Error::Cannot(format!(
            "a program in the box ended with {how:?}: {}",
            ended.printed
        ))),
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
