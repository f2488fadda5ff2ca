//! More memory than there should be: in one process, in several, and in things that belong to no
//! process at all.
#![expect(
    unsafe_code,
    reason = "shmget and its kin, and touching what they give"
)]

use std::{
    fs::File,
    io::{Read, Write},
    num::NonZeroUsize,
    os::unix::net::UnixStream,
    ptr,
    time::Duration,
};

use hostile::Facts;
use nix::{
    errno::Errno,
    sys::{
        memfd::{MFdFlags, memfd_create},
        mman::{MapFlags, ProtFlags, mmap_anonymous},
        signal::{SigHandler, Signal},
    },
};

use super::Attacking;
use crate::{
    child,
    given::Given,
    outcome::{name, told_io},
};

const MIB: usize = 1 << 20;
/// What is taken at a time.
const PIECE: usize = 16 * MIB;
/// So much, and no more, whatever gives it.
const PIECES: usize = 64;

/// More than the others take to fill their share.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longer than a watch takes to look.
const KEPT: Duration = Duration::from_secs(2);

/// What is said of an attack that came to its own bound.
const NONE_REFUSED: &str = "own_bound";

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("memory-one", memory_one),
    ("memory-many", memory_many),
    ("memfd", memfd),
    ("sysv-shm", sysv_shm),
];

/// Maps and touches; how much came of it, and what ended it.
fn take(pieces: usize) -> (usize, String) {
    let Some(length) = NonZeroUsize::new(PIECE) else {
        return (0, NONE_REFUSED.to_owned());
    };
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    for piece in 0..pieces {
        // SAFETY: a new mapping at an address of the kernel's choice overlaps nothing.
        let mapped = unsafe { mmap_anonymous(None, length, protection, MapFlags::MAP_PRIVATE) };
        match mapped {
            Ok(memory) => touch(memory.cast().as_ptr()),
            Err(error) => return (piece, name(error)),
        }
    }
    (pieces, NONE_REFUSED.to_owned())
}

/// Makes the kernel give every page of a piece.
fn touch(memory: *mut u8) {
    // SAFETY: the caller has mapped PIECE bytes there, and nobody else knows of them.
    unsafe { ptr::write_bytes(memory, 1, PIECE) };
}

fn memory_one(given: &Given) -> Facts {
    let (pieces, errno) = take(given.cap(PIECES));
    Facts::of("mib", pieces * PIECE / MIB).and("errno", errno)
}

/// Eight processes, none of which takes much. All keep what they have for a while after the last has
/// it, and what counts is what survived that: a process that was killed has given its share back.
fn memory_many(given: &Given) -> Facts {
    const PROCESSES: usize = 8;
    let share = given.cap(PIECES) / PROCESSES;
    let (Ok((ours, theirs)), Ok((hold, held))) = (UnixStream::pair(), UnixStream::pair()) else {
        return Facts::of("socketpair", "failed");
    };
    let mut ends = Some((ours, hold));
    let mut children = Vec::new();
    for _ in 0..PROCESSES {
        let started = child::start(|| {
            ends = None;
            let (pieces, _) = take(share);
            let tell = || (&theirs).write_all(&[pieces as u8]).ok();
            tell();
            (&held).read_exact(&mut [0]).ok();
            tell();
        });
        children.extend(started.ok());
    }
    drop(theirs);
    let mut pieces = 0;
    if let Some((mut ours, hold)) = ends {
        // A child that was killed says nothing, and the others hold what they have.
        ours.set_read_timeout(Some(PATIENCE)).ok();
        let mut all = vec![0; children.len()];
        ours.read_exact(&mut all).ok();
        // Nobody says anything before it is let go.
        ours.set_read_timeout(Some(KEPT)).ok();
        ours.read_exact(&mut [0]).ok();
        drop(hold);
        ours.set_read_timeout(Some(PATIENCE)).ok();
        let mut kept = Vec::new();
        ours.read_to_end(&mut kept).ok();
        pieces = kept.into_iter().map(usize::from).sum();
    }
    let killed = children.into_iter().filter_map(child::wait).count();
    Facts::of("mib", pieces * PIECE / MIB).and("killed", killed)
}

/// Memory that looks like files, of which no limit on files knows the sum.
fn memfd(given: &Given) -> Facts {
    // SAFETY: no handler is involved. A file too large shall be an error, not an end.
    unsafe { nix::sys::signal::signal(Signal::SIGXFSZ, SigHandler::SigIgn) }.ok();
    let piece = vec![1; PIECE];
    let mut files = Vec::new();
    let mut errno = NONE_REFUSED.to_owned();
    for _ in 0..given.cap(PIECES) {
        let mut file = match memfd_create("hostile", MFdFlags::MFD_CLOEXEC) {
            Ok(file) => File::from(file),
            Err(error) => {
                errno = name(error);
                break;
            }
        };
        let written = told_io(file.write_all(&piece));
        if written != crate::outcome::DONE {
            errno = written;
            break;
        }
        files.push(file);
    }
    Facts::of("mib", files.len() * PIECE / MIB).and("errno", errno)
}

/// Segments that nobody is attached to. They are removed in the end: what stays behind is an attack
/// of its own.
fn sysv_shm(given: &Given) -> Facts {
    let mut segments = Vec::new();
    let mut errno = NONE_REFUSED.to_owned();
    for _ in 0..given.cap(PIECES) {
        match fill_segment() {
            Ok(segment) => segments.push(segment),
            Err((segment, error)) => {
                segments.extend(segment);
                errno = name(error);
                break;
            }
        }
    }
    let mib = segments.len() * PIECE / MIB;
    for segment in segments {
        // SAFETY: removing takes no memory of ours.
        unsafe { libc::shmctl(segment, libc::IPC_RMID, ptr::null_mut()) };
    }
    Facts::of("mib", mib).and("errno", errno)
}

/// A new segment, every page of it given; or what there is of it, and why not all.
fn fill_segment() -> Result<i32, (Option<i32>, Errno)> {
    // SAFETY: shmget(2) takes numbers.
    let segment = unsafe { libc::shmget(libc::IPC_PRIVATE, PIECE, 0o600 | libc::IPC_CREAT) };
    if segment < 0 {
        return Err((None, Errno::last()));
    }
    // SAFETY: attached at an address of the kernel's choice, where nothing else is.
    let memory = unsafe { libc::shmat(segment, ptr::null(), 0) };
    if memory.addr() == usize::MAX {
        return Err((Some(segment), Errno::last()));
    }
    touch(memory.cast());
    // SAFETY: it was attached above, and nothing refers to it any more.
    unsafe { libc::shmdt(memory) };
    Ok(segment)
}
