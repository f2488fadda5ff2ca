//! What client and helper say to each other: requests and replies as JSON, each behind its length.
//! A request has exactly one reply, but for an exploration, whose outcomes come one by one before
//! it. Meaning only; how things are done is the helper's.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    path::PathBuf,
    time::Duration,
};

use probe::{Family, SourceLine, Timeline};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    isolation::{Isolation, Settings},
    which::{Fault, Which},
};

/// Limits for each process that the helper starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Seconds of its own that a process has for what it is asked: to run or to sleep, but not to
    /// wait for a CPU.
    pub deadline: u64,
    /// Seconds by the clock until everything is killed, for the whole life of the arena: more than
    /// the deadline, for a machine that is busy with others. See [`patience`].
    pub patience: u64,
    /// CPU seconds of one process (`RLIMIT_CPU`).
    pub cpu: u64,
    /// Bytes of address space of one process (`RLIMIT_AS`).
    pub memory: u64,
    /// Bytes of one file (`RLIMIT_FSIZE`).
    pub file: u64,
    /// Open descriptors of one process (`RLIMIT_NOFILE`).
    pub descriptors: u64,
    /// Bytes of output that are kept of one process; the rest is thrown away.
    pub output: usize,
    /// Processes and threads of the whole box (`RLIMIT_NPROC`); not counted at level *none*.
    pub tasks: u64,
    /// Bytes of memory of the whole box; not counted at level *none*.
    pub total_memory: u64,
    /// Bytes of each private file system and of System V shared memory (level *namespaces*).
    pub disk: u64,
    /// Files of each private file system (level *namespaces*).
    pub inodes: u64,
}

impl Limits {
    /// The deadline, as a length of time.
    pub(crate) fn own_time(&self) -> Duration {
        Duration::from_secs(self.deadline)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: 60,
            patience: patience(60),
            cpu: 60,
            memory: 4 << 30,
            file: 256 << 20,
            descriptors: 256,
            output: 64 << 10,
            tasks: 128,
            total_memory: 2 << 30,
            disk: 256 << 20,
            inodes: 20_000,
        }
    }
}

/// How long to wait, in seconds by the clock, for what has so many seconds of its own: as long as it
/// would take beside eleven others that are as busy on every CPU. Only who waits for its turn needs it.
#[must_use]
pub const fn patience(deadline: u64) -> u64 {
    12 * deadline
}

/// What to start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: BTreeMap<String, String>,
    /// Where it starts; `None`: in the private folder.
    pub(crate) folder: Option<PathBuf>,
    /// What its standard input holds: a file without a name. `None`: nothing, `/dev/null`.
    pub(crate) input: Option<String>,
    /// How many channels it is given: one for itself, one for each child that it will fork.
    pub(crate) channels: usize,
    /// Whether it will be held and stepped.
    pub(crate) stepped: bool,
    /// The system calls that are noted, by name; none: it is not traced.
    pub(crate) traced: Vec<String>,
    /// What is done to its calls.
    pub(crate) faults: Vec<Fault>,
    /// Calls before which it is held.
    pub(crate) holds: Vec<Which>,
}

impl Program {
    /// A program without arguments and with a nearly empty environment.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            folder: None,
            input: None,
            channels: 0,
            stepped: false,
            traced: Vec::new(),
            faults: Vec::new(),
            holds: Vec::new(),
        }
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// It starts in this folder, and not in the private one.
    #[must_use]
    pub fn at(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Its standard input is a file that holds this.
    #[must_use]
    pub fn input(mut self, content: impl Into<String>) -> Self {
        self.input = Some(content.into());
        self
    }

    /// One more environment variable.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// The program is a driver in a session: it gets a channel of its own, and one for each of
    /// `children` that it will be asked to fork. Their numbers become its next arguments.
    #[must_use]
    pub fn session(mut self, children: usize) -> Self {
        self.channels = 1 + children;
        self.arg("session")
    }

    /// The calls of these families are noted, of it and of all that it starts.
    #[must_use]
    pub fn traced(mut self, families: &[Family]) -> Self {
        let names = families.iter().flat_map(|family| family.names());
        self.traced.extend(names.map(|name| (*name).to_owned()));
        self.traced.sort_unstable();
        self.traced.dedup();
        self
    }

    /// Does something to a call of the program, or of what it starts. Only calls count that are made
    /// by its own code or on behalf of it, from `main` on: never those of the loader, of the C
    /// library's start, or of what Rust does before `main` and after it.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Holds the program, or what it starts, before a call. Calls count as they do for a fault.
    #[must_use]
    pub fn held(mut self, which: Which) -> Self {
        self.holds.push(which);
        self
    }

    /// The driver will be explored: it is traced, and its address space is laid out the same way
    /// every time.
    #[must_use]
    pub fn stepped(mut self) -> Self {
        self.stepped = true;
        self
    }
}

/// A process that the helper has started, or that one of them has forked when asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProcessId(pub(crate) usize);

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// By an exit of its own.
    Exited(i32),
    /// By a signal.
    Signalled {
        /// `SIGBUS`.
        name: String,
        /// 7.
        number: i32,
    },
    /// It was still running when the time was over, and was killed.
    TimedOut,
    /// The time for the whole box was over, and it had not had its part of it: others had the CPU.
    /// Nobody knows what it would have done.
    NoTurn,
    /// Every task slept in a call that nobody was left to end, and was killed.
    Deadlocked(Vec<Sleeper>),
    /// It is stepped and started another task, which nobody steps; both were killed.
    OtherTask,
    /// All processes of the box together took more memory than they may, and were killed.
    OutOfMemory,
}

/// A process that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How.
    pub how: How,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
    /// What it wrote to its standard output and standard error, in the order in which it came,
    /// control characters made visible.
    pub printed: String,
}

/// A task that sleeps in the kernel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sleeper {
    /// The system call it sleeps in: `futex`.
    pub call: String,
    /// The student's line that made the call, if that is known.
    pub line: Option<SourceLine>,
    /// The pipes at which it sleeps.
    pub pipes: Vec<PipeWait>,
}

/// A pipe at which somebody sleeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipeWait {
    /// Its own end.
    pub own: PipeEnd,
    /// Who has an end on the other side.
    pub others: Vec<PipeEnd>,
}

/// A descriptor that is an end of a pipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipeEnd {
    /// Whose it is, by its number in the box.
    pub process: i32,
    /// What that process executes: the program and its arguments.
    pub command: Vec<String>,
    /// Whether it is the process that was asked, and not one that it has started.
    pub is_asked: bool,
    /// Its number.
    pub descriptor: i32,
}

/// What came back on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Heard {
    /// A line, without its newline.
    Line(String),
    /// Nothing more will come: the process has ended.
    Ended(Ended),
    /// Nothing comes for now: it is held before a call.
    Held,
}

/// What came first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// It sleeps in a call of the family that was asked for.
    Blocked(Sleeper),
    /// Something else came.
    Otherwise(Heard),
}

/// What a process has of the system's, counted from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Open descriptors (entries of `/proc/PID/fd`).
    pub descriptors: usize,
    /// Mappings (lines of `/proc/PID/maps`).
    pub mappings: usize,
    /// Its threads, the first among them (entries of `/proc/PID/task`).
    pub threads: usize,
    /// Its children, those that have ended and were not waited for among them.
    pub children: usize,
    /// Those of its children that have ended and were not waited for.
    pub zombies: usize,
    /// The open descriptors, and what each names.
    pub open: Vec<(i32, String)>,
}

/// What has a name in a box, or outlives whoever made it. What a box shares with the machine is not
/// counted (`None`): it may be somebody else's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belongings {
    /// Everything below the private folder, by its path from there.
    pub files: Vec<String>,
    /// The names of shared memory and named semaphores, as in `/dev/shm`.
    pub shared_memory: Option<Vec<String>>,
    /// The names of POSIX message queues.
    pub queues: Option<Vec<String>>,
    /// System V objects by their identifiers.
    pub system_v: Option<Vec<(SystemV, i64)>>,
}

/// A kind of System V object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SystemV {
    /// Shared memory.
    Memory,
    /// A set of semaphores.
    Semaphores,
    /// A message queue.
    Queue,
}

/// What is to be explored: two or three live processes, an operation that each is asked to do, and
/// what they are asked afterwards.
///
/// In `operation` and `after`, `$random` stands for a fresh number from 1 to 1000 and `$round` for
/// the number of the round in eight digits (of constant length, so that no path depends on it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exploration {
    /// A, B and perhaps C, all in a session and stepped.
    pub processes: Vec<ProcessId>,
    /// The question whose operation is explored.
    pub operation: String,
    /// The question asked of each after the operations.
    pub after: String,
    /// Where the random numbers come from.
    pub seed: u64,
    /// Only this schedule; `None`: all of them.
    pub only: Option<Schedule>,
    /// Whether every touch is noted, so that it can be shown.
    pub recorded: bool,
    /// What happens to A beside being held.
    pub disturbance: Disturbance,
}

/// What happens to the first process of an exploration beside being held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Disturbance {
    /// Nothing: the others run while it is held.
    #[default]
    Nothing,
    /// It is killed. Only for one place at a time, each with processes of its own.
    Kill {
        /// What another exploration of the same has measured; `None`: it is measured first.
        measured: Option<Measure>,
    },
    /// It gets this signal.
    Signal(i32),
}

/// How much an operation does when nobody is in its way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Instructions.
    pub instructions: usize,
    /// System calls among them.
    pub calls: usize,
}

/// Who: 0 is A.
pub type Who = usize;

/// Who was held where. Places are counted among the *shared* instructions of that process: system
/// calls, and touches of a shared mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Schedule {
    /// One after the other: nobody was held.
    Serial,
    /// A alone, to find its shared instructions.
    Alone,
    /// A was held before its shared instruction `a`, B did all it could, then A went on.
    One {
        /// A's place.
        a: usize,
    },
    /// A was held at `a`, B at `b`, then A went on until it could not, then B.
    Two {
        /// A's place.
        a: usize,
        /// B's place.
        b: usize,
    },
    /// A was held at `a`, B and C did all they could in turn, then A went on.
    Three {
        /// A's place.
        a: usize,
    },
    /// A was killed at `a`.
    Killed {
        /// A's place.
        a: usize,
        /// Whether B had done all it could before that, and perhaps waited for A.
        met: bool,
    },
    /// A got a signal before instruction `a` of those that differ on its way.
    Signalled {
        /// A's place.
        a: usize,
    },
}

/// How the operations of a round ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// All of them finished.
    Finished,
    /// `who` waits for something that nobody is left to do.
    Asleep {
        /// Who waits.
        who: Who,
        /// In which system call.
        call: String,
        /// Whether all others had finished (else they sleep too).
        others_finished: bool,
    },
    /// `who` goes round in circles, and all others have finished.
    Spinning {
        /// Who spins.
        who: Who,
    },
    /// `who` ended in the middle.
    Ended {
        /// Who ended.
        who: Who,
        /// How, and what it printed.
        ended: Ended,
    },
    /// `who` made another mark than those of the driver: somebody writes on the grader's channel.
    Forged {
        /// Who.
        who: Who,
    },
    /// Nobody was asleep, and yet it did not end within the bound.
    Bound,
    /// `who` was still running when the time was over.
    TimedOut {
        /// Who ran.
        who: Who,
    },
    /// `who` started another task in the middle of its operation, which nobody steps.
    OtherTask {
        /// Who started it.
        who: Who,
    },
}

/// One round of an exploration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Who was held where.
    pub schedule: Schedule,
    /// The operation that each was asked to do (number and word left out), in the order A, B, C;
    /// fewer than there are processes if the others had no part in this round.
    pub asked: Vec<String>,
    /// What each answered to it; `None` if it never did.
    pub answered: Vec<Option<String>>,
    /// What each answered afterwards, but for who was killed; empty if the operations did not all
    /// finish.
    pub after: Vec<String>,
    /// The student's line before which A was when something happened to it, if that was recorded.
    pub at: Option<SourceLine>,
    /// How the operations ended.
    pub end: End,
    /// What each did that others can notice, in order; only if it was recorded.
    pub touches: Vec<Touch>,
}

/// The end of an exploration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explored {
    /// A's instructions from mark to mark.
    pub instructions: usize,
    /// System calls among them.
    pub calls: usize,
    /// How many of them others can notice.
    pub shared: usize,
    /// How many of them are different: where a signal is tried.
    pub places: usize,
    /// Rounds in which A was killed.
    pub kills: usize,
    /// Rounds in which A got a signal.
    pub signals: usize,
    /// Rounds with one preemption, with two, and with a third process.
    pub ones: usize,
    /// Two preemptions.
    pub twos: usize,
    /// A third process.
    pub threes: usize,
    /// Places that could not be reached a second time.
    pub missed: usize,
    /// Single steps taken.
    pub steps: u64,
    /// Stops handled.
    pub stops: u64,
    /// Microseconds, from the first question on.
    pub microseconds: u64,
}

impl Explored {
    /// Counts another exploration in.
    pub fn add(&mut self, other: &Self) {
        self.instructions = self.instructions.max(other.instructions);
        self.calls = self.calls.max(other.calls);
        self.shared = self.shared.max(other.shared);
        self.places = self.places.max(other.places);
        self.ones += other.ones;
        self.twos += other.twos;
        self.threes += other.threes;
        self.kills += other.kills;
        self.signals += other.signals;
        self.missed += other.missed;
        self.steps += other.steps;
        self.stops += other.stops;
        self.microseconds += other.microseconds;
    }
}

/// A place in something shared: a file (by its inode) or a piece of shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// The inode of what is mapped.
    pub object: u64,
    /// Bytes from its start.
    pub offset: u64,
}

/// What an instruction did to a shared place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// It read the value.
    Read {
        /// Where.
        spot: Spot,
        /// What was there.
        value: u64,
    },
    /// It wrote, or read and wrote in one.
    Write {
        /// Where.
        spot: Spot,
        /// What was there before.
        before: u64,
        /// What was there afterwards.
        after: u64,
        /// Whether the old value was read by the same instruction.
        also_read: bool,
    },
    /// It made a system call.
    Call {
        /// `futex`.
        name: String,
        /// What the call returned; `None` if it went to sleep.
        result: Option<i64>,
    },
}

/// One thing that a process did and that others can notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// Who did it.
    pub who: Who,
    /// Its number among its shared instructions.
    pub place: usize,
    /// What it did.
    pub access: Access,
    /// The line of the student's that did it.
    pub line: Option<SourceLine>,
    /// The machine's instruction that did it, if it could be read.
    pub instruction: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    /// The first one: what the box is to be like, and a new, empty folder for it. The level is
    /// settled by now.
    Begin {
        settings: Settings,
        folder: PathBuf,
    },
    Spawn(Program),
    Fork(ProcessId),
    Tell {
        process: ProcessId,
        line: String,
    },
    Hear {
        process: ProcessId,
        milliseconds: u64,
    },
    Wait {
        process: ProcessId,
        milliseconds: u64,
    },
    /// Waits until the process, or one that it has started, sleeps in such a call.
    UntilBlocked {
        process: ProcessId,
        family: Family,
        milliseconds: u64,
    },
    Census(ProcessId),
    Belongings,
    /// A mark in the timeline.
    Mark(String),
    /// Everything that was noted so far.
    Timeline,
    Arm(Fault),
    /// Whoever comes to such a call is held before it.
    Hold(Which),
    Release(ProcessId),
    Explore(Exploration),
    Finish,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Reply {
    Done,
    /// The box is made. The folder that processes start in, open, comes as a descriptor after this.
    Begun {
        isolation: Isolation,
        /// Where that folder is for them.
        folder: PathBuf,
        /// What the client has to remove at the end, if it is still there.
        cgroups: Vec<PathBuf>,
    },
    Started(ProcessId),
    Heard(Heard),
    Until(Until),
    Ended(Ended),
    Census(Census),
    Belongings(Belongings),
    Timeline(Timeline),
    Outcome(Box<Outcome>),
    Explored(Explored),
    Finished {
        killed: usize,
    },
    /// This machine cannot do it.
    Cannot(String),
    /// The helper failed.
    Failed(String),
}

/// Writes one message behind its length (four bytes, little endian).
pub(crate) fn send<T: Serialize>(mut to: impl Write, message: &T) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    let mut packet = length.to_le_bytes().to_vec();
    packet.extend_from_slice(&body);
    to.write_all(&packet)
}

/// Reads one message; `None` at the end of the stream.
pub(crate) fn receive<T: DeserializeOwned>(mut from: impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut body = vec![0; u32::from_le_bytes(length) as usize];
    from.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}
