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
fn print_message() {
    says("print_message", &["Thread is notified! ready is true"]);
}

#[test]
fn lost() {
    says("lost", &["deadlock", "replay", "read before: complete"]);
}

#[test]
fn if_vs_while() {
    says(
        "if_vs_while",
        &["if: panic", "there is nothing to pop", "while: complete"],
    );
}

#[test]
fn wrong_side() {
    says(
        "wrong_side",
        &["notify_one: deadlock", "notify_all: complete"],
    );
}

#[test]
fn any_lock() {
    let output = run("any_lock");
    assert_eq!(
        output.matches("a reader sees version 1").count(),
        3,
        "{output}"
    );
}
