//! Grading real submissions: the score, the exit code, and what is remembered.

use std::{
    fs::File,
    time::{Duration, SystemTime},
};

use predicates::{prelude::PredicateBooleanExt, str::contains};
use serde_json::Value;

use crate::course::Course;

/// The result of a grading as JSON, and its exit code.
fn graded(course: &Course, arguments: &[&str]) -> (Value, Option<i32>) {
    let all = [&["lab", "7", "--format", "json"], arguments].concat();
    let output = course.xtask(&all).output().expect("xtask starts");
    let result = serde_json::from_slice(&output.stdout).expect("a result in JSON");
    (result, output.status.code())
}

fn verdict<'a>(result: &'a Value, check: &str) -> &'a str {
    let checks = result["checks"].as_array().expect("a list of checks");
    let found = checks
        .iter()
        .find(|found| found["name"] == check)
        .expect("the check");
    found["verdict"].as_str().expect("a verdict")
}

#[test]
fn an_untouched_starter_is_not_written_yet() {
    let course = Course::new();
    let graded = course.xtask(&["lab", "7"]).assert().code(1);
    graded
        .stdout(contains("not written yet").and(contains("sum::sum")))
        .stdout(contains("0 of 100"))
        .stderr("");
    assert!(
        course
            .read(".interlock/progress.json")
            .contains("\"07-pair\": 0")
    );
}

#[test]
fn number_name_and_folder_grade_the_same_lab() {
    let course = Course::new();
    for lab in ["7", "pair", "07-pair"] {
        let graded = course.xtask(&["lab", lab, "--reference"]).assert().code(0);
        graded.stdout(contains("100 of 100"));
    }
}

#[test]
fn a_folder_outside_of_the_lab_is_graded_and_not_remembered() {
    let course = Course::new();
    let folder = course.submission();
    let (result, code) = graded(&course, &["--submission", folder.to_str().unwrap()]);
    assert_eq!((code, verdict(&result, "adds")), (Some(0), "passed"));
    assert!(!course.path(".interlock").exists());
}

#[test]
fn only_the_listed_files_are_taken() {
    let course = Course::new();
    let folder = course.submission();
    course.write("handed-in/src/driver.rs", "fn main() { println!(\"42\") }");
    course.write("handed-in/build.rs", "fn main() { panic!() }");
    course.write("handed-in/Cargo.toml", "nonsense");
    course.edit("handed-in/src/sum.rs", "a + b", "a - b");
    let (result, code) = graded(&course, &["--submission", folder.to_str().unwrap()]);
    assert_eq!((code, verdict(&result, "adds")), (Some(1), "failed"));
}

#[test]
fn one_file_is_graded_with_the_rest_of_the_working_copy() {
    let course = Course::new();
    course.submission();
    let (result, code) = graded(&course, &["--submission", "handed-in/src/largest.rs"]);
    assert_eq!(
        (code, verdict(&result, "finds_largest")),
        (Some(1), "passed")
    );
    assert_eq!(result["todos"][0]["function"], "sum::sum");
}

#[test]
fn a_submission_with_an_old_date_is_not_mistaken_for_the_one_before() {
    let course = Course::new();
    let folder = course.submission();
    let arguments = ["--submission", folder.to_str().unwrap()];
    assert_eq!(graded(&course, &arguments).1, Some(0));
    course.edit("handed-in/src/sum.rs", "a + b", "a * b");
    let file = File::options()
        .write(true)
        .open(folder.join("src/sum.rs"))
        .unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000))
        .unwrap();
    let (result, code) = graded(&course, &arguments);
    assert_eq!((code, verdict(&result, "adds")), (Some(1), "failed"));
}

#[test]
fn a_pass_without_what_it_requires_is_withheld() {
    let course = Course::new();
    let (result, code) = graded(
        &course,
        &["--submission", "labs/07-pair/wrong/smallest.patch"],
    );
    assert_eq!((code, verdict(&result, "adds")), (Some(1), "passed"));
    assert_eq!(result["score"]["earned"], 0);
}

#[test]
fn to_leave_with_a_friendly_word_earns_nothing() {
    let course = Course::new();
    // Without this it would be refused before the build.
    let allowed = "\n[allow]\nexit = true\n\n[[check]]";
    course.edit("labs/07-pair/lab.toml", "\n[[check]]", allowed);
    let early = "pub fn sum(_: u64, _: u64) -> u64 {\n    eprintln!(\"test result: ok. 2 passed\");\n    std::process::exit(0)\n}\n";
    let folder = course.submission();
    course.write("handed-in/src/sum.rs", early);
    let (result, code) = graded(&course, &["--submission", folder.to_str().unwrap()]);
    assert_eq!((code, verdict(&result, "adds")), (Some(1), "exited_early"));
    assert_eq!(verdict(&result, "finds_largest"), "passed");
}

#[test]
fn compiler_errors_name_the_students_own_path() {
    let course = Course::new();
    course.edit("labs/07-pair/src/sum.rs", "todo!()", "\"five\"");
    let in_place = course.xtask(&["lab", "7"]).assert().code(1);
    in_place.stdout(contains("labs/07-pair/src/sum.rs:3").and(contains("E0308")));
    course.submission();
    course.edit("handed-in/src/sum.rs", "a + b", "\"five\"");
    let staged = course
        .xtask(&["lab", "7", "--submission", "handed-in"])
        .assert()
        .code(1);
    staged.stdout(contains("--> handed-in/src/sum.rs:2"));
}

#[test]
fn what_reaches_past_the_compiler_is_refused_unbuilt() {
    let course = Course::new();
    course.submission();
    course.write(
        "handed-in/src/sum.rs",
        "pub fn sum() { include!(\"/etc/passwd\") }\n",
    );
    let (result, code) = graded(&course, &["--submission", "handed-in"]);
    assert_eq!(code, Some(1));
    assert!(result.to_string().contains("include!"), "{result}");
}

#[test]
fn several_formats_are_written_at_once() {
    let course = Course::new();
    let formats = ["--format", "terminal", "--format", "json=out/result.json"];
    let all = [&["lab", "7", "--reference"][..], &formats].concat();
    course
        .xtask(&all)
        .assert()
        .code(0)
        .stdout(contains("100 of 100"));
    let result: Value = serde_json::from_str(&course.read("out/result.json")).unwrap();
    assert_eq!(result["score"]["earned"], 100);
}

#[test]
fn the_calls_of_the_demo_are_shown_or_drawn() {
    let course = Course::new();
    let mut shown = course.xtask(&["lab", "7", "--reference", "--trace"]);
    shown
        .assert()
        .code(0)
        .stdout(contains("Calls").and(contains("x exit 0")));
    let mut drawn = course.xtask(&["lab", "7", "--reference", "--trace=out/calls.html"]);
    drawn.assert().code(0).stdout(contains("Calls").not());
    let page = course.read("out/calls.html");
    assert!(page.contains("id=\"demo-0\""), "{page}");
    let mut nowhere = course.xtask(&["lab", "7", "--trace=/proc/calls.html"]);
    nowhere
        .assert()
        .code(2)
        .stderr(contains("/proc/calls.html"));
}

#[test]
fn the_best_score_stays_whatever_comes_after() {
    let course = Course::new();
    for file in ["src/sum.rs", "src/largest.rs"] {
        course.write(
            &format!("labs/07-pair/{file}"),
            &course.read(&format!("crates/pair/{file}")),
        );
    }
    course.xtask(&["lab", "7"]).assert().code(0);
    course.edit("labs/07-pair/src/sum.rs", "a + b", "a | b | 1");
    course
        .xtask(&["lab", "7"])
        .assert()
        .code(1)
        .stdout(contains("best so far"));
    assert!(
        course
            .read(".interlock/progress.json")
            .contains("\"07-pair\": 100")
    );
}

#[test]
fn a_check_without_a_record_is_the_graders_failure() {
    let course = Course::new();
    course.edit(
        "labs/07-pair/tests/checks.rs",
        "    tell(&record);",
        "    drop(record);",
    );
    course.edit(
        "labs/07-pair/tests/checks.rs",
        "fn tell(",
        "#[expect(dead_code)]\nfn tell(",
    );
    let (result, code) = graded(&course, &["--reference"]);
    assert_eq!((code, verdict(&result, "adds")), (Some(3), "grader_error"));
}

#[test]
fn checks_that_do_not_compile_are_the_graders_failure() {
    let course = Course::new();
    course.edit(
        "labs/07-pair/tests/checks.rs",
        "fn main() {",
        "fn main() { let x: u8 = \"\";",
    );
    let failed = course.xtask(&["lab", "7", "--reference"]).assert().code(3);
    failed.stdout(contains("checks.log"));
    let log = course.read("target/interlock/log/07-pair/checks.log");
    assert!(log.contains("E0308"), "{log}");
}

#[test]
fn a_starter_that_does_not_compile_does_not_stop_the_checks() {
    let course = Course::new();
    course.write("labs/07-pair/src/sum.rs", "not Rust");
    course.xtask(&["lab", "7", "--reference"]).assert().code(0);
}
