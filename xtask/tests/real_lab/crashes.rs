//! A panic is a wrong answer with a place, a signal is a crash with a name, and what cannot be
//! stepped is neither a pass nor a fail.

use crate::submission::{Place, Submission};

#[test]
fn panics_aborts_and_faults_are_told_apart() {
    let graded = Submission::that(&[
        (Place::Add, r#"    if n > 0 { panic!("seven") }"#),
        (
            Place::Bump,
            "    // SAFETY: there is none.\n    unsafe { std::ptr::null_mut::<u8>().write_volatile(1) }",
        ),
        (Place::Anonymous, "std::process::abort();"),
    ])
    .graded(&[]);
    graded.loses(&[
        ("every_interleaving", "failed"),
        ("exact_count", "crashed"),
        ("typed_errors", "crashed"),
        ("clean", "crashed"),
        ("anonymous_pair", "crashed"),
        ("private_cow", "passed"),
        ("any_offset", "passed"),
    ]);
    assert_eq!(graded.result["score"]["earned"], 35);
    assert!(
        graded
            .headline("every_interleaving")
            .contains("panicked at src/counter.rs:")
    );
    assert!(graded.headline("exact_count").contains("SIGSEGV"));
    assert!(graded.headline("clean").contains("SIGABRT"));
}

#[test]
fn a_crash_in_an_operation_has_its_name() {
    let graded = Submission::that(&[(Place::Add, "std::process::abort();")]);
    let graded = graded.graded(&["exact_count"]);
    graded.loses(&[
        ("every_interleaving", "crashed"),
        ("exact_count", "crashed"),
    ]);
}

#[test]
fn an_operation_that_starts_a_thread_earns_nothing() {
    let submission = Submission::that(&[(Place::Add, "std::thread::spawn(|| ()).join().ok();")]);
    let graded = submission.graded(&["every_interleaving"]);
    assert_eq!(graded.verdicts()["every_interleaving"], "failed");
    assert_eq!(graded.code, Some(1));
    submission.nothing_is_left();
}
