//! What a machine can grade, as a user is told. What is lacking here differs from machine to
//! machine, so these tests take something away, or look only at what is always there.

use assert_cmd::Command;
use predicates::{prelude::PredicateBooleanExt, str::contains};
use serde_json::Value;

use crate::course::Course;

#[test]
fn a_course_whose_checks_need_nothing_can_be_graded_anywhere() {
    let course = Course::new();
    let told = course.xtask(&["doctor"]).assert().code(0);
    told.stdout(contains("Level").and(contains("all of 1 lab can be graded")))
        .stderr("");
    let told = course.xtask(&["doctor", "--lang", "zh"]).assert().code(0);
    told.stdout(contains("1 个实验全部可以评判"));
}

#[test]
fn programs_are_told_everything() {
    let course = Course::new();
    let output = course.xtask(&["doctor", "--json"]).output().unwrap();
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["schema"], "interlock/doctor/v1");
    assert_eq!(result["good"], true);
    let facts = result["facts"].as_array().unwrap();
    let names: Vec<&str> = facts.iter().filter_map(|it| it["name"].as_str()).collect();
    let all = [
        "kernel",
        "cores",
        "page_size",
        "ptrace",
        "user_namespaces",
        "landlock",
        "cgroup",
        "mqueue",
    ];
    assert_eq!(names, all);
    for fact in facts {
        for key in ["found", "effect", "limits", "remedy"] {
            assert!(fact.get(key).is_some(), "{key} of {fact}");
        }
    }
    let page = include_str!("../../../docs/result-format.md");
    let (_, page) = page.split_once("## The doctor's document").unwrap();
    for document in [&result, &result["levels"][0], &facts[0], &result["labs"][0]] {
        for key in document.as_object().unwrap().keys() {
            assert!(page.contains(&format!("`{key}`")), "the book lacks {key}");
        }
    }
    // Whatever else fails, limits alone can always be had.
    let levels = result["levels"].as_array().unwrap();
    let none = levels.iter().find(|it| it["level"] == "none").unwrap();
    assert!(none["why"].is_null(), "{none}");
    assert_eq!(result["labs"][0]["points"], 100);
}

#[test]
fn a_check_that_needs_a_tracer_is_missed_where_there_is_none() {
    let course = Course::new();
    course.edit(
        "labs/07-pair/lab.toml",
        "kind = \"property\"",
        "kind = \"step\"",
    );
    let told = without_tracer(&course, "").assert().code(1);
    told.stdout(contains("LACKING").and(contains("lab 7 without finds_largest: 60 of 100")));
    let output = without_tracer(&course, "--json").output().unwrap();
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(result["good"], false);
    assert_eq!(result["labs"][0]["ungradable"][0], "finds_largest");
}

/// `doctor` with so few descriptors that no process can be started under a tracer.
fn without_tracer(course: &Course, argument: &str) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -n 64 && exec \"$XTASK\" doctor {argument}");
    command
        .args(["-c", &script])
        .current_dir(course.path(""))
        .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
        .env("CARGO_MANIFEST_DIR", course.path("xtask"))
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1");
    command
}

#[test]
fn other_hosts_are_told_of_with_commands_to_copy() {
    let course = Course::new();
    for lang in ["en", "zh"] {
        let actions = ["doctor", "--for", "actions", "--lang", lang];
        let told = course.xtask(&actions).assert().code(0);
        told.stdout(contains(
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\n",
        ));
        let gradescope = ["doctor", "--for", "gradescope", "--lang", lang];
        let told = course.xtask(&gradescope).assert().code(0);
        told.stdout(contains("/autograder/submission").and(contains("sh.rustup.rs")));
    }
    course.xtask(&["doctor", "--for", "mars"]).assert().code(2);
    course
        .xtask(&["doctor", "--for", "actions", "--json"])
        .assert()
        .code(2);
}
