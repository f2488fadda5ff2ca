//! The levels of isolation: what a submission gets does not depend on them, nor on how many checks
//! run at a time, and its compiler is held in the box as well.

use assert_cmd::Command;
use serde_json::Value;

use crate::submission::{Graded, Place, Submission, root};

/// Those that the machine has, by its own account.
fn levels() -> Vec<String> {
    let doctor = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["doctor", "--json"])
        .current_dir(root())
        .output();
    let told = doctor.expect("xtask starts").stdout;
    let told: Value = serde_json::from_slice(&told).expect("a diagnosis");
    let levels = told["levels"].as_array().expect("a list of levels");
    let can = levels.iter().filter(|level| level["why"].is_null());
    can.filter_map(|level| Some(level["level"].as_str()?.to_owned()))
        .collect()
}

/// A result without what differs from run to run: times, and figures about them.
fn timeless(mut result: Value) -> Value {
    fn forget(value: &mut Value) {
        match value {
            Value::Object(object) => {
                for key in [
                    "wall_ms",
                    "seconds",
                    "checks_built",
                    "measured",
                    "isolation",
                    "memory",
                ] {
                    object.remove(key);
                }
                object.values_mut().for_each(forget);
            }
            Value::Array(values) => values.iter_mut().for_each(forget),
            _ => {}
        }
    }
    forget(&mut result);
    result
}

fn at(submission: &Submission, level: &str) -> Graded {
    let graded = submission.graded_with(&["--isolation", level]);
    assert_eq!(graded.result["isolation"], level);
    graded
}

#[test]
fn every_level_says_the_same() {
    // Half of it is wrong, and a demo and a compiler's warning are there to be told.
    let submission = Submission::that(&[(Place::Add, "        let n = n + 1;")]);
    let graded = levels().into_iter().map(|level| at(&submission, &level));
    let mut told: Vec<Value> = graded.map(|graded| timeless(graded.result)).collect();
    assert!(!told.is_empty());
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
    let checks = told[0]["checks"].as_array().expect("a list of checks");
    let verdicts: Vec<&str> = checks
        .iter()
        .filter_map(|it| it["verdict"].as_str())
        .collect();
    assert!(
        verdicts.contains(&"failed") && verdicts.contains(&"passed"),
        "{verdicts:?}"
    );
}

#[test]
fn how_many_checks_run_at_a_time_changes_nothing() {
    let submission = Submission::that(&[(Place::Add, "        let n = n + 1;")]);
    let [one, four] = ["1", "4"].map(|jobs| submission.graded_at_a_time(jobs));
    assert_eq!(timeless(one.result), timeless(four.result));
}

#[test]
fn a_compiler_that_runs_into_a_limit_is_told_from_an_error() {
    let endless = "        const N: u64 = { let mut n = 0; while n < u64::MAX { n += 1; } n };\n        \
                   let n = n.min(N);";
    let submission = Submission::that(&[(Place::Add, endless)]);
    // Else the compiler refuses it by itself, after a while.
    submission.prefix("counter.rs", "#![allow(long_running_const_eval)]\n");
    let mistaken = Submission::text_of("counter.rs").replace("u64", "u63");
    for level in levels() {
        // A build outside a box has nobody to stop it.
        if level == "none" {
            continue;
        }
        let graded = at(&submission, &level);
        let build = &graded.result["build"];
        assert_eq!(build["outcome"], "compiler_stopped", "{level}: {build}");
        assert_eq!(
            (graded.code, &graded.result["score"]["earned"]),
            (Some(1), &Value::from(0))
        );
    }
    drop(submission);
    let submission = Submission::reference();
    submission.write("counter.rs", &mistaken);
    for level in levels() {
        let graded = at(&submission, &level);
        assert_eq!(
            graded.result["build"]["outcome"], "does_not_compile",
            "{level}"
        );
    }
}
