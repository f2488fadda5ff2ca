//! Writing where nothing of a submission's belongs.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
};

use hostile::Facts;

use super::Attacking;
use crate::{
    given::Given,
    outcome::{io_name, list},
};

/// Folders in which a submission has no business. `/tmp`, `/dev/shm` and the like are left out:
/// what is private there may be written in.
const FOLDERS: [&str; 12] = [
    "/",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/etc",
    "/root",
    "/home",
    "/opt",
    "/srv",
    "/var/lib",
    "/boot",
];

/// Switches of the kernel, which would be written back as they are.
const SWITCHES: [&str; 5] = [
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/randomize_va_space",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sysrq-trigger",
    "/sys/kernel/mm/transparent_hugepage/enabled",
];

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("write-outside", write_outside),
    ("write-own-program", write_own_program),
    ("write-kernel-switches", write_kernel_switches),
    ("write-devices", write_devices),
];

/// Makes a file and takes it away again; the folders where that worked.
fn write_outside(given: &Given) -> Facts {
    let given = given.all("outside").iter().map(String::as_str);
    let mut written = Vec::new();
    let mut refused = Vec::new();
    for folder in FOLDERS.into_iter().chain(given) {
        let path = Path::new(folder).join(format!(".hostile-{}", std::process::id()));
        let made = OpenOptions::new().write(true).create_new(true).open(&path);
        match made {
            Ok(_) => {
                fs::remove_file(&path).ok();
                written.push(folder.to_owned());
            }
            Err(error) => refused.push(io_name(&error)),
        }
    }
    refused.sort();
    refused.dedup();
    Facts::of("written", list(&written)).and("errors", list(&refused))
}

/// The program that runs is the grader's: opened for writing, and its folder written in.
fn write_own_program(_: &Given) -> Facts {
    let Ok(program) = std::env::current_exe() else {
        return Facts::of("program", "ENOENT").and("folder", "ENOENT");
    };
    let opened = OpenOptions::new().write(true).open(&program);
    // While it runs, its owner hears ETXTBSY before anybody asks whether the mount or Landlock would
    // let it be written. Whether it could be replaced is asked all the same, and its own name in
    // place of its own name changes nothing.
    let program_word = match opened {
        Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
            crate::outcome::told_io(fs::rename(&program, &program))
        }
        other => crate::outcome::told_io(other),
    };
    let beside: PathBuf = program.with_file_name(format!(".hostile-{}", std::process::id()));
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&beside);
    if made.is_ok() {
        fs::remove_file(&beside).ok();
    }
    Facts::of("program", program_word).and("folder", crate::outcome::told_io(made))
}

fn write_kernel_switches(_: &Given) -> Facts {
    opened_for_writing(&SWITCHES)
}

/// Memory, disks and the kernel's log. Nothing is written; that they open is enough.
fn write_devices(_: &Given) -> Facts {
    opened_for_writing(&[
        "/dev/mem",
        "/dev/kmem",
        "/dev/port",
        "/dev/kmsg",
        "/dev/sda",
        "/dev/vda",
        "/dev/nvme0n1",
        "/dev/loop0",
        "/dev/loop-control",
        "/dev/kvm",
        "/dev/fuse",
        "/dev/net/tun",
        "/dev/userfaultfd",
        "/dev/vhost-vsock",
        "/dev/console",
    ])
}

fn opened_for_writing(paths: &[&str]) -> Facts {
    let open = |path: &&&str| OpenOptions::new().write(true).open(path).is_ok();
    let opened: Vec<String> = paths
        .iter()
        .filter(open)
        .map(|&path| path.to_owned())
        .collect();
    Facts::of("opened", list(&opened))
}
