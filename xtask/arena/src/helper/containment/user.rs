//! Who a box's processes are outside: the user who grades, or, for root, nobody.
#![expect(unsafe_code, reason = "PR_SET_SECUREBITS, which nix does not have")]

use std::{
    collections::HashSet,
    fs, io,
    os::unix::fs::{MetadataExt, lchown},
    path::Path,
};

use caps::{CapSet, Capability};

use nix::{
    sys::prctl,
    unistd::{Gid, Uid, setgroups, setresgid, setresuid},
};

use super::tree::Owner;

/// An account that owns nothing. Root is exempt from limits of processes, even in a user namespace.
const NOBODY: u32 = 65_534;

pub(crate) fn is_root() -> bool {
    Uid::effective().is_root()
}

/// Who the processes of a box are.
pub(crate) fn owner() -> Owner {
    if is_root() {
        Owner {
            uid: Uid::from_raw(NOBODY),
            gid: Gid::from_raw(NOBODY),
        }
    } else {
        Owner {
            uid: Uid::effective(),
            gid: Gid::effective(),
        }
    }
}

/// Root becomes nobody, for good.
pub(crate) fn become_nobody() -> io::Result<()> {
    let Owner { uid, gid } = owner();
    setgroups(&[])?;
    setresgid(gid, gid, gid)?;
    setresuid(uid, uid, uid)?;
    // A process that has changed its user loses this, and with it /proc/self and its tracer.
    prctl::set_dumpable(true)?;
    Ok(())
}

/// The same, but whatever folders are in the way of a path are open to it (`CAP_DAC_READ_SEARCH`,
/// which its programs inherit). What it can reach is for Landlock to say.
pub(crate) fn become_nobody_who_walks_anywhere() -> io::Result<()> {
    let told = |error: caps::errors::CapsError| io::Error::other(error);
    // Else access(2), by which compilers look for their linkers, answers as if there were no such
    // right: see `SECBIT_NO_SETUID_FIXUP`, capabilities(7).
    const NO_SETUID_FIXUP: libc::c_ulong = 1 << 2;
    // SAFETY: this request takes a number and changes only how the kernel treats this process.
    if unsafe { libc::prctl(libc::PR_SET_SECUREBITS, NO_SETUID_FIXUP) } < 0 {
        return Err(io::Error::last_os_error());
    }
    become_nobody()?;
    let one = HashSet::from([Capability::CAP_DAC_READ_SEARCH]);
    for set in [CapSet::Inheritable, CapSet::Effective, CapSet::Permitted] {
        caps::set(None, set, &one).map_err(told)?;
    }
    caps::set(None, CapSet::Ambient, &one).map_err(told)
}

/// Makes a file, or a folder with all that is in it, belong to the processes of a box. Links are
/// not followed.
pub(crate) fn give(path: &Path) -> io::Result<()> {
    let owner = owner();
    let found = fs::symlink_metadata(path)?;
    if found.uid() != owner.uid.as_raw() {
        lchown(path, Some(owner.uid.as_raw()), Some(owner.gid.as_raw()))?;
    }
    if is_root() && found.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path())?;
        }
    }
    Ok(())
}

/// So many tasks have the user of the box's processes, in the whole system.
pub(crate) fn tasks_of(uid: Uid) -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else {
        return 0;
    };
    let status = |entry: fs::DirEntry| fs::read_to_string(entry.path().join("status")).ok();
    let tasks = entries.flatten().filter_map(status).filter_map(|status| {
        let field = |name| status.lines().find_map(|line| line.strip_prefix(name));
        let real = field("Uid:")?.split_whitespace().next()?;
        let threads = field("Threads:")?.trim().parse::<u64>().ok()?;
        (real == uid.to_string()).then_some(threads)
    });
    tasks.sum()
}
