//! Whatever is said beside the answers wins nothing: not on standard output, not on the channel on
//! which the check asks.

use crate::submission::{HIDDEN_EXIT, Place, Submission};

/// A test report and answers of the protocol, where nobody reads them.
const FRIENDLY_WORDS: &str = r#"
    println!("test result: ok. 6 passed; 0 failed\n7 ok 42\n1 ok 42\n0 ok ready");"#;

/// An answer to a question that may have been asked, on the channel itself.
const ANSWER: &str = r#"
    // SAFETY: eight bytes of a constant.
    unsafe { libc::write(3, b"7 ok 42\n".as_ptr().cast(), 8) };"#;

/// The same by way of /proc; whether that works or not, it is no answer. A path with the number in
/// it would be refused before the build.
const ANSWER_BY_NAME: &str = r#"
    use std::io::Write;
    let channel = std::fs::OpenOptions::new().write(true).open(format!("/proc/self/fd/{}", 3));
    channel.and_then(|mut channel| channel.write_all(b"7 ok 42\n")).ok();"#;

/// A mark of the driver's, which only says where an operation begins and ends.
const MARK: &str = r#"
    // SAFETY: no bytes are written.
    unsafe { libc::write(3, b"".as_ptr().cast(), 0) };"#;

#[test]
fn friendly_words_on_standard_output_win_nothing() {
    let words = format!("{FRIENDLY_WORDS}{HIDDEN_EXIT}");
    let places = [(Place::Range, &*words), (Place::Bump, &*words)];
    let graded = Submission::that(&places).graded(&[]);
    graded.loses(&[
        ("exact_count", "failed"),
        ("every_interleaving", "exited_early"),
        ("private_cow", "exited_early"),
        ("any_offset", "exited_early"),
        ("typed_errors", "exited_early"),
        ("clean", "exited_early"),
        // It needs neither a range nor the program.
        ("anonymous_pair", "passed"),
    ]);
    assert_eq!(graded.result["score"]["earned"], 10);
}

#[test]
fn an_answer_that_nobody_asked_for_is_a_failure() {
    let graded = Submission::that(&[(Place::Range, ANSWER)]).graded(&[]);
    graded.loses(&[
        ("every_interleaving", "failed"),
        ("private_cow", "failed"),
        ("any_offset", "failed"),
        ("typed_errors", "failed"),
        ("clean", "failed"),
    ]);
    let why = graded.headline("any_offset");
    assert_eq!(why, "an answer that nobody asked for: 7 ok 42");
}

#[test]
fn the_channel_cannot_be_answered_by_its_name() {
    let answer = format!("{ANSWER_BY_NAME}{HIDDEN_EXIT}");
    let graded = Submission::that(&[(Place::Range, &answer)]).graded(&["any_offset"]);
    graded.loses(&[("any_offset", "exited_early")]);
}

#[test]
fn answers_and_marks_within_an_operation_are_noticed() {
    for forged in [ANSWER, MARK] {
        let graded = Submission::that(&[(Place::Add, forged)]).graded(&["every_interleaving"]);
        graded.loses(&[("every_interleaving", "failed")]);
    }
}
