//! Verification: known answers that do not get what they are kept for are told.

use std::fs;

use predicates::{prelude::PredicateBooleanExt, str::contains};
use serde_json::Value;

use crate::course::Course;

#[test]
fn a_good_lab_verifies() {
    let course = Course::new();
    let verified = course.xtask(&["verify"]).assert().code(0);
    verified
        .stdout(contains("wrong answers caught 2 of 2").and(contains("right answers 1 of 1")))
        .stdout(contains("0 unexpected"));
}

#[test]
fn repetitions_are_counted_beside_busy_loops() {
    let course = Course::new();
    let output = course
        .xtask(&["verify", "7", "--repeat", "3", "--load", "2", "--json"])
        .output();
    let output = output.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("round 3 of 3: 6 runs, 0 unexpected"),
        "{told}"
    );
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let answers = result["labs"][0]["answers"].as_array().unwrap();
    let wrong = answers
        .iter()
        .find(|answer| answer["name"] == "wrong/one-more")
        .unwrap();
    // Only the check that it must fail is run.
    assert_eq!(wrong["checks"].as_array().unwrap().len(), 1);
    assert_eq!(wrong["checks"][0]["verdicts"]["failed"], 3);
    assert_eq!(
        result["labs"][0]["summary"]["runs"],
        2 + 3 * (2 + 2 + 1 + 1)
    );
    assert_eq!(
        (result["good"].as_bool(), output.status.code()),
        (Some(true), Some(0))
    );
}

#[test]
fn a_wrong_answer_that_passes_is_told() {
    let course = Course::new();
    course.edit(
        "labs/07-pair/wrong/one-more.patch",
        "+    a + b + 1",
        "+    b + a",
    );
    let verified = course.xtask(&["verify", "7"]).assert().code(1);
    verified.stdout(contains("FAIL    wrong/one-more").and(contains("adds is passed 1 of 1")));
}

#[test]
fn one_check_is_run_on_the_answers_that_it_decides() {
    let course = Course::new();
    let verified = course.xtask(&["verify", "7", "--check", "adds"]).assert();
    verified.code(0).stdout(
        contains("wrong/one-more")
            .and(contains("adds"))
            .and(contains("largest").not()),
    );
    let mut unknown = course.xtask(&["verify", "7", "--check", "subtracts"]);
    unknown
        .assert()
        .code(2)
        .stderr(contains("no check `subtracts`"));
}

#[test]
fn a_right_answer_that_loses_points_is_told() {
    let course = Course::new();
    course.edit(
        "labs/07-pair/right/wrapping/src/sum.rs",
        "wrapping_add",
        "wrapping_sub",
    );
    let verified = course.xtask(&["verify", "7"]).assert().code(1);
    verified.stdout(contains("FAIL    right/wrapping").and(contains("it earns 40 of 100")));
}

#[test]
fn a_starter_with_full_marks_is_told() {
    let course = Course::new();
    for file in ["src/sum.rs", "src/largest.rs"] {
        course.write(
            &format!("labs/07-pair/{file}"),
            &course.read(&format!("crates/pair/{file}")),
        );
    }
    let verified = course.xtask(&["verify", "7"]).assert().code(1);
    verified.stdout(contains("FAIL    starter").and(contains("it earns full marks")));
}

#[test]
fn papers_and_wrong_answers_must_be_complete() {
    let course = Course::new();
    fs::remove_file(course.path("labs/07-pair/README.zh-CN.md")).unwrap();
    fs::remove_file(course.path("labs/07-pair/wrong/one-more.patch")).unwrap();
    course.write(
        "labs/07-pair/README.md",
        "See [the map](map.svg) and `src/none.rs`.\n",
    );
    let verified = course.xtask(&["verify", "7"]).assert().code(1);
    verified
        .stdout(contains("labs/07-pair/README.zh-CN.md is missing"))
        .stdout(contains(
            "labs/07-pair/lab.toml:9: no wrong answer is kept that must fail `adds`",
        ))
        .stdout(contains("labs/07-pair/README.md:1: there is no map.svg"))
        .stdout(contains(
            "labs/07-pair/README.md:1: there is no src/none.rs",
        ));
}

#[test]
fn patches_are_carried_over_where_they_still_fit() {
    let course = Course::new();
    let moved = "//! Adds.\n\n\n\n";
    let sum = course.read("crates/pair/src/sum.rs");
    course.write("crates/pair/src/sum.rs", &format!("{moved}{sum}"));
    course.edit(
        "crates/pair/src/largest.rs",
        "if a > b { a } else { b }",
        "a.max(b)",
    );
    course
        .xtask(&["verify", "7"])
        .assert()
        .code(1)
        .stdout(contains("no longer fits"));

    let carried = course
        .xtask(&["verify", "7", "--rebase-patches"])
        .assert()
        .code(1);
    carried
        .stdout(contains("rewritten  labs/07-pair/wrong/one-more.patch"))
        .stdout(contains(
            "FAIL       labs/07-pair/wrong/smallest.patch: it no longer fits",
        ));
    let patch = course.read("labs/07-pair/wrong/one-more.patch");
    assert!(
        patch.starts_with("what: adds one more\nfails: adds\n"),
        "{patch}"
    );
    assert!(patch.contains("@@ -3,5 +3,5 @@"), "{patch}");
    let only = ["verify", "7", "--only", "one-more"];
    course
        .xtask(&only)
        .assert()
        .code(0)
        .stdout(contains("PASS    wrong/one-more"));
}
