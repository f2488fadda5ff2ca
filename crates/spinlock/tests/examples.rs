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
fn notes() {
    says("notes", &["200000 of 200000"]);
}

#[test]
fn traffic() {
    says(
        "traffic",
        &[
            "Tas      1      0        1",
            "Tas      4",
            "Ttas     4",
            "Ticket   4      3        1",
        ],
    );
}

#[test]
fn one_cpu() {
    says("one_cpu", &["Tas", "Ttas", "Ticket"]);
}
