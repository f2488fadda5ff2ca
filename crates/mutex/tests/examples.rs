//! Each example runs, and its output says what its header promises. Numbers that depend on the machine
//! are not looked at.

use std::env::current_exe;

/// Runs the example and looks for these pieces, in this order.
fn says(name: &str, pieces: &[&str]) {
    let test = current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    let done = assert_cmd::Command::new(profile.join("examples").join(name))
        .assert()
        .success()
        .stderr("");
    let output = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    let mut rest = output.as_str();
    for piece in pieces {
        let found = rest.split_once(piece);
        assert!(
            found.is_some(),
            "{name} does not say {piece:?} (in this place):\n{output}"
        );
        rest = found.map_or("", |(_, after)| after);
    }
}

#[test]
fn timed_mutex() {
    says(
        "timed_mutex",
        &["10 ms: too late", "at once: no", "free: got it"],
    );
}

#[test]
fn recursive_mutex() {
    says(
        "recursive_mutex",
        &["depth 4", "24", "depth 0", "would wait for itself"],
    );
}

#[test]
fn syscalls() {
    says(
        "syscalls",
        &[
            "one thread, three states         0",
            "one thread, always wakes    100000",
            "two threads",
        ],
    );
}

#[test]
fn drepper() {
    says(
        "drepper",
        &[
            "1. counting",
            "complete",
            "after 2^32 attempts",
            "data race",
            "woken takes 1",
            "deadlock",
            "2. three states",
            "complete",
            "3. swapping",
            "complete",
        ],
    );
}

#[test]
fn owner_dies() {
    says(
        "owner_dies",
        &[
            "before: Left",
            "another one sleeps: 70 + 0",
            "killed: true",
            "told: true",
            "repaired: 70 + 30",
            "after that: Left",
        ],
    );
}
