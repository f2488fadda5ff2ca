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
fn counting_semaphore() {
    let output = run("counting_semaphore");
    assert_eq!(
        output.matches("is accessing resource").count(),
        4,
        "{output}"
    );
    assert!(
        output.contains("3 inside") && !output.contains("4 inside"),
        "{output}"
    );
}

#[test]
fn connections() {
    says(
        "connections",
        &["opened:       3", "jobs served:              100"],
    );
}

#[test]
fn thread_pool() {
    says(
        "thread_pool",
        &["their sum 1275", "never more than 4 pending: true"],
    );
}

#[test]
fn big_and_small() {
    says(
        "big_and_small",
        &["3 units are free", "since it asked: 0", "had its turn: 1"],
    );
}

#[test]
fn one_by_one() {
    says(
        "one_by_one",
        &["deadlock", "replay", "both at once: complete"],
    );
}
