//! To end early, with whatever words, is no answer. The rules refuse a plain `exit` before the build;
//! that nothing rests on them shows with one that they do not see.

use crate::submission::{HIDDEN_EXIT, Place, Submission};

#[test]
fn a_plain_exit_is_refused_by_line_but_not_in_the_program() {
    let exit = "std::process::exit(0);";
    let submission = Submission::that(&[(Place::Add, exit), (Place::Bump, exit)]);
    let graded = submission.graded(&[]);
    assert_eq!(graded.code, Some(1));
    assert_eq!(graded.result["score"]["earned"], 0);
    let findings = graded.result["build"]["findings"].as_array();
    let findings = findings.expect("a list of findings");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["what"], "`std::process::exit`");
    assert_eq!(findings[0]["place"]["file"], "src/counter.rs");
}

#[test]
fn an_exit_in_add_costs_what_needs_add() {
    let graded = Submission::that(&[(Place::Add, HIDDEN_EXIT)]).graded(&[]);
    graded.loses(&[
        ("exact_count", "failed"),
        ("every_interleaving", "exited_early"),
        ("size_before_touch", "exited_early"),
        ("private_cow", "passed"),
        ("anonymous_pair", "passed"),
        ("descriptor_not_needed", "passed"),
        ("mmap_refused", "passed"),
        ("sync", "passed"),
        ("any_offset", "passed"),
        ("typed_errors", "passed"),
        ("clean", "passed"),
    ]);
    assert_eq!(graded.result["score"]["earned"], 65);
}

#[test]
fn an_exit_in_range_costs_everything() {
    let graded = Submission::that(&[(Place::Range, HIDDEN_EXIT)]).graded(&[]);
    graded.loses(&[
        ("exact_count", "failed"),
        ("every_interleaving", "exited_early"),
        ("size_before_touch", "exited_early"),
        ("descriptor_not_needed", "exited_early"),
        ("mmap_refused", "exited_early"),
        ("sync", "exited_early"),
        // It needs no range.
        ("anonymous_pair", "passed"),
        ("private_cow", "exited_early"),
        ("any_offset", "exited_early"),
        ("typed_errors", "exited_early"),
        ("clean", "exited_early"),
    ]);
    assert_eq!(graded.result["score"]["earned"], 10);
    assert!(graded.headline("any_offset").contains("exited with code 0"));
}

#[test]
fn an_exit_of_the_program_is_no_count() {
    let graded = Submission::that(&[(Place::Bump, "std::process::exit(0);")]);
    let graded = graded.graded(&["exact_count"]);
    graded.loses(&[("exact_count", "failed"), ("every_interleaving", "passed")]);
    assert!(graded.headline("exact_count").contains("it printed \"\""));
}
