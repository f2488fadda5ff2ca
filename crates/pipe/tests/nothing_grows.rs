//! However many bytes and pipelines there were: no descriptor, no child and no memory is left of them.
//! One test at a time in a process of its own, since it counts what the process has.

use std::fs::{self, File};
use std::io::{self, Read};

use pipe::{Exit, PipeError, Pipeline, Stage, capture};

/// `"cat | wc -c"`, without a shell.
fn stages(written: &str) -> Vec<Stage> {
    written
        .split(" | ")
        .map(|stage| Stage {
            argv: stage.split(' ').map(Into::into).collect(),
        })
        .collect()
}

/// Descriptors, children, and KiB of memory.
fn own() -> (usize, usize, u64) {
    let entries = |of: &str| fs::read_dir(of).expect("a folder of /proc");
    let descriptors = entries("/proc/self/fd").count();
    let of_task = |task: io::Result<fs::DirEntry>| {
        // Some kernels do not have this file.
        let task = task.expect("a task").path();
        fs::read_to_string(task.join("children")).unwrap_or_default()
    };
    let children: String = entries("/proc/self/task").map(of_task).collect();
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = resident.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    let children = children.split_whitespace().count();
    (descriptors, children, kib.expect("a number of KiB"))
}

/// A gibibyte that nobody here touches.
fn gibibyte(number: usize) {
    let mut all = stages("head -c 1073741824 /dev/zero");
    all.extend(stages(&vec!["cat"; number - 2].join(" | ")));
    all.extend(stages("wc -c"));
    let counted = count(&all, number).expect("a pipeline");
    assert_eq!(counted.trim(), "1073741824");
}

/// What a pipeline prints that reads nothing and of which all stages exit with 0.
fn count(all: &[Stage], number: usize) -> Result<String, PipeError> {
    let (mut reads, writes) = io::pipe()?;
    let pipeline = Pipeline::start(all, File::open("/dev/null")?.into(), writes.into())?;
    let mut counted = String::new();
    reads.read_to_string(&mut counted)?;
    assert_eq!(pipeline.wait()?, vec![Exit::Code(0); number]);
    Ok(counted)
}

/// Some minutes of work: `cargo test -p pipe --test nothing_grows -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn a_gibibyte_comes_through_30_and_300_stages() {
    gibibyte(30);
    gibibyte(300);
}

#[test]
fn nothing_grows() {
    // What is made once has been made.
    capture(&stages("cat"), &[b'x'; 1 << 16]).expect("a pipeline");
    let (descriptors, children, kib) = own();
    gibibyte(3);
    for written in [
        "cat | cat",
        "yes | true",
        "cat | no-such-program",
        "cat | /etc/passwd",
    ] {
        for _ in 0..50 {
            capture(&stages(written), &[b'x'; 1 << 16]).ok();
        }
    }
    capture(&stages(&vec!["cat"; 300].join(" | ")), b"x").expect("a pipeline");
    let after = own();
    assert_eq!((after.0, after.1), (descriptors, children));
    assert!(
        after.2 < kib + 2048,
        "{kib} KiB before, {} KiB after",
        after.2
    );
}
