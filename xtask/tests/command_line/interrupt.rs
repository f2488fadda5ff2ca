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
    mkfifo(&fifo, Mode::S_IRWXU).unwrap();
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
    let student: u32 = fs::read_to_string(&fifo).unwrap().trim().parse().unwrap();
    assert!(Path::new(&format!("/proc/{student}")).exists());
    let pid = Pid::from_raw(i32::try_from(grading.id()).unwrap());
    kill(pid, Signal::SIGINT).unwrap();
    let status = grading.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    let mut words = String::new();
    io::Read::read_to_string(&mut grading.stderr.take().unwrap(), &mut words).unwrap();
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
