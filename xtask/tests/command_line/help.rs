//! What the program says of itself, and of where the user stands.

use predicates::str::contains;

use crate::course::Course;

#[test]
fn help_has_examples_and_exit_codes() {
    let course = Course::new();
    let help = course.xtask(&["--help"]).assert().code(0);
    help.stdout(contains("cargo xtask lab 12"))
        .stdout(contains("Exit codes:"));
}

#[test]
fn the_version_is_told() {
    let course = Course::new();
    let version = concat!("cargo xtask ", env!("CARGO_PKG_VERSION"));
    course
        .xtask(&["--version"])
        .assert()
        .code(0)
        .stdout(contains(version));
}

#[test]
fn without_a_command_the_next_step_is_told() {
    let course = Course::new();
    course
        .xtask(&[])
        .assert()
        .code(0)
        .stdout(contains("cargo xtask lab 7"));
}

#[test]
fn the_list_speaks_the_language_asked_for() {
    let course = Course::new();
    course
        .xtask(&["list"])
        .assert()
        .code(0)
        .stdout(contains("a pair of numbers"));
    course
        .xtask(&["list", "--lang", "zh"])
        .assert()
        .code(0)
        .stdout(contains("一对数"));
}

#[test]
fn hints_come_layer_by_layer() {
    let course = Course::new();
    let first = course.xtask(&["hint", "7", "adds"]).assert().code(0);
    first
        .stdout(contains("Hint 1 of 2"))
        .stdout(predicates::str::contains("It is `+`").count(0));
    course
        .xtask(&["hint", "7", "adds"])
        .assert()
        .code(0)
        .stdout(contains("It is `+`"));
}

#[test]
fn a_mistake_on_the_command_line_is_wrong_usage() {
    let course = Course::new();
    for wrong in [
        &["lab"][..],
        &["lab", "7", "--jobs", "0"],
        &["grades"],
        &["list", "--lang", "fr"],
    ] {
        course.xtask(wrong).assert().code(2);
    }
}
