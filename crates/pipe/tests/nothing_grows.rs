//! However many bytes and pipelines there were: no descriptor, no child and no memory is left of them.
//! One test at a time in a process of its own, since it counts what the process has.

use std::fs::{self, File};
use std::io::{self, Read};

use pipe::{Exit, Pipeline, Stage, capture};

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
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().count();
    let of_task = |task: io::Result<fs::DirEntry>| {
        // Some kernels do not have this file.
        fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default()
    };
    let children: String = fs::read_dir("/proc/self/task")
        .unwrap()
        .map(of_task)
        .collect();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = resident.unwrap().trim().trim_end_matches(" kB").parse();
    (
        descriptors,
        children.split_whitespace().count(),
        kib.unwrap(),
    )
}

/// A gibibyte that nobody here touches.
fn gibibyte(number: usize) {
    let mut all = stages("head -c 1073741824 /dev/zero");
    all.extend(stages(&vec!["cat"; number - 2].join(" | ")));
    all.extend(stages("wc -c"));
    let (mut reads, writes) = io::pipe().unwrap();
    let nothing = File::open("/dev/null").unwrap();
    let pipeline = Pipeline::start(&all, nothing.into(), writes.into()).unwrap();
    let mut counted = String::new();
    reads.read_to_string(&mut counted).unwrap();
    assert_eq!(counted.trim(), "1073741824");
    assert_eq!(pipeline.wait().unwrap(), vec![Exit::Code(0); number]);
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
    capture(&stages("cat"), &[b'x'; 1 << 16]).unwrap();
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
    capture(&stages(&vec!["cat"; 300].join(" | ")), b"x").unwrap();
    let after = own();
    assert_eq!((after.0, after.1), (descriptors, children));
    assert!(
        after.2 < kib + 2048,
        "{kib} KiB before, {} KiB after",
        after.2
    );
}
