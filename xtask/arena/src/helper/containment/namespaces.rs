//! A machine of its own: the helper leaves its user, mount, IPC, network, host name and control
//! group namespaces for new ones and has its children born into a new process namespace. The first
//! child is that namespace's init; all others join init's files and rights and have no way back.
//!
//! The helper itself keeps its view of the machine's files and processes: it is the tracer, and
//! looks into the box from outside.
#![expect(
    unsafe_code,
    reason = "switching on a network interface takes an ioctl"
)]

use std::{
    fs::{self, File},
    io,
    os::fd::{AsRawFd, OwnedFd},
    path::Path,
};

use nix::{
    sched::{CloneFlags, setns, unshare},
    sys::socket::{AddressFamily, SockFlag, SockType, socket},
    unistd::{Gid, Pid, Uid, sethostname},
};

use super::{cannot, init, tree, user};
use crate::{
    helper::{OwnPlaces, Trouble},
    isolation::Settings,
    protocol::Limits,
};

/// The namespaces of a box, held open.
pub(super) struct Namespaces {
    pub(super) init: Pid,
    files: OwnedFd,
    rights: OwnedFd,
    /// `/dev/shm` and `/dev/mqueue`.
    memory: OwnedFd,
    queues: OwnedFd,
}

impl Namespaces {
    /// Makes them; gives the folder where processes start.
    pub(super) fn make(settings: &Settings, folder: &Path) -> Result<(Self, OwnedFd), Trouble> {
        if user::is_root() {
            // Whoever is nobody cannot even see what is to be shown: a home is often closed.
            unshare(CloneFlags::CLONE_NEWNS)
                .map_err(io::Error::from)
                .map_err(cannot("no mount namespace"))?;
            tree::plant(folder, settings, user::owner()).map_err(cannot("no files for a box"))?;
            user::become_nobody().map_err(cannot("root cannot become nobody"))?;
            leave()?;
        } else {
            leave()?;
            // In the new namespace this user is root.
            let owner = tree::Owner {
                uid: Uid::from_raw(0),
                gid: Gid::from_raw(0),
            };
            tree::plant(folder, settings, owner).map_err(cannot("no files for a box"))?;
        }
        bound_ipc(&settings.limits).map_err(cannot("System V IPC cannot be bounded"))?;
        loopback().map_err(cannot("no loopback interface"))?;
        sethostname("box")
            .map_err(io::Error::from)
            .map_err(cannot("no host name"))?;
        let home = File::open("box")?.into();
        let init = init::start(settings.proc)?;
        let made = Self {
            files: open_namespace(init.pid, "mnt")?,
            rights: open_namespace(init.pid, "user")?,
            memory: open_folder(init.pid, "dev/shm")?,
            queues: open_folder(init.pid, "dev/mqueue")?,
            init: init.pid,
        };
        init.go_on()?;
        // The folder is covered by the tree only here and now; nothing needs it any more.
        std::env::set_current_dir("/")?;
        Ok((made, home))
    }

    /// Where names show that only this box knows.
    pub(super) fn places(&self) -> io::Result<OwnPlaces> {
        Ok(OwnPlaces {
            memory: self.memory.try_clone()?,
            queues: self.queues.try_clone()?,
        })
    }

    /// Takes a child of the helper's to where init is: its files, and its user without rights.
    pub(super) fn enter(&self) -> io::Result<()> {
        setns(&self.files, CloneFlags::CLONE_NEWNS)?;
        setns(&self.rights, CloneFlags::CLONE_NEWUSER)?;
        Ok(())
    }
}

fn leave() -> Result<(), Trouble> {
    let (uid, gid) = (Uid::effective(), Gid::effective());
    unshare(
        CloneFlags::CLONE_NEWUSER
            | CloneFlags::CLONE_NEWNS
            | CloneFlags::CLONE_NEWPID
            | CloneFlags::CLONE_NEWIPC
            | CloneFlags::CLONE_NEWNET
            | CloneFlags::CLONE_NEWUTS
            | CloneFlags::CLONE_NEWCGROUP,
    )
    .map_err(io::Error::from)
    .map_err(cannot("no user namespace"))?;
    map("/proc/self", 0, uid, gid).map_err(cannot("the user namespace has no users"))
}

/// Makes one user, and one group, known in a new user namespace. See `user_namespaces(7)`.
fn map(process: &str, inside: u32, uid: Uid, gid: Gid) -> io::Result<()> {
    fs::write(format!("{process}/setgroups"), "deny")?;
    fs::write(format!("{process}/uid_map"), format!("{inside} {uid} 1"))?;
    fs::write(format!("{process}/gid_map"), format!("{inside} {gid} 1"))
}

/// Shared memory that nobody has attached counts for no process, so the namespace is bounded.
fn bound_ipc(limits: &Limits) -> io::Result<()> {
    const PAGE: u64 = 4096;
    for (name, value) in [
        ("kernel/shmall", limits.disk / PAGE),
        ("kernel/shmmax", limits.disk),
        ("kernel/shmmni", 128),
        ("fs/mqueue/queues_max", 64),
    ] {
        fs::write(format!("/proc/sys/{name}"), value.to_string())?;
    }
    Ok(())
}

/// A new network namespace has a loopback interface that is down.
fn loopback() -> io::Result<()> {
    let any = socket(
        AddressFamily::Inet,
        SockType::Datagram,
        SockFlag::SOCK_CLOEXEC,
        None,
    )?;
    let mut name = [0; libc::IFNAMSIZ];
    for (place, letter) in name.iter_mut().zip(*b"lo") {
        *place = letter as libc::c_char;
    }
    let flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    let request = libc::ifreq {
        ifr_name: name,
        ifr_ifru: libc::__c_anonymous_ifr_ifru { ifru_flags: flags },
    };
    // SAFETY: this request reads one `ifreq` and keeps no pointer to it.
    let done = unsafe { libc::ioctl(any.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) };
    if done < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn open_namespace(pid: Pid, kind: &str) -> io::Result<OwnedFd> {
    Ok(File::open(format!("/proc/{pid}/ns/{kind}"))?.into())
}

/// A folder as a process sees it; the path is relative to its root.
fn open_folder(pid: Pid, path: &str) -> io::Result<OwnedFd> {
    let process = format!("/proc/{pid}");
    Ok(File::open(Path::new(&process).join("root").join(path))?.into())
}
