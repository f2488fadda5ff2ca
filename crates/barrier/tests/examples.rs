//! Each example runs, and its output says what its header promises. Numbers that depend on the
//! machine are not looked at.

mod common;

/// What the example prints; it must succeed and be silent on stderr.
fn run(name: &str) -> String {
    let done = assert_cmd::Command::new(common::example(name))
        .assert()
        .success()
        .stderr("");
    String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8")
}

/// Runs the example and looks for these pieces, in this order.
fn says(name: &str, pieces: &[&str]) {
    let output = run(name);
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
fn phase_work() {
    let output = run("phase_work");
    let (before, after) = output.split_once("all are here\n").expect(&output);
    assert_eq!(before.matches("completed phase 1.").count(), 3, "{output}");
    assert_eq!(after.matches("started phase 2.").count(), 3, "{output}");
}

#[test]
fn latch() {
    says("latch", &["4 of 4 are ready"]);
}

#[test]
fn jacobi() {
    says("jacobi", &["cells that differ: 0 of 402"]);
}

#[test]
fn out() {
    says(
        "out",
        &[
            "the others met 3 times",
            "Err(Broken)",
            "Err(Broken)",
            "Err(Broken)",
        ],
    );
}

#[test]
fn overtaking() {
    says(
        "overtaking",
        &[
            "waiting for the count:",
            "spins for ever",
            "replay",
            "one turnstile:",
            "replay",
        ],
    );
}
