//! Questions on paper: the same seed gives the same one, and answers are for who asks for them.

use predicates::{prelude::PredicateBooleanExt, str::contains};

use crate::course::Course;

#[test]
fn a_question_is_printed_without_its_answer() {
    let course = Course::new();
    let asked = course
        .xtask(&["drill", "7", "--seed", "41"])
        .assert()
        .code(0);
    asked
        .stdout(contains("Given is 41.").and(contains("What is it plus one?")))
        .stdout(contains("Count on.").not());
    let solve = ["drill", "pair", "--seed", "41", "--solve", "--lang", "zh"];
    course
        .xtask(&solve)
        .assert()
        .code(0)
        .stdout(contains("往后数一个。"));
}

#[test]
fn a_class_gets_papers_of_their_own_and_a_key() {
    let course = Course::new();
    let file = course.path("papers.html");
    let format = format!("--format=html={}", file.display());
    let printed = course
        .xtask(&["drill", "7", "--sheet", "3", "--seed", "5", &format])
        .assert();
    printed.code(0).stdout("");
    let page = course.read("papers.html");
    for seed in 5..8 {
        assert!(page.contains(&format!("Given is {seed}.")), "{page}");
    }
    assert_eq!(page.matches("one more").count(), 3, "{page}");
}

#[test]
fn a_lab_without_questions_says_so() {
    let course = Course::new();
    let checks = "labs/07-pair/tests/checks.rs";
    course.edit(
        checks,
        "println!(\"[{}]\", papers.join(\",\"))",
        "println!(\"null{}\", &papers.join(\",\")[..0])",
    );
    let refused = course.xtask(&["drill", "7"]).assert().code(2);
    refused
        .stdout("")
        .stderr(contains("lab 07-pair has no questions on paper"));
    course
        .xtask(&["drill", "7", "--format", "pdf"])
        .assert()
        .code(2);
}
