//! The control group of this process, and whether groups can be made below it: only then can the
//! memory of a box be bounded exactly. See cgroups(7).

use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use super::read;

/// Where control groups are mounted, on every distribution that is known.
const MOUNTED: &str = "/sys/fs/cgroup";

/// A control group that counts memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cgroup {
    /// 1 or 2.
    pub(super) version: u8,
    /// True if this process may make groups below it.
    pub(super) ours: bool,
}

impl Cgroup {
    pub(super) fn look() -> Option<Self> {
        let (version, folder) = membership(&read("/proc/self/cgroup")?)?;
        // Version 2 gives a group a share of memory only where its parent hands it on.
        let counts =
            version == 1 || counts_memory(&read(folder.join("cgroup.controllers").to_str()?)?);
        let writable = |path: &Path| access(path, AccessFlags::W_OK).is_ok();
        let ours = match version {
            1 => writable(&folder),
            _ => writable(&folder) && writable(&folder.join("cgroup.subtree_control")),
        };
        counts.then_some(Self { version, ours })
    }
}

/// From `/proc/self/cgroup`, a line such as `4:memory:/user` or `0::/user.slice`: the version, and
/// the folder of the group.
fn membership(lines: &str) -> Option<(u8, PathBuf)> {
    let fields = || {
        lines
            .lines()
            .filter_map(|line| line.split_once(':')?.1.split_once(':'))
    };
    let below = |root: &str, path: &str| Path::new(root).join(path.trim_start_matches('/'));
    // Where both are mounted, version 1 has taken the controller.
    let first = fields().find(|(controllers, _)| controllers.split(',').any(|it| it == "memory"));
    if let Some((_, path)) = first {
        return Some((1, below(&format!("{MOUNTED}/memory"), path)));
    }
    let (_, path) = fields().find(|(controllers, _)| controllers.is_empty())?;
    Some((2, below(MOUNTED, path)))
}

fn counts_memory(controllers: &str) -> bool {
    controllers.split_whitespace().any(|it| it == "memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_version_2_has_an_empty_list_of_controllers() {
        let user = "0::/user.slice/user-1000.slice/session-3.scope\n";
        let folder = "/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope";
        assert_eq!(membership(user), Some((2, folder.into())));
        assert_eq!(membership("0::/\n"), Some((2, "/sys/fs/cgroup/".into())));
    }

    #[test]
    fn version_1_goes_first_where_both_are_mounted() {
        let hybrid = "9:name=systemd:/\n4:memory:/build/7\n1:cpu,cpuacct:/\n0::/\n";
        let folder = "/sys/fs/cgroup/memory/build/7";
        assert_eq!(membership(hybrid), Some((1, folder.into())));
    }

    #[test]
    fn no_group_is_none() {
        assert_eq!(membership(""), None);
        assert_eq!(membership("1:name=systemd:/\n"), None);
    }

    #[test]
    fn memory_is_one_of_the_controllers() {
        assert!(counts_memory("cpuset cpu io memory pids"));
        assert!(!counts_memory("cpu pids"));
    }
}
