//! The game in a pipe.

use std::time::Duration;

use assert_cmd::Command;
use predicates::{boolean::PredicateBooleanExt, str::contains};

use crate::{PROGRAM, WRONG, alone, models, root};

fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .current_dir(root())
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1")
        .timeout(Duration::from_secs(300));
    command
}

/// Every thread is preempted wherever that can be chosen.
fn always_the_other(arguments: &[&str]) -> String {
    let lines = "2\n".repeat(30) + "q\n";
    let output = xtask(&["play", "19", "--program", PROGRAM])
        .args(arguments)
        .write_stdin(lines)
        .assert()
        .code(0)
        .get_output()
        .clone();
    assert_eq!(models(), Vec::<String>::new(), "something is left");
    String::from_utf8(output.stdout).expect("lines in UTF-8")
}

#[test]
fn a_wrong_lock_is_broken_and_the_command_it_yields_fails_in_the_same_way() {
    let _alone = alone();
    let shown = always_the_other(&["--answer", WRONG]);
    assert!(shown.contains("You broke it."), "{shown}");
    assert!(shown.contains("two threads are inside at once"), "{shown}");
    assert!(shown.contains("spinlock.rs:"), "{shown}");
    let (_, command) = shown
        .split_once("cargo xtask ")
        .expect("a command that replays it");
    // Long commands go on in the next line.
    let command = command.replace("\\\n", "").replace('\'', "");
    let command = command.lines().next().unwrap_or_default();
    assert!(
        command.contains(&format!("--replay {PROGRAM}@")),
        "{command}"
    );
    let words: Vec<&str> = command.split_whitespace().collect();
    xtask(&words)
        .assert()
        .code(1)
        .stdout(contains("two threads are inside at once"))
        // Every step, with memory after it.
        .stdout(contains("Lab 19").count(2))
        .stdout(contains("  locked "));
}

#[test]
fn the_reference_withstands() {
    let _alone = alone();
    let shown = always_the_other(&["--reference"]);
    assert!(!shown.contains("You broke it."), "{shown}");
    assert!(shown.contains("T1 goes on"), "{shown}");
}

#[test]
fn what_cannot_be_played_is_wrong_usage() {
    let _alone = alone();
    xtask(&["play", "12"])
        .assert()
        .code(2)
        .stderr(contains("not judged by the model"));
    xtask(&["play", "19", "--answer", "wrong/nothing"])
        .assert()
        .code(2)
        .stderr(contains(WRONG));
    xtask(&["play", "19", "--reference", "--program", "nothing"])
        .assert()
        .code(2)
        .stderr(contains(PROGRAM).and(contains("nothing")));
}

#[test]
fn code_that_does_not_compile_is_shown_to_the_player() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("src");
    std::fs::create_dir(&source).expect("a folder");
    std::fs::write(source.join("spinlock.rs"), "pub fn broken( {\n").expect("a file");
    let path = folder.path().to_string_lossy().into_owned();
    xtask(&["play", "19", "--submission", &path])
        .assert()
        .code(1)
        .stdout(contains("does not compile"))
        .stdout(contains("cargo xtask lab 19 --submission"));
}
