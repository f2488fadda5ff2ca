//! To end early, with whatever words, is no answer.

use crate::submission::{Place, Submission};

#[test]
fn an_exit_in_add_costs_what_needs_add() {
    let graded = Submission::that(&[(Place::Add, "std::process::exit(0);")]).graded(&[]);
    graded.loses(&[
        ("exact_count", "failed"),
        ("every_interleaving", "exited_early"),
        ("private_cow", "passed"),
        ("any_offset", "passed"),
        ("typed_errors", "passed"),
        ("clean", "passed"),
    ]);
    assert_eq!(graded.result["score"]["earned"], 55);
}

#[test]
fn an_exit_in_range_costs_everything() {
    let graded = Submission::that(&[(Place::Range, "std::process::exit(0);")]).graded(&[]);
    graded.loses(&[
        ("exact_count", "failed"),
        ("every_interleaving", "exited_early"),
        ("private_cow", "exited_early"),
        ("any_offset", "exited_early"),
        ("typed_errors", "exited_early"),
        ("clean", "exited_early"),
    ]);
    assert_eq!(graded.result["score"]["earned"], 0);
    assert!(graded.headline("any_offset").contains("exited with code 0"));
}

#[test]
fn an_exit_of_the_program_is_no_count() {
    let graded = Submission::that(&[(Place::Bump, "std::process::exit(0);")]);
    let graded = graded.graded(&["exact_count"]);
    graded.loses(&[("exact_count", "failed"), ("every_interleaving", "passed")]);
    assert!(graded.headline("exact_count").contains("it printed \"\""));
}
