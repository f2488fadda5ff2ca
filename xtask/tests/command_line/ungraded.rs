//! What becomes of a score if a check cannot be judged.

use predicates::{prelude::PredicateBooleanExt, str::contains};
use serde_json::Value;

use crate::course::Course;

/// A course in which a check of 40 points can never be judged; of the student's own files, the one
/// for that check is written.
fn course() -> Course {
    let course = Course::new();
    course.edit(
        "labs/07-pair/lab.toml",
        "requires = [\"finds_largest\"]\n",
        "",
    );
    course.edit(
        "labs/07-pair/tests/checks.rs",
        "judge(&driver, \"largest\", \"40\", \"2\", \"40\")",
        "judge(&driver, \"largest\", \"40\", \"2\", \"40\").replace(\"passed\", \"not_graded\")",
    );
    course.submission();
    let largest = course.read("crates/pair/src/largest.rs");
    course.write("labs/07-pair/src/largest.rs", &largest);
    course
}

fn graded(course: &Course, arguments: &[&str]) -> (Value, Option<i32>) {
    let all = [&["lab", "7", "--format", "json"], arguments].concat();
    let output = course.xtask(&all).output().expect("xtask starts");
    let result = serde_json::from_slice(&output.stdout).expect("a result in JSON");
    (result, output.status.code())
}

const HANDED_IN: [&str; 2] = ["--submission", "handed-in"];

#[test]
fn what_somebody_handed_in_gets_a_score_of_everything_or_none() {
    let course = course();
    let (result, code) = graded(&course, &HANDED_IN);
    assert_eq!(code, Some(3));
    assert!(result["score"].is_null(), "{result}");
    assert_eq!(result["ungraded"]["policy"], "refuse");
    assert_eq!(result["ungraded"]["points"], 40);
    assert_eq!(result["ungraded"]["checks"][0], "finds_largest");
    let all = [&["lab", "7"], &HANDED_IN[..]].concat();
    let told = course.xtask(&all).assert().code(3);
    told.stdout(contains("none: 40 of 100 points").and(contains("cargo xtask doctor")))
        .stdout(contains("60 of").count(0));
}

#[test]
fn points_are_scaled_or_withheld_if_somebody_says_so() {
    let course = course();
    let (result, code) = graded(
        &course,
        &[&HANDED_IN[..], &["--ungraded", "scale"]].concat(),
    );
    assert_eq!((code, &result["score"]["scaled"]), (Some(0), &100.into()));
    assert_eq!(result["score"]["earned"], 60);
    let withhold = [&HANDED_IN[..], &["--ungraded", "withhold"]].concat();
    let (result, code) = graded(&course, &withhold);
    assert_eq!((code, &result["score"]["earned"]), (Some(0), &60.into()));
    assert_eq!(result["score"]["provisional"], true);
    course.edit("handed-in/src/sum.rs", "a + b", "a * b");
    let (result, code) = graded(
        &course,
        &[&HANDED_IN[..], &["--ungraded", "scale"]].concat(),
    );
    assert_eq!((code, &result["score"]["scaled"]), (Some(1), &0.into()));
}

#[test]
fn the_students_own_files_and_the_reference_are_told_what_could_be_graded() {
    let course = course();
    let (result, code) = graded(&course, &["--reference"]);
    assert_eq!((code, &result["score"]["gradable"]), (Some(0), &60.into()));
    assert_eq!(result["ungraded"]["policy"], "tell");
    let own = course.xtask(&["lab", "7"]).assert().code(1);
    own.stdout(contains("0 of 60 gradable points; 40 more"));
}

#[test]
fn require_all_is_another_name_for_refuse() {
    let course = course();
    let (result, code) = graded(&course, &["--reference", "--require-all"]);
    assert_eq!((code, result["score"].is_null()), (Some(3), true));
    let both = ["lab", "7", "--require-all", "--ungraded", "scale"];
    course.xtask(&both).assert().code(2);
}

#[test]
fn a_score_that_does_not_exist_is_not_remembered() {
    let course = course();
    course
        .xtask(&["lab", "7", "--require-all"])
        .assert()
        .code(3);
    assert!(!course.path(".interlock").exists());
}
