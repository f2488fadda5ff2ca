//! The first process of a box. It makes the last of the box's surroundings, those that only a
//! process of the new namespaces can make, and then reaps orphans until it is killed; with it goes
//! everything else in the box. No signal from inside can end it (`pid_namespaces(7)`), and what it
//! remembers of the helper cannot be read (it is not dumpable).
#![expect(unsafe_code, reason = "fork, and closing descriptors by number")]

use std::{
    convert::Infallible,
    fs::File,
    io::{self, Read, Write},
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::net::UnixStream,
    },
    path::Path,
};

use nix::{
    fcntl::{OFlag, open},
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, unshare},
    sys::{
        prctl,
        signal::{SigSet, Signal},
        stat::Mode,
        wait::{WaitPidFlag, waitpid},
    },
    unistd::{ForkResult, Gid, Pid, Uid, chdir, fork, pivot_root},
};

use super::cannot;
use crate::helper::Trouble;

/// The student's user and group inside.
const STUDENT: u32 = 1000;

/// A new init, which waits to be let go.
pub(super) struct Init {
    pub(super) pid: Pid,
    line: UnixStream,
}

/// Starts the first process of a box. The working directory is the root of its files.
pub(super) fn start(proc: bool) -> Result<Init, Trouble> {
    let (ours, theirs) = UnixStream::pair()?;
    // SAFETY: the helper has one thread, so the child may do what any process may.
    let pid = match unsafe { fork() }? {
        ForkResult::Child => run(proc, theirs),
        ForkResult::Parent { child } => child,
    };
    drop(theirs);
    let mut init = Init { pid, line: ours };
    init.hear_ready().map_err(cannot("no first process"))?;
    Ok(init)
}

impl Init {
    fn hear_ready(&mut self) -> io::Result<()> {
        let mut word = [0; 256];
        match self.line.read(&mut word)? {
            1 => Ok(()),
            length => Err(io::Error::other(
                String::from_utf8_lossy(&word[..length]).into_owned(),
            )),
        }
    }

    /// From now on it is out of reach, for the helper too.
    pub(super) fn go_on(mut self) -> Result<(), Trouble> {
        self.line.write_all(b"g")?;
        self.hear_ready().map_err(cannot("no first process"))
    }
}

fn run(proc: bool, mut line: UnixStream) -> ! {
    let Err(why) = serve(proc, &mut line);
    line.write_all(format!("it failed: {why}").as_bytes()).ok();
    // SAFETY: _exit(2) ends the process at once; nothing of the helper's may run in the child.
    unsafe { libc::_exit(1) }
}

fn serve(proc: bool, line: &mut UnixStream) -> io::Result<Infallible> {
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    // By its number it would be another process in the box's /proc.
    let myself = open(
        "/proc/self",
        OFlag::O_PATH | OFlag::O_CLOEXEC,
        Mode::empty(),
    )?;
    close_others(&[line.as_raw_fd(), myself.as_raw_fd()])?;
    turn_away(proc)?;
    // A user namespace inside the first: who joins it has no rights over the box's own.
    unshare(CloneFlags::CLONE_NEWUSER)?;
    map_student(&myself)?;
    drop(myself);
    // Whoever opens this process's namespaces must do so before the next step.
    line.write_all(b"r")?;
    line.read_exact(&mut [0])?;
    prctl::set_dumpable(false)?;
    line.write_all(b"d")?;
    let mut children = SigSet::empty();
    children.add(Signal::SIGCHLD);
    children.thread_block()?;
    loop {
        // Whatever has ended, and then the next.
        while waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::WNOHANG))
            .is_ok_and(|status| status.pid().is_some())
        {}
        children.wait()?;
    }
}

/// Makes the working directory the root of everything, in a mount namespace of its own.
fn turn_away(proc: bool) -> io::Result<()> {
    unshare(CloneFlags::CLONE_NEWNS)?;
    // A mount that came with the namespace cannot become a root, but a second one of the same
    // files can. It has to be somewhere, and this folder is everywhere.
    let place = Path::new("/usr");
    let here = MsFlags::MS_BIND | MsFlags::MS_REC;
    mount(Some("."), place, None::<&str>, here, None::<&str>)?;
    chdir(place)?;
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(
        Some("mqueue"),
        "dev/mqueue",
        Some("mqueue"),
        quiet,
        None::<&str>,
    )?;
    if proc {
        mount(Some("proc"), "proc", Some("proc"), quiet, None::<&str>)?;
    }
    pivot_root(".", ".")?;
    umount2(".", MntFlags::MNT_DETACH)?;
    chdir("/")?;
    Ok(())
}

fn map_student(myself: &OwnedFd) -> io::Result<()> {
    // Everybody is root so far.
    let (uid, gid) = (Uid::from_raw(0), Gid::from_raw(0));
    for (name, text) in [
        ("setgroups", "deny".to_owned()),
        ("uid_map", format!("{STUDENT} {uid} 1")),
        ("gid_map", format!("{STUDENT} {gid} 1")),
    ] {
        let file = nix::fcntl::openat(
            myself,
            name,
            OFlag::O_WRONLY | OFlag::O_CLOEXEC,
            Mode::empty(),
        )?;
        File::from(file).write_all(text.as_bytes())?;
    }
    Ok(())
}

fn close_others(kept: &[i32]) -> io::Result<()> {
    let mut kept = kept.to_vec();
    kept.sort_unstable();
    let mut from = 0;
    for end in kept.into_iter().map(Some).chain([None]) {
        let last = end.map_or(libc::c_uint::MAX, |end| {
            (end as libc::c_uint).wrapping_sub(1)
        });
        if end.is_none_or(|end| end as libc::c_uint > from) {
            // SAFETY: what is closed is the helper's; nothing of this process uses it any more.
            if unsafe { libc::close_range(from, last, 0) } < 0 {
                return Err(io::Error::last_os_error());
            }
        }
        from = last.wrapping_add(2);
    }
    Ok(())
}
