//! The file tree of a box: system programs to read, a few devices, private places to write, and
//! what was asked for, at the paths that it has outside.
#![expect(unsafe_code, reason = "mount_setattr(2), which nix does not have")]

use std::{
    ffi::CString,
    fs::{self, File},
    io,
    os::unix::{ffi::OsStrExt, fs::symlink},
    path::{Path, PathBuf},
};

use nix::{
    mount::{MsFlags, mount},
    unistd::{Gid, Uid},
};

use crate::isolation::Settings;

/// Where processes start, and where their files are.
pub(super) const HOME: &str = "/box";

/// Folders of the system that are the same inside. Where they are links, the links are.
const SYSTEM: [&str; 9] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
];

/// Files and folders of /etc without which programs cannot be linked or started.
const ETC: [&str; 3] = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"];

const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

/// Owner of the private places.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    pub(super) uid: Uid,
    pub(super) gid: Gid,
}

/// Makes the tree on top of `root`, in the mount namespace of this process, which must be its own.
/// Afterwards the working directory is the tree's root.
pub(super) fn plant(root: &Path, settings: &Settings, owner: Owner) -> io::Result<()> {
    // Nothing of this is to be seen outside.
    mount_on(
        None,
        Path::new("/"),
        MsFlags::MS_REC | MsFlags::MS_PRIVATE,
        None,
    )?;
    temporary(root, "size=2m,nr_inodes=4k,mode=755")?;
    std::env::set_current_dir(root)?;
    for folder in ["dev", "etc", "proc"] {
        fs::create_dir(folder)?;
    }
    fs::create_dir("dev/mqueue")?;
    accounts()?;
    let limits = &settings.limits;
    let room = format!("size={},nr_inodes={}", limits.disk, limits.inodes);
    let owned = format!("uid={},gid={}", owner.uid, owner.gid);
    for (place, mode) in [("box", "755"), ("tmp", "1777"), ("dev/shm", "1777")] {
        fs::create_dir(place)?;
        temporary(Path::new(place), &format!("{room},{owned},mode={mode}"))?;
    }
    for path in SYSTEM {
        show_system(Path::new(path))?;
    }
    for path in ETC.map(Path::new).into_iter().filter(|path| path.exists()) {
        bind(path, Change::No)?;
    }
    for device in DEVICES {
        bind(&Path::new("/dev").join(device), Change::Yes)?;
    }
    for (link, target) in [
        ("fd", ""),
        ("stdin", "/0"),
        ("stdout", "/1"),
        ("stderr", "/2"),
    ] {
        symlink(format!("/proc/self/fd{target}"), format!("dev/{link}"))?;
    }
    for path in &settings.writes {
        bind(path, Change::Yes)?;
    }
    for path in &settings.sees {
        let is_inside = |other: &&Path| path.starts_with(other) && path != other;
        let others = settings.sees.iter().map(PathBuf::as_path);
        // What is shown with a folder around it needs no place of its own, and could get none.
        if others
            .chain(SYSTEM.map(Path::new))
            .any(|other| is_inside(&other))
        {
            continue;
        }
        bind(path, Change::No)?;
    }
    read_only(Path::new("."), 0)
}

/// Who the student is, for programs that look it up.
fn accounts() -> io::Result<()> {
    fs::write("etc/passwd", "student:x:1000:1000::/box:/bin/sh\n")?;
    fs::write("etc/group", "student:x:1000:\n")?;
    fs::write("etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
}

fn show_system(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => symlink(fs::read_link(path)?, inside(path)),
        Ok(_) => bind(path, Change::No),
        Err(_) => Ok(()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Yes,
    No,
}

/// Shows a file or folder inside, with all that is mounted below it.
fn bind(path: &Path, change: Change) -> io::Result<()> {
    let named = |error| io::Error::other(format!("{} cannot be shown: {error}", path.display()));
    let target = inside(path);
    if fs::metadata(path).map_err(named)?.is_dir() {
        fs::create_dir_all(target).map_err(named)?;
    } else {
        fs::create_dir_all(target.parent().unwrap_or(Path::new("."))).map_err(named)?;
        File::create(target).map_err(named)?;
    }
    mount_on(Some(path), target, MsFlags::MS_BIND | MsFlags::MS_REC, None).map_err(named)?;
    match change {
        Change::Yes => Ok(()),
        Change::No => read_only(target, libc::AT_RECURSIVE),
    }
}

/// `/usr/lib` as seen from the root of the tree, where we are: `usr/lib`.
fn inside(path: &Path) -> &Path {
    path.strip_prefix("/").unwrap_or(path)
}

fn temporary(place: &Path, options: &str) -> io::Result<()> {
    // Programs come from outside: what is written here is not executed here.
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    Ok(mount(
        Some("tmpfs"),
        place,
        Some("tmpfs"),
        flags,
        Some(options),
    )?)
}

fn mount_on(
    source: Option<&Path>,
    place: &Path,
    flags: MsFlags,
    options: Option<&str>,
) -> io::Result<()> {
    Ok(mount(source, place, None::<&str>, flags, options)?)
}

/// Adds "read only" and "no set-user-ID" to a mount, and leaves its other flags alone: in a user
/// namespace most of them may not be taken away. See `mount_setattr(2)`; since Linux 5.12.
fn read_only(place: &Path, flags: libc::c_int) -> io::Result<()> {
    let place = CString::new(place.as_os_str().as_bytes()).map_err(io::Error::other)?;
    let wanted = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: the path is a string that ends with a zero byte; the structure is as long as told.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            place.as_ptr(),
            flags,
            &raw const wanted,
            size_of_val(&wanted),
        )
    };
    if done < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
