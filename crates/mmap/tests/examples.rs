//! Each example runs, and its output says what its header promises. Numbers that depend on the
//! machine are not looked at.

use std::fs;

mod common;

/// What the example prints; it must succeed and be silent on stderr.
fn run(name: &str) -> String {
    let done = assert_cmd::Command::new(common::example(name))
        .assert()
        .success()
        .stderr("");
    String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8")
}

/// Runs the example and looks for these pieces, in this order.
fn says(name: &str, pieces: &[&str]) {
    let output = run(name);
    let mut rest = output.as_str();
    for piece in pieces {
        let found = rest.split_once(piece);
        assert!(
            found.is_some(),
            "{name} does not say {piece:?} (in this place):\n{output}"
        );
        rest = found.map_or("", |(_, after)| after);
    }
}

#[test]
fn addr_hint() {
    says(
        "addr_hint",
        &[
            "taken place: mapped somewhere else",
            "NOREPLACE:      EEXIST",
        ],
    );
    says(
        "addr_hint",
        &["before MAP_FIXED:    120", "after MAP_FIXED:     0"],
    );
}

#[test]
fn anon_shared() {
    says(
        "anon_shared",
        &["in the parent: variable \"parent\", mapping \"child \""],
    );
}

#[test]
fn bsd_and_svr4() {
    says(
        "bsd_and_svr4",
        &[
            "MAP_ANONYMOUS: seen",
            "/dev/zero:     seen",
            "/dev/zero:  not seen",
            "not open: mapped",
        ],
    );
}

#[test]
fn demand_paging() {
    says(
        "demand_paging",
        &[
            "anonymous: 0 of 64",
            "10 pages touched",
            "cached file: 64 of 64",
        ],
    );
}

#[test]
fn device() {
    says(
        "device",
        &[
            "first byte is 0, 7 after a write, still 0 in another",
            "/dev/null: ENODEV",
        ],
    );
}

#[test]
fn disadvantages() {
    says(
        "disadvantages",
        &[
            "times as long as read",
            "it has 1 byte",
            "has 4 bytes now, the mapping 1",
        ],
    );
}

#[test]
fn four_kinds() {
    let output = run("four_kinds");
    let table: Vec<Vec<&str>> = output
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        table,
        [
            ["file", "shared", "yes", "yes"],
            ["file", "private", "no", "no"],
            ["anonymous", "shared", "yes", "-"],
            ["anonymous", "private", "no", "-"],
        ]
    );
}

#[test]
fn msync() {
    // Now and then the kernel writes the page back at that very moment, because somebody asked for
    // it.
    let as_promised = (0..5).any(|_| {
        let output = run("msync");
        let dirty: Vec<&str> = output
            .lines()
            .filter_map(|line| Some(line.split_once(':')?.1.trim()))
            .collect();
        assert_eq!(dirty.len(), 4, "{output}");
        dirty[0] == "0 KiB dirty" && dirty[1] != dirty[0] && dirty[2] == dirty[1]
    });
    assert!(as_promised, "MS_ASYNC should change nothing");
}

#[test]
fn one_byte() {
    says(
        "one_byte",
        &["before: hello, file\n", "after:  Hello, file\n"],
    );
}

#[test]
fn partial_munmap() {
    says(
        "partial_munmap",
        &["page 0: ok", "page 1: SIGSEGV", "page 2: ok"],
    );
    says(
        "partial_munmap",
        &[
            "page 1 again: ok",
            "byte of page 0: ok",
            "SIGSEGV",
            "EINVAL",
        ],
    );
}

#[test]
fn race() {
    // How much the race loses is luck; the exact counter never loses.
    let output = run("race");
    let rows: Vec<&str> = output
        .lines()
        .skip(1)
        .filter(|line| line.starts_with(' '))
        .collect();
    assert_eq!(rows.len(), 5, "{output}");
    for row in rows {
        assert!(row.ends_with("  0"), "{row}");
    }
}

#[test]
fn sigbus() {
    says(
        "sigbus",
        &[
            "first page: 0",
            "the file has 5 bytes",
            "second page: SIGBUS",
            "ends at byte",
        ],
    );
}

#[test]
fn traps() {
    says(
        "traps",
        &["is SIGBUS", "0 + 1 + 1 = 1", "is null: false", "is SIGSEGV"],
    );
}

#[test]
fn write_back() {
    says(
        "write_back",
        &[
            "read by another process: \"new\"",
            "not on the disk yet:",
            "after fsync",
        ],
    );
}

#[test]
fn every_example_has_a_test() {
    let this = include_str!("examples.rs");
    // `bump` has a file of tests of its own.
    let tested = |name: &str| name == "bump" || this.contains(&format!("fn {name}()"));
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "rs") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(tested(name), "{name}");
        }
    }
}
