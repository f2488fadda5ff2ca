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
fn parent_child() {
    says(
        "parent_child",
        &["Err(EBADF)", "Err(EBADF)", "another:   HELLO"],
    );
}

#[test]
fn who_can() {
    says(
        "who_can",
        &["from a child", "from a grandchild", "whoever was sent it"],
    );
}

#[test]
fn byte_stream() {
    says(
        "byte_stream",
        &["onetwothree", "int erl ock", "Illegal seek"],
    );
}

#[test]
fn eof() {
    says(
        "eof",
        &[
            "\"one two \"",
            "a read would sleep",
            "nobody can write",
            "read gives                     0",
        ],
    );
}

#[test]
fn sigpipe() {
    says("sigpipe", &["Err(BrokenPipe)", "SIGPIPE", "Signal(13)"]);
}

#[test]
fn capacity() {
    says(
        "capacity",
        &[
            "write of 4097: Ok(4096)",
            "write of 1:          Err(EAGAIN)",
        ],
    );
}

#[test]
fn blocking() {
    says(
        "blocking",
        &[
            "sleeps in read",
            "ended",
            "sleeps in write",
            "ended",
            "for ever",
        ],
    );
}

/// That longer records tear is likely and not certain, so nothing is asked of the last line.
#[test]
fn atomicity() {
    let output = run("atomicity");
    for size in ["512", "4096"] {
        let line = output
            .lines()
            .find(|line| line.split_whitespace().next() == Some(size));
        let line: Vec<&str> = line.expect(size).split_whitespace().collect();
        assert_eq!(line, [size, "8000", "0"], "{output}");
    }
}
