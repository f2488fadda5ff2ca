//! Filling what can be written to: its space, and its number of files. Whatever was written is
//! removed in the end.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use hostile::Facts;
use nix::sys::signal::{SigSet, SigmaskHow, Signal, sigprocmask};

use super::Attacking;
use crate::{given::Given, outcome::io_name};

const MIB: usize = 1 << 20;
/// Small enough for any limit on the size of one file.
const FILE: usize = 16 * MIB;
/// So many of them.
const FILES: usize = 32;
/// So many empty ones.
const EMPTY: usize = 50_000;

/// What is said of an attack that came to its own bound.
const NONE_REFUSED: &str = "own_bound";

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("disk-fill-folder", |given| fill(Path::new("."), given)),
    ("disk-fill-tmp", |given| fill(Path::new("/tmp"), given)),
    ("disk-fill-dev-shm", |given| {
        fill(Path::new("/dev/shm"), given)
    }),
    ("inode-fill-folder", |given| crowd(Path::new("."), given)),
    ("inode-fill-tmp", |given| crowd(Path::new("/tmp"), given)),
    ("inode-fill-dev-shm", |given| {
        crowd(Path::new("/dev/shm"), given)
    }),
];

fn fill(folder: &Path, given: &Given) -> Facts {
    // A file too large shall be an error, not an end.
    let mut mask = SigSet::empty();
    mask.add(Signal::SIGXFSZ);
    sigprocmask(SigmaskHow::SIG_BLOCK, Some(&mask), None).ok();
    let block = vec![1; MIB];
    let mut written = 0;
    let filled = in_own_folder(folder, |own| {
        for number in 0..given.cap(FILES) {
            let mut file = File::create(own.join(number.to_string()))?;
            for _ in 0..FILE / MIB {
                file.write_all(&block)?;
                written += 1;
            }
        }
        Ok(())
    });
    Facts::of("mib", written).and("errno", filled)
}

fn crowd(folder: &Path, given: &Given) -> Facts {
    let mut made = 0;
    let crowded = in_own_folder(folder, |own| {
        for number in 0..given.cap(EMPTY) {
            File::create(own.join(number.to_string()))?;
            made += 1;
        }
        Ok(())
    });
    Facts::of("files", made).and("errno", crowded)
}

/// Does it in a new folder, which is removed afterwards; the error that ended it.
fn in_own_folder(within: &Path, work: impl FnOnce(&Path) -> std::io::Result<()>) -> String {
    let own: PathBuf = within.join(format!("hostile-{}", std::process::id()));
    let done = fs::create_dir(&own).and_then(|()| work(&own));
    // Where it could not be made there is nothing to remove.
    fs::remove_dir_all(&own).ok();
    match done {
        Ok(()) => NONE_REFUSED.to_owned(),
        Err(error) => io_name(&error),
    }
}
