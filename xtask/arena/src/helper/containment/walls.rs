//! The machine's own files, most of them out of reach: Landlock (`landlock(7)`). For machines that
//! give us no namespaces, such as most containers.

use std::{
    fs::File,
    io,
    os::{fd::OwnedFd, unix::fs::OpenOptionsExt},
    path::{Path, PathBuf},
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};

use super::cannot;
use crate::{helper::Trouble, isolation::Settings};

/// The first version that keeps signals and abstract sockets inside.
const NEEDED: ABI = ABI::V6;

/// Folders and files of the system that programs need.
const READABLE: [&str; 8] = [
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/nix/store",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
];

const DEVICES: [&str; 5] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
];

/// Rules, ready to be raised around a process.
pub(super) struct Walls(RulesetCreated);

impl Walls {
    pub(super) fn make(settings: &Settings, folder: &Path) -> Result<Self, Trouble> {
        rules(settings, folder)
            .map(Self)
            .map_err(io::Error::other)
            .map_err(cannot("no Landlock"))
    }

    /// For this process and all that it becomes or starts.
    pub(super) fn raise(&self) -> io::Result<()> {
        let rules = self.0.try_clone()?;
        rules.restrict_self().map_err(io::Error::other)?;
        Ok(())
    }
}

fn rules(settings: &Settings, folder: &Path) -> Result<RulesetCreated, RulesetError> {
    let read = AccessFs::from_read(NEEDED);
    let all = AccessFs::from_all(NEEDED);
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(all)?
        .handle_access(AccessNet::from_all(NEEDED))?
        .scope(Scope::from_all(NEEDED))?
        .create()?;
    let mut paths: Vec<(PathBuf, bool)> = Vec::new();
    paths.extend(READABLE.map(|path| (path.into(), false)));
    paths.extend(settings.sees.iter().map(|path| (path.clone(), false)));
    paths.extend(DEVICES.map(|path| (path.into(), true)));
    paths.extend(settings.writes.iter().map(|path| (path.clone(), true)));
    paths.push((folder.to_owned(), true));
    if settings.proc {
        // The machine's own: the kernel shows a process only what it may trace.
        paths.push(("/proc".into(), false));
    }
    for (path, writable) in paths {
        // What a system does not have needs no rule.
        let Ok(opened) = PathFd::new(&path) else {
            continue;
        };
        let access = if writable { all } else { read };
        let access = match path.is_dir() {
            true => access,
            false => access & AccessFs::from_file(NEEDED),
        };
        rules = rules.add_rule(PathBeneath::new(opened, access))?;
    }
    Ok(rules)
}

/// A program for somebody who may not be able to walk to it.
pub(super) fn open(program: &Path) -> io::Result<OwnedFd> {
    let opened = File::options()
        .read(true)
        .custom_flags(libc::O_PATH)
        .open(program)?;
    Ok(opened.into())
}
