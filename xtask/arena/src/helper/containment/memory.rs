//! A bound for the memory of all processes of a box where no control group can set one: a process
//! outside the box that looks every few milliseconds and kills. What is taken between two looks is
//! taken, so the bound is not exact; files in private file systems have bounds of their own.
#![expect(
    unsafe_code,
    reason = "fork, and leaving the child without its parent's duties"
)]

use std::{
    fs,
    io::{self, Read, Write},
    os::{fd::AsRawFd, unix::net::UnixStream},
    time::Duration,
};

use nix::{
    sys::{
        prctl,
        signal::{Signal, kill},
    },
    unistd::{ForkResult, Pid, fork, getppid},
};

use crate::{helper::Trouble, orphans::children_of};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// The process that looks.
pub(crate) struct Watchman {
    pub(crate) pid: Pid,
    line: UnixStream,
    killed: bool,
}

impl Watchman {
    /// Starts it, as a child of the helper's. It watches the helper's other descendants.
    pub(super) fn start(limit: u64) -> Result<Self, Trouble> {
        let (ours, theirs) = UnixStream::pair()?;
        let helper = nix::unistd::getpid();
        // SAFETY: the helper has one thread, so the child may do what any process may.
        let pid = match unsafe { fork() }? {
            ForkResult::Child => {
                drop(ours);
                // It ends with the helper; how else it ends, nobody can be told.
                watch(theirs, helper, limit).ok();
                // SAFETY: _exit(2) ends the process at once; nothing of the helper's runs here.
                unsafe { libc::_exit(0) }
            }
            ForkResult::Parent { child } => child,
        };
        ours.set_nonblocking(true)?;
        Ok(Self {
            pid,
            line: ours,
            killed: false,
        })
    }

    /// Tells it of the box's init, which is to be left alone.
    pub(super) fn spare(&mut self, init: Pid) -> io::Result<()> {
        self.line.write_all(&init.as_raw().to_le_bytes())
    }

    /// Has it end by itself. It may be root's, and out of reach for a helper that has become nobody.
    pub(super) fn dismiss(&self) {
        // If it has gone already, there is nobody to tell.
        self.line.shutdown(std::net::Shutdown::Both).ok();
    }

    /// Whether it has emptied the box.
    pub(super) fn has_killed(&mut self) -> bool {
        self.killed |= matches!(self.line.read(&mut [0]), Ok(1));
        self.killed
    }
}

fn watch(mut line: UnixStream, helper: Pid, limit: u64) -> io::Result<()> {
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    // The client's end must close when the helper has gone, and not later.
    close_all_but(&line)?;
    let mut spared = vec![nix::unistd::getpid()];
    line.set_read_timeout(Some(PAUSE))?;
    while getppid() == helper {
        let mut init = [0; 4];
        // This is the pause between two looks, too.
        match line.read_exact(&mut init) {
            Ok(()) => spared.push(Pid::from_raw(i32::from_le_bytes(init))),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return Ok(()),
        }
        let all = descendants(helper, &spared);
        // Pages that several share count more than once here, and as parts of one in the second
        // figure, which takes longer to find.
        if sum(&all, resident) > limit && sum(&all, proportional) > limit {
            line.write_all(b"k")?;
            for process in all {
                // It may have ended by itself in between.
                kill(process, Signal::SIGKILL).ok();
            }
        }
    }
    Ok(())
}

fn close_all_but(line: &UnixStream) -> io::Result<()> {
    let kept = line.as_raw_fd() as libc::c_uint;
    for (first, last) in [(0, kept.wrapping_sub(1)), (kept + 1, libc::c_uint::MAX)] {
        if first <= last && (kept > 0 || first > 0) {
            // SAFETY: what is closed is the helper's; nothing of this process uses it any more.
            if unsafe { libc::close_range(first, last, 0) } < 0 {
                return Err(io::Error::last_os_error());
            }
        }
    }
    Ok(())
}

fn descendants(of: Pid, spared: &[Pid]) -> Vec<Pid> {
    let mut all = Vec::new();
    let mut parents = vec![of];
    while let Some(parent) = parents.pop() {
        let children = children_of(parent.as_raw().unsigned_abs());
        parents.extend(&children);
        all.extend(children);
    }
    all.retain(|process| !spared.contains(process));
    all
}

fn sum(processes: &[Pid], bytes: impl Fn(Pid) -> Option<u64>) -> u64 {
    processes.iter().filter_map(|process| bytes(*process)).sum()
}

fn resident(process: Pid) -> Option<u64> {
    kibibytes(process, "status", "VmRSS:")
}

fn proportional(process: Pid) -> Option<u64> {
    kibibytes(process, "smaps_rollup", "Pss:").or_else(|| resident(process))
}

fn kibibytes(process: Pid, file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/{file}")).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value
        .trim()
        .strip_suffix(" kB")?
        .parse::<u64>()
        .ok()?
        .checked_mul(1024)
}
