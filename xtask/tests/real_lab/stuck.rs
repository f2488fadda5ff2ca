//! What never ends is ended, and told apart: *timed out* still ran (or waited for somebody outside),
//! *deadlocked* slept in a call that nobody was left to end.

use crate::submission::{Place, Submission};

/// So that the compiler does not know it.
const FOR_EVER: &str = "    if std::process::id() > 0 { loop {} }";

/// The channel's next question is the check's to wait with: it waits for an answer first.
const STEAL_THE_QUESTION: &str = r#"
    // The counter's own mapping is left alone.
    if len != 8 {
        // SAFETY: one byte, and there is room for one.
        unsafe { libc::read(3, [0_u8; 1].as_mut_ptr().cast(), 1) };
    }"#;

const LOCK_TWICE: &str = "
    let lock = std::sync::Mutex::new(0);
    let (_first, _second) = (lock.lock(), lock.lock());";

/// Not private, and yet nobody else knows the address.
const WAIT_FOR_NOBODY: &str = "
    let word = std::sync::atomic::AtomicU32::new(7);
    let for_ever = std::ptr::null::<libc::timespec>();
    // SAFETY: the word lives until the call returns, which it does not.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, 7, for_ever) };";

#[test]
fn what_runs_for_ever_is_timed_out() {
    let submission =
        Submission::that(&[(Place::Bump, FOR_EVER), (Place::Range, STEAL_THE_QUESTION)]);
    let graded = submission.graded(&["exact_count", "any_offset"]);
    graded.loses(&[
        ("exact_count", "timed_out"),
        ("any_offset", "timed_out"),
        ("every_interleaving", "passed"),
    ]);
}

#[test]
fn an_operation_that_runs_for_ever_is_timed_out() {
    let graded = Submission::that(&[(Place::Add, FOR_EVER)]).graded(&["every_interleaving"]);
    graded.loses(&[("every_interleaving", "timed_out")]);
}

#[test]
fn a_lock_taken_twice_is_a_deadlock() {
    let graded = Submission::that(&[(Place::Add, LOCK_TWICE)]).graded(&["exact_count"]);
    graded.loses(&[
        ("every_interleaving", "deadlocked"),
        ("exact_count", "deadlocked"),
    ]);
    for check in ["every_interleaving", "exact_count"] {
        assert!(graded.headline(check).contains("for ever in futex"));
    }
}

#[test]
fn a_program_that_nobody_wakes_is_a_deadlock() {
    let graded = Submission::that(&[(Place::Bump, WAIT_FOR_NOBODY)]).graded(&["exact_count"]);
    graded.loses(&[
        ("exact_count", "deadlocked"),
        ("every_interleaving", "passed"),
    ]);
}

#[test]
fn an_operation_that_nobody_wakes_is_a_deadlock() {
    let graded = Submission::that(&[(Place::Add, WAIT_FOR_NOBODY)]).graded(&["exact_count"]);
    graded.loses(&[
        ("every_interleaving", "deadlocked"),
        ("exact_count", "deadlocked"),
    ]);
}
