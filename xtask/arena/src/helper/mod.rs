//! The helper: one process with one thread that holds all processes of one check.
//!
//! It serves one request after the other until its client has gone, and then kills and reaps
//! everything that is left. Tracing and containment belong into this process too: whoever starts a
//! process is its tracer, and whoever contains it must have made its surroundings before.
//!
//! | module | duty |
//! |---|---|
//! | [`containment`] | what lies between a submission and the machine |
//! | [`launch`] | fork, limits, descriptors, exec |
//! | [`process`] | one started process: its channel, its output, its end |
//! | [`listen`] | waiting for a line or an end, with a deadline, noticing deadlocks |
//! | [`until`] | waiting until somebody sleeps in a certain call |
//! | [`trace`] | noting system calls, and changing some |
//! | [`stack`] | how a stopped task came to where it stands |
//! | [`lines`] | the student's line of an instruction |
//! | [`census`] | what a process has of the system's, and what there is in a box |
//! | [`pipes`] | who sleeps at a pipe, and who has its other end |
//! | [`look`] | what /proc says of a task |
//! | [`bell`] | sleeping until a child changes |
//! | [`sys`] | the few calls that neither std nor nix has in a safe form |

mod bell;
mod capture;
mod census;
mod channel;
mod containment;
mod launch;
mod lines;
mod listen;
mod look;
mod pipes;
mod process;
mod stack;
mod sys;
pub(crate) mod trace;
mod turns;
mod until;

use std::{
    io,
    os::{fd::AsFd, unix::net::UnixStream},
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use nix::{sys::prctl, unistd::Pid};

pub(crate) use self::{
    bell::Bell,
    census::{OwnPlaces, Places},
    containment::{Containment, groups_left, sweep_groups},
    look::call_name,
    process::Process,
    trace::Tracing,
};
#[cfg(target_arch = "x86_64")]
pub(crate) use self::{
    channel::Channel,
    lines::Lines,
    look::{Sleep, asleep_in, cpu_time},
    sys::{Resume, Status, reap, resume},
    turns::Turns,
};
use crate::{
    orphans::{children_of, reap_orphans},
    passing::give,
    protocol::{Ended, Heard, How, Limits, ProcessId, Program, Reply, Request, receive, send},
    step,
    which::{By, Which},
};

/// The first argument that makes a program a helper.
pub(crate) const ROLE: &str = "interlock-helper";

/// The first argument that makes a program end at once, well: to see whether one can be started.
pub(crate) const PROBE: &str = "interlock-probe";

/// Makes this process a helper if it was started as one. Every program that uses the arena calls
/// this first of all, and ends with the exit code if there is one.
pub fn role() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let role = arguments.next()?;
    if role == PROBE {
        return Some(ExitCode::SUCCESS);
    }
    if role != ROLE {
        return None;
    }
    Some(match Helper::new().and_then(|helper| helper.serve()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Everything that the helper knows.
pub(crate) struct Helper {
    client: UnixStream,
    pub(crate) bell: Bell,
    pub(crate) limits: Limits,
    containment: Containment,
    /// Where the box's named things are.
    places: Option<Places>,
    pub(crate) tracing: Tracing,
    /// When everything is killed.
    pub(crate) ends: Instant,
    pub(crate) processes: Vec<Process>,
}

/// Why a request was not carried out.
pub(crate) enum Trouble {
    /// This machine cannot.
    Cannot(String),
    /// The helper, or the system, failed.
    Failed(String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<nix::errno::Errno> for Trouble {
    fn from(error: nix::errno::Errno) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Helper {
    fn new() -> io::Result<Self> {
        // The client's end of the socket pair stands where standard input would.
        let client = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        // Orphans of the student's come here and not to whoever started the grader.
        prctl::set_child_subreaper(true)?;
        // Waiting for 20 microseconds should not take 70.
        prctl::set_timerslack(1)?;
        Ok(Self {
            client,
            bell: Bell::new()?,
            limits: Limits::default(),
            containment: Containment::none(Path::new("/")),
            places: None,
            tracing: Tracing::default(),
            ends: Instant::now(),
            processes: Vec::new(),
        })
    }

    fn serve(mut self) -> io::Result<()> {
        let result = self.serve_requests();
        // Channels and pipes first, so that nobody is left waiting for this process.
        self.processes.clear();
        self.containment.dismiss();
        reap_orphans();
        result
    }

    fn serve_requests(&mut self) -> io::Result<()> {
        while let Some(request) = receive::<Request>(&self.client)? {
            let last = matches!(request, Request::Finish);
            let reply = self
                .answer(request)
                .unwrap_or_else(|trouble| match trouble {
                    Trouble::Cannot(reason) => Some(Reply::Cannot(reason)),
                    Trouble::Failed(reason) => Some(Reply::Failed(reason)),
                });
            if let Some(reply) = reply {
                send(&self.client, &reply)?;
            }
            if last {
                break;
            }
        }
        Ok(())
    }

    /// Carries out a request; its reply, unless it has been sent.
    fn answer(&mut self, request: Request) -> Result<Option<Reply>, Trouble> {
        Ok(Some(match request {
            Request::Begin { settings, folder } => {
                self.ends = Instant::now() + Duration::from_secs(settings.limits.patience);
                self.limits = settings.limits;
                let (containment, home) = Containment::make(&settings, &folder)?;
                self.containment = containment;
                send(&self.client, &self.begun())?;
                give(&self.client, &home)?;
                self.places = Some(Places {
                    home,
                    own: self.containment.own_places()?,
                });
                return Ok(None);
            }
            Request::Spawn(program) => Reply::Started(self.spawn(&program)?),
            Request::Fork(parent) => {
                let child = step::fork(self, parent)?;
                self.processes.push(child);
                Reply::Started(ProcessId(self.processes.len() - 1))
            }
            Request::Tell { process, line } => {
                self.process(process)?.tell(&line);
                Reply::Done
            }
            Request::Hear {
                process,
                milliseconds,
            } => Reply::Heard(self.hear(process, self.until(milliseconds))?),
            Request::UntilBlocked {
                process,
                family,
                milliseconds,
            } => Reply::Until(self.until_blocked(process, family, self.until(milliseconds))?),
            Request::Wait {
                process,
                milliseconds,
            } => {
                self.process(process)?.close_channel();
                match self.hear(process, self.until(milliseconds))? {
                    Heard::Ended(ended) => Reply::Ended(ended),
                    Heard::Line(line) => {
                        return Err(Trouble::Failed(format!(
                            "a line after the channel closed: {line}"
                        )));
                    }
                    Heard::Held => {
                        return Err(Trouble::Failed("it is held, and cannot end".to_owned()));
                    }
                }
            }
            Request::Census(process) => Reply::Census(census::census(self.process(process)?.pid)?),
            Request::Belongings => match &self.places {
                Some(places) => Reply::Belongings(census::belongings(places)?),
                None => return Err(Trouble::Failed("there is no box yet".to_owned())),
            },
            Request::Mark(name) => {
                self.tracing.pump();
                self.tracing.mark(name);
                Reply::Done
            }
            Request::Timeline => {
                self.tracing.pump();
                Reply::Timeline(self.tracing.timeline().clone())
            }
            Request::Arm(fault) => {
                let process = self.meant(&fault.which)?;
                self.tracing.arm(fault, process)?;
                Reply::Done
            }
            Request::Hold(which) => {
                let process = self.meant(&which)?;
                self.tracing.hold(which, process);
                Reply::Done
            }
            Request::Release(process) => {
                let pid = self.process(process)?.pid;
                self.tracing.release(pid);
                Reply::Done
            }
            Request::Explore(exploration) => {
                let client = self.client.try_clone()?;
                let explored = step::explore(self, &exploration, &mut |outcome| {
                    send(&client, &Reply::Outcome(Box::new(outcome)))
                })?;
                Reply::Explored(explored)
            }
            Request::Finish => {
                self.processes.clear();
                Reply::Finished {
                    killed: self.end_everything(),
                }
            }
        }))
    }

    /// The process whose calls are meant; `None`: everybody's.
    fn meant(&mut self, which: &Which) -> Result<Option<Pid>, Trouble> {
        match which.by {
            By::Anybody => Ok(None),
            By::Process(id) => Ok(Some(self.process(id)?.pid)),
            By::Itself => Err(Trouble::Failed(
                "only a program brings faults of its own".to_owned(),
            )),
        }
    }

    fn begun(&self) -> Reply {
        Reply::Begun {
            isolation: self.containment.isolation,
            folder: self.containment.home.clone(),
            cgroups: self.containment.cgroups(),
        }
    }

    fn spawn(&mut self, program: &Program) -> Result<ProcessId, Trouble> {
        if program.stepped {
            step::prepare()?;
        }
        let process = launch::launch(program, &self.limits, &self.containment, &mut self.tracing)?;
        self.processes.push(process);
        Ok(ProcessId(self.processes.len() - 1))
    }

    fn hear(&mut self, process: ProcessId, until: Instant) -> Result<Heard, Trouble> {
        if let Some(ended) = &self.process(process)?.ended {
            return Ok(Heard::Ended(ended.clone()));
        }
        let mut heard = if self.process(process)?.stepped {
            step::hear(self, process, until)
        } else {
            self.listen(process, until)
        }?;
        if let Heard::Ended(ended) = &mut heard
            && matches!(
                ended.how,
                How::Signalled {
                    number: libc::SIGKILL,
                    ..
                }
            )
            && self.containment.is_out_of_memory()
        {
            ended.how = How::OutOfMemory;
        }
        Ok(heard)
    }

    pub(crate) fn process(&mut self, id: ProcessId) -> Result<&mut Process, Trouble> {
        self.processes
            .get_mut(id.0)
            .ok_or_else(|| Trouble::Failed(format!("no process {}", id.0)))
    }

    /// Reads what all processes have printed; whether there was anything. All of them, because a
    /// child prints where its parent does.
    pub(crate) fn drain(&mut self) -> bool {
        let mut any = false;
        for process in &mut self.processes {
            any |= process.output.drain();
        }
        any
    }

    fn until(&self, milliseconds: u64) -> Instant {
        Instant::now()
            .checked_add(Duration::from_millis(milliseconds))
            .map_or(self.ends, |until| until.min(self.ends))
    }

    /// Kills and reaps all that is left; how many had to be killed.
    fn end_everything(&self) -> usize {
        let own = self.containment.own();
        let mut parents = vec![Pid::this()];
        let mut left = 0;
        while let Some(parent) = parents.pop() {
            let children = children_of(parent.as_raw().unsigned_abs());
            left += children
                .iter()
                .filter(|child| !own.contains(child) && is_running(**child))
                .count();
            parents.extend(children);
        }
        self.containment.dismiss();
        reap_orphans();
        left
    }

    /// Kills one process and waits for its end.
    pub(crate) fn kill(
        &mut self,
        id: ProcessId,
        how: impl FnOnce() -> How,
    ) -> Result<Ended, Trouble> {
        let process = self.process(id)?;
        process.kill();
        Ok(process.end(how()))
    }
}

/// Whether it has not ended. One that has, and was not waited for, is its parent's to reap.
fn is_running(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
