//! Daemons and floods: what a submission starts is ended and counted, what it prints is kept only
//! in part, and neither holds the grader up.

use crate::submission::{Place, Submission};

/// A process that outlives its parent, ignores SIGTERM, and keeps standard output open.
const DAEMON: &str = "
    // SAFETY: the child only makes calls that are allowed after a fork.
    unsafe {
        if libc::fork() == 0 {
            libc::setsid();
            libc::signal(libc::SIGTERM, libc::SIG_IGN);
            loop { libc::pause(); }
        }
    }";

/// 100 MB on standard output.
const FLOOD: &str = r#"
    {
        use std::io::Write;
        let (piece, mut out) = (vec![b'x'; 1_000_000], std::io::stdout().lock());
        for _ in 0..100 { out.write_all(&piece).expect("somebody reads"); }
    }"#;

/// More than a pipe holds, in one call.
const TALK: &str = r#"    print!("{}", "the counter is opened ".repeat(10_000));"#;

#[test]
fn daemons_are_ended_and_counted() {
    let graded = Submission::that(&[(Place::Bump, DAEMON), (Place::Anonymous, DAEMON)])
        .graded(&["exact_count", "typed_errors"]);
    graded.loses(&[
        ("exact_count", "leaked"),
        ("typed_errors", "leaked"),
        ("every_interleaving", "passed"),
    ]);
    // Three rounds of five programs.
    assert!(graded.headline("exact_count").starts_with("15 processes"));
}

#[test]
fn a_flood_is_read_and_thrown_away() {
    let graded = Submission::that(&[(Place::Bump, FLOOD), (Place::Anonymous, FLOOD)]);
    let graded = graded.graded(&["exact_count", "typed_errors"]);
    // What bump prints is its answer; what a driver prints is nobody's business.
    graded.loses(&[("exact_count", "failed"), ("typed_errors", "passed")]);
    let size = graded.result.to_string().len();
    assert!(size < 1_000_000, "a result of {size} bytes");
}

#[test]
fn a_right_counter_may_print_as_much_as_it_likes() {
    let submission = Submission::that(&[(Place::Open, TALK)]);
    let graded = submission.graded(&["every_interleaving"]);
    let why = graded.headline("every_interleaving");
    assert_eq!((graded.code, why), (Some(0), ""));
}
