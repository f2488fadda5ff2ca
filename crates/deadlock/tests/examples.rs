//! Each example runs, and its output says what its header promises.

use std::fs;
use std::path::PathBuf;

/// `target/…/examples/NAME`, which cargo has built beside this test.
fn example(name: &str) -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    let profile = this
        .parent()
        .and_then(|deps| deps.parent())
        .expect("cargo's folders");
    profile.join("examples").join(name)
}

fn run(name: &str, arguments: &[&str]) -> String {
    let mut command = assert_cmd::Command::new(example(name));
    let done = command.args(arguments).assert().success().stderr("");
    String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8")
}

/// Looks for these pieces, in this order.
fn says(output: &str, pieces: &[&str]) {
    let mut rest = output;
    for piece in pieces {
        let found = rest.split_once(piece);
        assert!(found.is_some(), "{piece:?} is not in its place:\n{output}");
        rest = found.map_or("", |(_, after)| after);
    }
}

#[test]
fn four_conditions() {
    says(
        &run("four_conditions", &[]),
        &[
            "all four conditions: cycle Some([P(0), R(1), P(1), R(0), P(0)])",
            "deadlocked {0, 1}",
            "no mutual exclusion",
            "[0, 0]",
            "no hold and wait",
            "[0, 0]",
            "preemption",
            "[0, 0]",
            "no circular wait",
            "[0, 0]",
        ],
    );
}

#[test]
fn causes() {
    says(
        &run("causes", &[]),
        &[
            "one after the other: deadlocked {}",
            "switched in between: deadlocked {0, 1}",
            "one by one : deadlocked {0, 1}",
            "at once    : deadlocked {}",
            "Blocked, deadlocked {0}",
        ],
    );
}

#[test]
fn dot() {
    let output = run("dot", &[]);
    says(
        &output,
        &["nobody is deadlocked", "all are deadlocked", "killed"],
    );
    let red: Vec<usize> = output
        .split("//")
        .skip(1)
        .map(|one| one.matches("red").count())
        .collect();
    assert_eq!(red, [0, 3, 0], "{output}");
    let folder = std::env::temp_dir().join(format!("deadlock-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    run("dot", &[&folder.to_string_lossy()]);
    let pictures =
        ["before.svg", "after.svg"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
    fs::remove_dir_all(&folder).unwrap();
    let stuck = pictures.map(|picture| picture.matches("class=\"stuck\"").count());
    assert_eq!(stuck, [3, 0]);
}

#[test]
fn recovery() {
    says(
        &run("recovery", &[]),
        &[
            "deadlocked: {0, 1, 2}",
            "Killed(0)",
            "Killed(1)",
            "Killed(2)",
            "KillOneByOne",
            "Killed(1)",
            "Preempt",
            "Preempted { from: 1, r: 1, n: 1 }",
            "Rollback",
            "RolledBack(1)",
            "P1 holds [0, 0, 1], waits for [0, 0, 0]",
        ],
    );
}

#[test]
fn passed_over() {
    says(
        &run("passed_over", &[]),
        &[
            "Blocked",
            "passed over 1000 times, deadlocked {}",
            "served [0]",
        ],
    );
}

#[test]
fn every_example_has_a_test() {
    let this = include_str!("examples.rs");
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "rs") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(this.contains(&format!("fn {name}()")), "{name}");
        }
    }
}
