//! Starting a process: fork, go byte, session, limits, descriptors, exec. The child waits for the go
//! byte so that a tracer is there before anything of it runs, and whatever will contain it comes
//! between that byte and the exec.
#![expect(
    unsafe_code,
    reason = "fork, and placing descriptors by number in the child"
)]

use std::{
    ffi::{CString, OsStr},
    fs::File,
    io::{self, Read, Seek, Write},
    os::{
        fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd},
        unix::{ffi::OsStrExt, net::UnixStream},
    },
    path::Path,
};

use nix::{
    fcntl::{AtFlags, OFlag},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        memfd::{MFdFlags, memfd_create},
        personality::{self, Persona},
        prctl,
        resource::{Resource, getrlimit, setrlimit},
        signal::{SigHandler, SigSet, SigmaskHow, Signal, sigprocmask},
    },
    unistd::{ForkResult, execve, execveat, fork, pipe2, setsid},
};

use seccompiler::{BpfProgram, apply_filter};

use super::{
    Trouble,
    capture::Capture,
    channel::Channel,
    containment::Containment,
    process::Process,
    sys::{Status, reap},
    trace::{self, Tracing},
    turns::Turns,
};
use crate::protocol::{Limits, Program};

/// The first descriptor that a child gets beside its standard ones.
const FIRST_CHANNEL: RawFd = 3;
/// Where descriptors wait before they are put in place; none of ours is as high.
const ASIDE: RawFd = 200;

/// How a word of the child's begins that tells of the machine and not of a fault.
const CANNOT: &str = "cannot: ";

/// What the child needs, all of it made before the fork.
struct Plan {
    path: CString,
    arguments: Vec<CString>,
    environment: Vec<CString>,
    folder: CString,
    limits: Limits,
    /// The program, if its path may lead nowhere for the child.
    executable: Option<OwnedFd>,
    stepped: bool,
    /// Stops it at the calls that are noted.
    filter: Option<BpfProgram>,
    /// In the order in which they become 0, 1, 2, 3…
    descriptors: Vec<OwnedFd>,
    go: File,
    failed: File,
}

/// Starts a program. A stepped one stops as soon as it has been executed.
pub(crate) fn launch(
    program: &Program,
    limits: &Limits,
    containment: &Containment,
    tracing: &mut Tracing,
) -> Result<Process, Trouble> {
    let (out, to_out) = pipe2(OFlag::O_CLOEXEC)?;
    let (err, to_err) = pipe2(OFlag::O_CLOEXEC)?;
    let (go, to_go) = pipe2(OFlag::O_CLOEXEC)?;
    let (failed, to_failed) = pipe2(OFlag::O_CLOEXEC)?;
    let mut channels = std::collections::VecDeque::new();
    let mut descriptors = vec![standard_input(program)?, to_out, to_err];
    let mut arguments = program.arguments.clone();
    for number in 0..program.channels {
        let (ours, theirs) = UnixStream::pair()?;
        let number = FIRST_CHANNEL + number as RawFd;
        channels.push_back((number as u64, Channel::new(ours)?));
        descriptors.push(theirs.into());
        arguments.push(number.to_string());
    }
    let (channel_number, channel) = channels
        .pop_front()
        .map_or((0, None), |(number, channel)| (number, Some(channel)));
    let folder = &*containment.home;
    let plan = Plan {
        path: c_string(program.path.as_os_str())?,
        arguments: std::iter::once(program.path.as_os_str())
            .chain(arguments.iter().map(OsStr::new))
            .map(c_string)
            .collect::<io::Result<_>>()?,
        environment: environment(program, folder)?,
        folder: c_string(program.folder.as_deref().unwrap_or(folder).as_os_str())?,
        limits: *limits,
        executable: containment.open(&program.path).map_err(|error| {
            Trouble::Failed(format!("cannot start {}: {error}", program.path.display()))
        })?,
        stepped: program.stepped,
        filter: match program.traced.is_empty() {
            true => None,
            false => Some(trace::filter(&program.traced)?),
        },
        descriptors,
        go: go.into(),
        failed: to_failed.into(),
    };
    // SAFETY: the helper has one thread, so the child may do what any process may.
    let pid = match unsafe { fork() }? {
        ForkResult::Child => become_program(plan, containment),
        ForkResult::Parent { child } => child,
    };
    drop(plan);
    let output = Capture::new(out, err, limits.output)?;
    let mut process = Process {
        pid,
        channel_number,
        channel,
        for_children: channels,
        output,
        stepped: program.stepped,
        traced: !program.traced.is_empty(),
        stopped: false,
        signal: 0,
        ended: None,
        turns: Turns::new(),
    };
    if program.stepped
        && let Err(trouble) = crate::step::seize(pid)
    {
        process.kill();
        return Err(trouble);
    }
    if process.traced
        && let Err(trouble) = tracing.seize(pid)
    {
        process.kill();
        return Err(trouble);
    }
    if let Err(trouble) = tracing.bring(program, pid) {
        process.kill();
        return Err(trouble);
    }
    File::from(to_go).write_all(b"g")?;
    if program.stepped {
        // It stops when the program has been executed, or ends if it cannot be.
        match reap(pid, true) {
            Some(Status::Stopped { .. }) => process.stopped = true,
            Some(ended) => {
                process.end_by(ended);
            }
            None => {}
        }
    }
    // Closed by the exec; a word in it is why there was none.
    let why = words(failed, tracing)?;
    if why.is_empty() {
        return Ok(process);
    }
    process.kill();
    let path = program.path.display();
    Err(match why.strip_prefix(CANNOT) {
        Some(why) => Trouble::Cannot(format!("{why}; see docs/setup.md")),
        None => Trouble::Failed(format!("cannot start {path}: {why}")),
    })
}

/// What the program reads first: a file that nobody else has, or nothing.
fn standard_input(program: &Program) -> io::Result<OwnedFd> {
    let Some(content) = &program.input else {
        return Ok(File::open("/dev/null")?.into());
    };
    let mut file = File::from(memfd_create(c"input", MFdFlags::MFD_CLOEXEC)?);
    file.write_all(content.as_bytes())?;
    file.rewind()?;
    Ok(file.into())
}

/// Reads to the end what the child says. A traced one needs us meanwhile.
fn words(from: OwnedFd, tracing: &mut Tracing) -> io::Result<String> {
    let mut words = Vec::new();
    let mut from = File::from(from);
    loop {
        tracing.pump();
        let mut ready = [PollFd::new(from.as_fd(), PollFlags::POLLIN)];
        let time = PollTimeout::from(1_u8);
        if poll(&mut ready, time).is_ok_and(|ready| ready > 0) {
            let mut piece = [0; 512];
            match from.read(&mut piece)? {
                0 => return Ok(String::from_utf8_lossy(&words).into_owned()),
                length => words.extend_from_slice(&piece[..length]),
            }
        }
    }
}

fn c_string(words: &OsStr) -> io::Result<CString> {
    CString::new(words.as_bytes()).map_err(io::Error::other)
}

/// Nearly nothing: what a program needs to run, and what was asked for.
fn environment(program: &Program, folder: &Path) -> io::Result<Vec<CString>> {
    let mut variables = program.environment.clone();
    for (name, value) in [("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8")] {
        variables
            .entry(name.to_owned())
            .or_insert_with(|| value.to_owned());
    }
    for name in ["HOME", "TMPDIR"] {
        variables
            .entry(name.to_owned())
            .or_insert_with(|| folder.to_string_lossy().into_owned());
    }
    variables
        .iter()
        .map(|(name, value)| c_string(OsStr::new(&format!("{name}={value}"))))
        .collect()
}

/// The child's part, up to the exec; never returns.
fn become_program(mut plan: Plan, containment: &Containment) -> ! {
    let Err(why) = try_to_become(&mut plan, containment);
    // The parent reads it; if it cannot be told, the exit code remains.
    plan.failed.write_all(why.to_string().as_bytes()).ok();
    // SAFETY: _exit(2) ends the process at once; nothing of the helper's may run in the child.
    unsafe { libc::_exit(127) }
}

fn try_to_become(
    plan: &mut Plan,
    containment: &Containment,
) -> io::Result<std::convert::Infallible> {
    plan.go.read_exact(&mut [0])?;
    containment.enter()?;
    // Ends with the helper, whatever happens to that.
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    // A session of its own, so that no signal to a group reaches anybody else.
    setsid()?;
    // SAFETY: both are the default dispositions; no handler is involved.
    unsafe { nix::sys::signal::signal(Signal::SIGPIPE, SigHandler::SigDfl) }?;
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)?;
    if plan.stepped {
        // Addresses are compared between processes, and between runs.
        let wanted = personality::get()? | Persona::ADDR_NO_RANDOMIZE;
        personality::set(wanted).map_err(|error| {
            io::Error::other(format!(
                "{CANNOT}personality(ADDR_NO_RANDOMIZE) is refused: {error}"
            ))
        })?;
    }
    nix::unistd::chdir(plan.folder.as_c_str())?;
    place(plan)?;
    // Last of all: what happens above may need more than the program will have.
    limit(&plan.limits, containment)?;
    // Before the box is closed, which allows no further filters.
    if let Some(filter) = &plan.filter {
        apply_filter(filter).map_err(io::Error::other)?;
    }
    containment.confine()?;
    if let Some(executable) = &plan.executable {
        let flags = AtFlags::AT_EMPTY_PATH;
        match execveat(executable, c"", &plan.arguments, &plan.environment, flags)? {}
    }
    match execve(&plan.path, &plan.arguments, &plan.environment)? {}
}

/// Soft and hard limits; never more than there is already.
fn limit(limits: &Limits, containment: &Containment) -> io::Result<()> {
    let all = [
        (Resource::RLIMIT_CPU, limits.cpu),
        (Resource::RLIMIT_AS, limits.memory),
        (Resource::RLIMIT_FSIZE, limits.file),
        (Resource::RLIMIT_NOFILE, limits.descriptors),
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_NPROC, containment.tasks()),
    ];
    for (resource, wanted) in all {
        let (_, hard) = getrlimit(resource)?;
        let wanted = wanted.min(hard);
        // The soft limit of CPU time sends SIGXCPU, which says what has happened; at the hard one
        // the kernel sends SIGKILL, and looks at that first.
        let later = if resource == Resource::RLIMIT_CPU {
            wanted.saturating_add(1).min(hard)
        } else {
            wanted
        };
        setrlimit(resource, wanted, later)?;
    }
    Ok(())
}

/// Puts the descriptors in place as 0, 1, 2, 3…, keeps the two of ours that close at the exec, and
/// closes all others.
fn place(plan: &mut Plan) -> io::Result<()> {
    let mut aside = Vec::new();
    for descriptor in &plan.descriptors {
        aside.push(duplicate_at_least(descriptor.as_raw_fd(), ASIDE)?);
    }
    let failed = duplicate_at_least(plan.failed.as_raw_fd(), ASIDE)?;
    // SAFETY: the duplicate is new, so this is its only owner.
    plan.failed = unsafe { File::from_raw_fd(failed) };
    if let Some(executable) = &mut plan.executable {
        let copy = duplicate_at_least(executable.as_raw_fd(), ASIDE)?;
        // SAFETY: the duplicate is new, so this is its only owner.
        *executable = unsafe { OwnedFd::from_raw_fd(copy) };
    }
    for (number, descriptor) in aside.iter().enumerate() {
        // SAFETY: dup2(2) takes numbers; what was open under the new one is not used any more.
        if unsafe { libc::dup2(*descriptor, number as RawFd) } < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    let first_other = plan.descriptors.len() as libc::c_uint;
    // Closing at the exec instead of now keeps the way to tell why there was none.
    let flags = libc::CLOSE_RANGE_CLOEXEC as libc::c_int;
    // SAFETY: close_range(2) with this flag closes nothing yet.
    if unsafe { libc::close_range(first_other, libc::c_uint::MAX, flags) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn duplicate_at_least(descriptor: RawFd, least: RawFd) -> io::Result<RawFd> {
    // SAFETY: fcntl(2) with this command takes two numbers and makes a new descriptor.
    let copy = unsafe { libc::fcntl(descriptor, libc::F_DUPFD_CLOEXEC, least) };
    if copy < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(copy)
    }
}
