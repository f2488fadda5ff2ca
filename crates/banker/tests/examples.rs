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

fn file(name: &str) -> String {
    format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn textbook() {
    let output = run("textbook", &[]);
    says(
        &output,
        &[
            "safe: P1 P3 P4 P0 P2",
            "P1 asks for ( 1  0  2)",
            "granted",
            "P4 asks for ( 3  3  0)",
            "must wait: only ( 2  3  0) is available",
            "P0 asks for ( 0  2  0)",
            "must wait: it is there, but afterwards",
            "unsafe",
        ],
    );
}

#[test]
fn state() {
    let output = run("state", &[&file("tape_drives.json")]);
    says(
        &output,
        &[
            "safe: P1 P0 P2",
            "P2 asks for ( 1)",
            "stuck",
            "unsafe",
            "P1 asks for ( 3)",
            "refused for ever: 3 of resource 0, but the claim leaves only 2",
            "must wait: only ( 3) is available",
        ],
    );
    assert_eq!(
        run("state", &[&file("textbook.toml")]),
        run("textbook", &[])
    );
}

#[test]
fn a_file_that_is_not_in_order_is_told_so() {
    let folder = std::env::temp_dir().join(format!("banker-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let ragged = folder.join("ragged.toml");
    let text = fs::read_to_string(file("textbook.toml")).unwrap();
    fs::write(&ragged, text.replace("[9, 0, 2]", "[9, 0]")).unwrap();
    let mut command = assert_cmd::Command::new(example("state"));
    let told = command.arg(&ragged).assert().failure();
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    fs::remove_dir_all(&folder).unwrap();
    assert!(told.contains("want: 3, got: 2"), "{told}");
}

#[test]
fn unsafe_is_not_deadlock() {
    says(
        &run("unsafe_is_not_deadlock", &[]),
        &[
            "safe sequence None",
            "Some([1, 0])",
            "Granted",
            "MustWait(NotAvailable)",
            "MustWait(NotAvailable)",
            "with the banker",
            "Granted",
            "MustWait(Unsafe)",
        ],
    );
}

#[test]
fn threads() {
    says(
        &run("threads", &[]),
        &["P0 was served", "P1 was served", "P2 was served"],
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
