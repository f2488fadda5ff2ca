//! Who a box's processes are outside: the user who grades, or, for root, nobody.

use std::{fs, io};

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
