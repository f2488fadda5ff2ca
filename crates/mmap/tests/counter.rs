//! `Counter`: what it keeps, and that it is exact between processes.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use mmap::Counter;
use tempfile::TempDir;

mod common;

fn fresh() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("counter");
    (folder, path)
}

#[test]
fn a_new_an_empty_and_a_short_file_count_from_zero() {
    for contents in [None, Some(vec![]), Some(vec![0; 3])] {
        let (_folder, path) = fresh();
        if let Some(contents) = contents {
            fs::write(&path, contents).unwrap();
        }
        let counter = Counter::open(&path).unwrap();
        assert_eq!(counter.get(), 0);
        assert_eq!(counter.add(3).unwrap(), 3);
        assert_eq!(fs::read(&path).unwrap(), 3_u64.to_ne_bytes());
    }
}

#[test]
fn an_older_value_is_kept_and_a_longer_file_not_cut() {
    let (_folder, path) = fresh();
    let mut contents = 41_u64.to_ne_bytes().to_vec();
    contents.extend(b"more");
    fs::write(&path, contents).unwrap();
    assert_eq!(Counter::open(&path).unwrap().add(1).unwrap(), 42);
    assert_eq!(Counter::open(&path).unwrap().get(), 42);
    assert!(fs::read(&path).unwrap().ends_with(b"more"));
}

#[test]
fn two_handles_share_one_value() {
    let (_folder, path) = fresh();
    let (one, other) = (Counter::open(&path).unwrap(), Counter::open(&path).unwrap());
    assert_eq!((one.add(5).unwrap(), other.add(2).unwrap()), (5, 7));
    assert_eq!((one.get(), other.get()), (7, 7));
}

#[test]
fn the_value_wraps_around() {
    let (_folder, path) = fresh();
    let counter = Counter::open(&path).unwrap();
    counter.add(u64::MAX).unwrap();
    assert_eq!(counter.add(2).unwrap(), 1);
}

#[test]
fn a_path_that_cannot_be_opened_is_an_error() {
    let (folder, _) = fresh();
    let error = Counter::open(folder.path()).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::EISDIR));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "four processes at once")]
fn processes_lose_no_addition() {
    let (_folder, path) = fresh();
    let mut children: Vec<_> = (0..4)
        .map(|_| {
            let mut bump = Command::new(common::example("bump"));
            bump.arg(&path)
                .arg("50000")
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(Counter::open(&path).unwrap().get(), 200_000);
}
