//! The program `plumb`: what it prints, and its exit statuses.

use assert_cmd::Command;
use predicates::str::contains;

mod common;

fn plumb(arguments: &str) -> Command {
    let mut command = Command::new(common::example("plumb"));
    command.args(arguments.split_whitespace());
    command
}

#[test]
fn standard_input_goes_in_and_standard_output_comes_out() {
    plumb("tr a-z A-Z --pipe cat --pipe tr P p")
        .write_stdin("pipe\n")
        .assert()
        .success()
        .stdout("pIpE\n")
        .stderr("");
}

#[test]
fn the_status_is_that_of_the_last_command() {
    plumb("false --pipe true").assert().success();
    plumb("true --pipe false").assert().code(1);
    let mut signalled = plumb("true --pipe sh -c");
    signalled.arg("kill -TERM $$").assert().code(128 + 15);
}

#[test]
fn an_endless_writer_ends_with_its_reader() {
    plumb("yes --pipe head -n 1")
        .assert()
        .success()
        .stdout("y\n");
}

#[test]
fn what_cannot_be_executed_is_named() {
    plumb("cat --pipe no-such-program")
        .assert()
        .code(127)
        .stderr(contains("plumb: no-such-program: "));
    plumb("/etc/passwd")
        .assert()
        .code(126)
        .stderr(contains("/etc/passwd"));
}

#[test]
fn wrong_arguments_are_status_2() {
    for wrong in ["", "--pipe", "cat --pipe", "cat --pipe --pipe cat"] {
        plumb(wrong)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains("usage: plumb"));
    }
}
