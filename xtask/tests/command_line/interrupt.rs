//! Ctrl-C: everything that was started has gone, and the exit code says why.

use std::{
    fs, io,
    path::Path,
    process::{Child, Command, Stdio},
};

use nix::{
    sys::{
        signal::{Signal, kill},
        stat::Mode,
    },
    unistd::{Pid, mkfifo},
};

use crate::course::Course;

/// Grades a submission that tells its process number and then never ends, and interrupts that.
fn interrupted(arguments: &[&str]) {
    let course = Course::new();
    course.submission();
    let fifo = course.path("number");
    mkfifo(&fifo, Mode::S_IRWXU).expect("a FIFO can be made");
    let stuck = format!(
        "pub fn sum(_: u64, _: u64) -> u64 {{\n\
         \x20   std::fs::write({:?}, std::process::id().to_string()).unwrap();\n\
         \x20   loop {{}}\n\
         }}\n",
        fifo.display()
    );
    course.write("handed-in/src/sum.rs", &stuck);

    let mut grading = start(&course, arguments);
    // Opening a FIFO for reading waits until somebody opens it for writing.
    let student = fs::read_to_string(&fifo).expect("the student's process writes");
    let student: u32 = student.trim().parse().expect("the number of a process");
    assert!(Path::new(&format!("/proc/{student}")).exists());
    let pid = Pid::from_raw(i32::try_from(grading.id()).expect("a process number"));
    kill(pid, Signal::SIGINT).expect("the grading runs");
    let status = grading.wait().expect("the grading can be waited for");
    assert_eq!(status.code(), Some(130));
    let words = io::read_to_string(grading.stderr.take().expect("it is a pipe"));
    let words = words.expect("what it said");
    assert!(words.contains("interrupted"), "{words}");
    assert!(
        !Path::new(&format!("/proc/{student}")).exists(),
        "the student's process lives on"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "a signal needs the number of the process"
)]
fn start(course: &Course, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["lab", "7", "--submission", "handed-in"])
        .args(arguments)
        .current_dir(course.path(""))
        .env("CARGO_MANIFEST_DIR", course.path("xtask"))
        .env("CARGO_TARGET_DIR", course.path("target"))
        .env("LC_ALL", "C")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xtask starts")
}

#[test]
fn an_interrupted_demo_leaves_nothing_behind() {
    interrupted(&[]);
}

#[test]
fn an_interrupted_check_leaves_nothing_behind() {
    interrupted(&["--check", "adds"]);
}
