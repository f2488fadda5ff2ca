//! Every mistake of a user has a message of its own, which names the file or the option, and the
//! exit code 2.

use std::{fs, os::unix::fs::symlink};

use predicates::{prelude::PredicateBooleanExt, str::contains};

use crate::course::Course;

const MANIFEST: &str = "labs/07-pair/lab.toml";
const PACKAGE: &str = "labs/07-pair/Cargo.toml";
const CHECKS: &str = "labs/07-pair/tests/checks.rs";

/// Runs `lab 7 …`, which must fail with the exit code 2 and a message that holds all of `words`.
fn refused(course: &Course, arguments: &[&str], words: &[&str]) {
    let all = [&["lab", "7"], arguments].concat();
    let mut refused = course.xtask(&all).assert().code(2);
    for word in words {
        refused = refused.stderr(contains(*word));
    }
}

#[test]
fn an_unknown_lab_brings_the_nearest_names() {
    let course = Course::new();
    let refused = course.xtask(&["lab", "pear"]).assert().code(2).stdout("");
    refused.stderr(contains("no lab `pear`").and(contains("Did you mean `7 pair`?")));
    course
        .xtask(&["lab", "8"])
        .assert()
        .code(2)
        .stderr(contains("cargo xtask list"));
    course
        .xtask(&["verify", "pear"])
        .assert()
        .code(2)
        .stderr(contains("7 pair"));
}

#[test]
fn a_missing_file_is_named_with_its_folder() {
    let course = Course::new();
    let folder = course.submission();
    fs::remove_file(folder.join("src/sum.rs")).unwrap();
    let words = ["src/sum.rs is missing in handed-in", "src/largest.rs"];
    refused(&course, &["--submission", "handed-in"], &words);
    fs::remove_file(course.path("labs/07-pair/src/sum.rs")).unwrap();
    refused(&course, &[], &["src/sum.rs is missing in labs/07-pair"]);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    refused(
        &Course::new(),
        &["--submission", "nowhere"],
        &["nowhere", "--submission"],
    );
}

#[test]
fn a_file_of_another_name_is_not_guessed_at() {
    let course = Course::new();
    course.write("answer.rs", "");
    let words = [
        "answer.rs is not one of the files",
        "src/sum.rs, src/largest.rs",
    ];
    refused(&course, &["--submission", "answer.rs"], &words);
}

#[test]
fn what_cannot_be_read_as_text_is_told_apart() {
    let course = Course::new();
    let folder = course.submission();
    let sum = folder.join("src/sum.rs");
    let arguments = ["--submission", "handed-in"];

    fs::write(&sum, b"// caf\xe9\n").unwrap();
    refused(&course, &arguments, &["handed-in/src/sum.rs", "UTF-8"]);

    fs::remove_file(&sum).unwrap();
    fs::create_dir(&sum).unwrap();
    refused(&course, &arguments, &["handed-in/src/sum.rs is not a file"]);

    fs::remove_dir(&sum).unwrap();
    symlink("/etc/hostname", &sum).unwrap();
    refused(&course, &arguments, &["handed-in/src/sum.rs leads out"]);

    fs::remove_file(&sum).unwrap();
    fs::write(&sum, vec![b' '; (1 << 20) + 1]).unwrap();
    refused(
        &course,
        &arguments,
        &["handed-in/src/sum.rs is larger than 1 MiB"],
    );
}

#[test]
fn an_unknown_key_in_the_manifest_is_named_with_its_line() {
    let course = Course::new();
    course.edit(MANIFEST, "hours = 1", "hours = 1\nminutes = 3");
    refused(
        &course,
        &[],
        &["labs/07-pair/lab.toml:6: unknown field `minutes`"],
    );
    // Nothing else works on such a lab either.
    course
        .xtask(&["verify"])
        .assert()
        .code(2)
        .stderr(contains("lab.toml:6"));
}

#[test]
fn points_that_do_not_add_up_are_told_with_their_line() {
    let course = Course::new();
    course.edit(MANIFEST, "points = 40", "points = 30");
    refused(
        &course,
        &[],
        &["labs/07-pair/lab.toml:21: ", "add up to 90"],
    );
}

#[test]
fn names_of_checks_must_match_both_ways() {
    let course = Course::new();
    course.edit(CHECKS, "    \"adds\",", "    \"subtracts\",");
    let words = [
        "labs/07-pair/lab.toml:9: there is no check `adds`",
        "labs/07-pair/tests/checks.rs:11: the check `subtracts` has no [[check]]",
    ];
    refused(&course, &[], &words);
}

#[test]
fn a_broken_package_says_how_to_get_it_back() {
    let course = Course::new();
    let good = course.read(PACKAGE);
    let back = "git checkout -- labs/07-pair/Cargo.toml";
    course.write(PACKAGE, &format!("{good}\nbroken = ["));
    refused(&course, &[], &[PACKAGE, "line 17", back]);
    // Good TOML, but cargo knows no such package.
    course.write(
        PACKAGE,
        &format!("{good}\n[dependencies]\nnothing.workspace = true\n"),
    );
    refused(&course, &[], &[PACKAGE, back]);
    refused(&course, &["--reference"], &[PACKAGE, back]);
}

#[test]
fn requests_that_do_not_fit_are_explained() {
    let course = Course::new();
    refused(
        &course,
        &["--check", "add"],
        &["no check `add`", "adds, finds_largest"],
    );
    refused(&course, &["--replay", "58"], &["--check"]);
    refused(
        &course,
        &["--format", "json", "--format", "terminal"],
        &["standard output"],
    );
    refused(&course, &["--format", "xml"], &["no format `xml`"]);
    refused(
        &course,
        &["--reference", "--submission", "x"],
        &["--submission"],
    );
    refused(&course, &["--format", "json=/dev/null/x"], &["/dev/null/x"]);
}
