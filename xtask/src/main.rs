//! Builds, executes and grades the labs.

mod grader;

fn main() {}
