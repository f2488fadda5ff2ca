//! What lies between a submission and the machine. A box is made once, when the helper begins, and
//! every process enters it between its fork and its exec.
//!
//! | module | duty |
//! |---|---|
//! | [`namespaces`] | a machine of its own: processes, files, network, IPC |
//! | [`tree`] | the files of that machine |
//! | [`init`] | its first process |
//! | [`walls`] | Landlock: the machine's own files, most of them out of reach |
//! | [`filters`] | system calls that no lab needs and no box should let through |
//! | [`user`] | who the processes are |
//! | [`memory`], [`cgroup`] | bounds for all processes together |

mod cgroup;
mod filters;
mod init;
mod memory;
mod namespaces;
mod tree;
mod user;
mod walls;

use std::{
    fs::{self, File},
    io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
};

use nix::unistd::Pid;

use self::{cgroup::Cgroup, filters::Filters, namespaces::Namespaces, walls::Walls};
pub(crate) use self::{
    cgroup::{groups_left, sweep_groups},
    memory::Watchman,
};
use super::{OwnPlaces, Trouble};
use crate::isolation::{Isolation, Level, MemoryBound, Settings};

/// A box that has been made.
pub(crate) struct Containment {
    kind: Kind,
    filters: Option<Filters>,
    pub(crate) isolation: Isolation,
    /// Where its processes start, as they see it.
    pub(crate) home: PathBuf,
    cgroup: Option<Cgroup>,
    watchman: Option<Watchman>,
    /// Most tasks that the box may have.
    tasks: u64,
}

enum Kind {
    None,
    Landlock {
        walls: Walls,
        /// Whether a child was root's and has to become nobody.
        was_root: bool,
        /// Whether it may walk through closed folders all the same.
        trusted: bool,
    },
    Namespaces(Namespaces),
}

/// A box that could not be made: why, for somebody who could change the machine.
fn cannot(what: &str) -> impl FnOnce(io::Error) -> Trouble + '_ {
    move |error| Trouble::Cannot(format!("{what}: {error}"))
}

impl Containment {
    /// No box yet.
    pub(crate) fn none(folder: &Path) -> Self {
        Self {
            kind: Kind::None,
            filters: None,
            isolation: Isolation {
                level: Level::None,
                memory: MemoryBound::None,
            },
            home: folder.to_owned(),
            cgroup: None,
            watchman: None,
            tasks: libc::RLIM_INFINITY,
        }
    }

    /// Makes a box around a new, empty folder; gives that folder as the box has it, open.
    pub(crate) fn make(settings: &Settings, folder: &Path) -> Result<(Self, OwnedFd), Trouble> {
        let mut made = Self::none(folder);
        let level = settings.level.unwrap_or(Level::None);
        if level == Level::None {
            return Ok((made, File::open(folder)?.into()));
        }
        made.isolation.level = level;
        made.tasks = settings.limits.tasks;
        // Both while this process is still who it was.
        if !settings.watched {
            made.cgroup = Cgroup::make(&settings.limits).ok();
        }
        if made.cgroup.is_some() {
            made.isolation.memory = MemoryBound::Cgroup;
        } else {
            made.watchman = Some(Watchman::start(settings.limits.total_memory)?);
            made.isolation.memory = MemoryBound::Watch;
        }
        for path in &settings.writes {
            user::give(path).map_err(cannot("a folder cannot be given to a box"))?;
        }
        let home = if level == Level::Namespaces {
            let (namespaces, home) = Namespaces::make(settings, folder)?;
            if let Some(watchman) = &mut made.watchman {
                watchman.spare(namespaces.init)?;
            }
            made.kind = Kind::Namespaces(namespaces);
            made.home = tree::HOME.into();
            home
        } else {
            user::give(folder).map_err(cannot("a folder cannot be given to a box"))?;
            let others = user::tasks_of(user::owner().uid);
            made.tasks = made.tasks.saturating_add(others);
            made.kind = Kind::Landlock {
                walls: Walls::make(settings, folder)?,
                was_root: user::is_root(),
                trusted: settings.trusted,
            };
            File::open(folder)?.into()
        };
        made.filters = Some(Filters::make(level).map_err(Trouble::Cannot)?);
        Ok((made, home))
    }

    /// A program that a process is to execute when it cannot find it any more: opened now.
    pub(crate) fn open(&self, program: &Path) -> io::Result<Option<OwnedFd>> {
        match self.kind {
            Kind::Landlock { was_root: true, .. } => Ok(Some(walls::open(program)?)),
            Kind::None | Kind::Landlock { .. } | Kind::Namespaces(_) => Ok(None),
        }
    }

    /// The child's first step: into the box.
    pub(crate) fn enter(&self) -> io::Result<()> {
        if let Some(cgroup) = &self.cgroup {
            cgroup.join()?;
        }
        match &self.kind {
            Kind::None => Ok(()),
            Kind::Landlock {
                walls,
                was_root,
                trusted,
            } => {
                expendable()?;
                match (was_root, trusted) {
                    (true, true) => user::become_nobody_who_walks_anywhere()?,
                    (true, false) => user::become_nobody()?,
                    (false, _) => {}
                }
                walls.raise()
            }
            Kind::Namespaces(namespaces) => {
                expendable()?;
                namespaces.enter()
            }
        }
    }

    /// The most tasks that a child's user may have.
    pub(crate) fn tasks(&self) -> u64 {
        self.tasks
    }

    /// The child's last step before its exec: no way back.
    pub(crate) fn confine(&self) -> io::Result<()> {
        match &self.filters {
            Some(filters) => filters.apply(),
            None => Ok(()),
        }
    }

    /// Where the names show that only this box knows; `None`: it knows those of the machine.
    pub(crate) fn own_places(&self) -> io::Result<Option<OwnPlaces>> {
        match &self.kind {
            Kind::Namespaces(namespaces) => namespaces.places().map(Some),
            Kind::None | Kind::Landlock { .. } => Ok(None),
        }
    }

    /// Processes of the grader's own in the box.
    pub(crate) fn own(&self) -> Vec<Pid> {
        let init = match &self.kind {
            Kind::Namespaces(namespaces) => Some(namespaces.init),
            Kind::None | Kind::Landlock { .. } => None,
        };
        let watchman = self.watchman.as_ref().map(|watchman| watchman.pid);
        init.into_iter().chain(watchman).collect()
    }

    /// Before everything is ended.
    pub(crate) fn dismiss(&self) {
        if let Some(watchman) = &self.watchman {
            watchman.dismiss();
        }
    }

    /// Whether the box was emptied because it took too much memory.
    pub(crate) fn is_out_of_memory(&mut self) -> bool {
        self.cgroup.as_ref().is_some_and(Cgroup::is_out_of_memory)
            || self.watchman.as_mut().is_some_and(Watchman::has_killed)
    }

    /// What has to be removed when this process has ended.
    pub(crate) fn cgroups(&self) -> Vec<PathBuf> {
        let folders = self.cgroup.as_ref().map(|cgroup| cgroup.folders.clone());
        folders.unwrap_or_default()
    }
}

/// If memory runs short, the kernel is to end this process and none of the grader's.
fn expendable() -> io::Result<()> {
    fs::write("/proc/self/oom_score_adj", "1000")
}
