//! The program `bump`: what it prints, and its exit statuses.

use assert_cmd::Command;
use predicates::str::contains;

mod common;

fn bump() -> Command {
    Command::new(common::example("bump"))
}

#[test]
fn it_prints_the_value_it_reached() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("counter");
    bump()
        .arg(&file)
        .arg("3")
        .assert()
        .success()
        .stdout("3\n")
        .stderr("");
    bump()
        .arg(&file)
        .arg("4")
        .assert()
        .success()
        .stdout("7\n")
        .stderr("");
    bump()
        .arg(&file)
        .arg("0")
        .assert()
        .success()
        .stdout("7\n")
        .stderr("");
}

#[test]
fn wrong_arguments_are_status_2_and_touch_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("counter");
    bump()
        .assert()
        .code(2)
        .stdout("")
        .stderr("usage: bump FILE N\n");
    for wrong in [["x", ""].as_slice(), &["-1"], &["1.5"], &["1", "2"], &[]] {
        let usage = contains("usage: bump FILE N");
        bump()
            .arg(&file)
            .args(wrong)
            .assert()
            .code(2)
            .stdout("")
            .stderr(usage);
    }
    assert!(!file.exists());
}

#[test]
fn a_counter_that_cannot_be_opened_is_status_1_and_is_named() {
    let named = contains("/no/such/folder/counter");
    bump()
        .args(["/no/such/folder/counter", "1"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(named);
}
