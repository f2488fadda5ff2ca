//! What a student sees: the starter, compiler errors, and the interleaving that loses an update.

use std::fs;

use predicates::{
    prelude::PredicateBooleanExt,
    str::{contains, is_match},
};

use crate::submission::{Place, Submission, root};

/// The words of Rust's own panic message; a report shows none of them.
const PANIC_DUMP: [&str; 3] = ["thread 'main'", "RUST_BACKTRACE", "interlock: panic"];

/// The block of a report that begins with this label and title, up to the next label.
fn block<'a>(report: &'a str, title: &str) -> Vec<&'a str> {
    let labelled = |line: &&str| !line.is_empty() && !line.starts_with(' ');
    let begins = |line: &&str| labelled(line) && line.contains(title);
    let mut lines = report.lines().skip_while(|line| !begins(line));
    let first = lines
        .next()
        .unwrap_or_else(|| panic!("no {title}: {report}"));
    std::iter::once(first)
        .chain(lines.take_while(|line| !labelled(line)))
        .collect()
}

/// What `cargo xtask lab 12` says of the load-then-store counter.
fn load_then_store(arguments: &[&str]) -> String {
    let here = Submission::reference();
    let patch = root().join("labs/12-mmap/wrong/load-then-store.patch");
    let mut xtask = here.xtask_on(&patch);
    xtask.args(["--check", "every_interleaving", "--seed", "4177"]);
    let output = xtask.args(arguments).assert().code(1).get_output().clone();
    here.nothing_is_left();
    String::from_utf8(output.stdout).expect("a report in UTF-8")
}

#[test]
fn an_untouched_starter_is_a_table_of_what_to_write() {
    let submission = Submission::reference();
    for file in ["map.rs", "counter.rs", "bump.rs"] {
        submission.write(file, &starter(file));
    }
    let mut report = submission.xtask(&[]).assert().code(1);
    for function in ["Map::range", "Counter::open", "bump"] {
        report = report.stdout(contains(function));
    }
    report = report.stdout(contains("not written yet").and(contains("0 of 100")));
    for words in PANIC_DUMP {
        report = report.stdout(contains(words).not());
    }
    let lines = report
        .get_output()
        .stdout
        .split(|byte| *byte == b'\n')
        .count();
    assert!(lines <= 60, "{lines} lines");
    submission.nothing_is_left();
}

/// A file of the starter; where a student has begun, git still has it.
fn starter(file: &str) -> String {
    let path = format!("labs/12-mmap/src/{file}");
    let text = fs::read_to_string(root().join(&path)).expect("a file of the lab");
    if text.contains("todo!()") {
        return text;
    }
    let git = |arguments: &[&str]| {
        let mut git = assert_cmd::Command::new("git");
        let said = git.args(arguments).current_dir(root()).output();
        String::from_utf8(said.expect("git starts").stdout).expect("UTF-8")
    };
    // Students commit what they hand in, and not the rest of the lab.
    let commit = git(&["log", "-1", "--format=%H", "--", "labs/12-mmap/lab.toml"]);
    git(&["show", &format!("{}:{path}", commit.trim())])
}

#[test]
fn a_compiler_error_names_the_students_file() {
    let submission = Submission::that(&[(Place::Add, r#"        let five: u8 = "five";"#)]);
    let path = submission.path("counter.rs");
    submission
        .xtask(&[])
        .assert()
        .code(1)
        .stdout(contains("E0308").and(contains(format!("--> {}:", path.display()))));
    submission.nothing_is_left();
}

#[test]
fn a_lost_update_is_shown_step_by_step() {
    let report = load_then_store(&[]);
    let block = block(&report, "every interleaving");
    let text = block.join("\n");
    assert!(block.len() <= 25, "{} lines:\n{text}", block.len());
    assert!(
        block.iter().all(|line| line.chars().count() <= 100),
        "{text}"
    );
    assert!(text.contains("an update is lost"), "{text}");
    assert!(
        text.contains("process A") && text.contains("process B"),
        "{text}"
    );
    // A reads, B reads and writes, A writes over it.
    let position = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("no {words}:\n{text}"))
    };
    assert!(position("reads") < position("B runs"), "{text}");
    let marked: Vec<&&str> = block.iter().filter(|line| line.contains("<--")).collect();
    assert_eq!(marked.len(), 1, "{text}");
    assert!(
        marked[0].contains("counter.rs:") && marked[0].contains("writes"),
        "{text}"
    );
}

#[test]
fn the_same_report_in_chinese_is_chinese() {
    let report = load_then_store(&["--lang", "zh"]);
    for words in ["丢失了一次更新", "进程 A", "进程 B", "读到", "写入", "得分"] {
        assert!(report.contains(words), "{words}: {report}");
    }
    let english = is_match(r"\b(lost|reads|writes|process|Score)\b").expect("a pattern");
    let block = block(&report, "所有交错").join("\n");
    assert!(!predicates::Predicate::eval(&english, &block), "{block}");
}
