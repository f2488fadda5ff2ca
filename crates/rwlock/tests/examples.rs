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
fn shared_mutex() {
    let output = run("shared_mutex");
    assert!(output.contains("Write data: 10"), "{output}");
    assert!(output.contains("Read data: "), "{output}");
}

#[test]
fn shared_timed_mutex() {
    says(
        "shared_timed_mutex",
        &["got in", "gave up", "got in", "gave up"],
    );
}

#[test]
fn starvation() {
    says(
        "starvation",
        &[
            "reader preference: the writer waited for",
            "phases:",
            "the writer wrote",
        ],
    );
}

#[test]
fn upgrade() {
    says("upgrade", &["deadlock", "replay", "look again: complete"]);
}

#[test]
fn recursive_read() {
    says(
        "recursive_read",
        &["got in", "would wait for ever", "dropped: 1"],
    );
}
