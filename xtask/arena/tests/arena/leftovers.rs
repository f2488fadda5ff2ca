//! Nothing outlives the arena: not a daemon of the student's, and nothing at all when the client
//! itself is killed.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    path::PathBuf,
    process::{Command, Stdio},
};

use arena::{How, Level, Limits};
use nix::{
    errno::Errno,
    sys::{
        resource::{Resource, getrlimit, setrlimit},
        signal::{Signal, kill},
        wait::waitpid,
    },
    unistd::Pid,
};

use crate::{LONG, Test, arena, level, program, run, this};

pub(crate) fn tests() -> Vec<Test> {
    vec![
        (
            "a_daemon_is_ended_and_counted",
            a_daemon_is_ended_and_counted,
        ),
        (
            "an_arena_that_is_dropped_ends_everything",
            an_arena_that_is_dropped_ends_everything,
        ),
        (
            "the_folder_goes_with_the_arena",
            the_folder_goes_with_the_arena,
        ),
        (
            "the_folder_goes_however_it_was_left",
            the_folder_goes_however_it_was_left,
        ),
        (
            "nothing_outlives_a_client_that_is_killed",
            nothing_outlives_a_client_that_is_killed,
        ),
    ]
}

fn is_there(process: i32) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}

fn a_daemon_is_ended_and_counted() {
    let mut arena = arena();
    let parent = arena.spawn(&program("daemon")).expect("it starts");
    // It keeps standard output open, and its parent's end is told all the same.
    let ended = arena.wait(parent, LONG).expect("it ends");
    let daemon = outside(ended.stdout.trim());
    assert!(is_there(daemon));
    assert_eq!(arena.finish().expect("an orderly end"), 1);
    assert!(!is_there(daemon));
}

fn an_arena_that_is_dropped_ends_everything() {
    let mut arena = arena();
    let parent = arena.spawn(&program("daemon")).expect("it starts");
    let ended = arena.wait(parent, LONG).expect("it ends");
    let daemon = outside(ended.stdout.trim());
    arena.spawn(&program("spin")).expect("it starts");
    drop(arena);
    assert!(!is_there(daemon));
    assert_eq!(descendants(own()), BTreeSet::new());
}

fn the_folder_goes_with_the_arena() {
    let before = temporary();
    let arena = arena();
    arena.write("file", b"content").expect("a file");
    // At level *namespaces* the folder is not in the machine's file system at all.
    assert_eq!(arena.folder().is_dir(), level() != Level::Namespaces);
    drop(arena);
    assert_eq!(temporary(), before);
}

fn the_folder_goes_however_it_was_left() {
    let before = temporary();
    // A removal that goes down keeps each folder open, and gets no further than this.
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    setrlimit(Resource::RLIMIT_NOFILE, 512, hard).expect("a lower limit");
    let burrowed = run(&program("burrow"), Limits::default());
    setrlimit(Resource::RLIMIT_NOFILE, soft, hard).expect("the limit that was");
    assert_eq!(burrowed.how, How::Exited(0), "{}", burrowed.printed);
    assert_eq!(temporary(), before);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the client must be a process that can be killed"
)]
fn nothing_outlives_a_client_that_is_killed() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    // Who has lost its parent becomes a child of this process, which can then wait for its end.
    arena::adopt_orphans().expect("a subreaper");
    let mut client = Command::new(this())
        .args(["client", level().name()])
        .env("TMPDIR", temporary.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a client");
    let mut ready = String::new();
    let stdout = client.stdout.take().expect("it is a pipe");
    BufReader::new(stdout)
        .read_line(&mut ready)
        .expect("a line");
    assert_eq!(ready, "ready\n");
    let pid = i32::try_from(client.id()).expect("a process number");
    let started = descendants(pid);
    // The helper, a driver or two, a program.
    assert!(started.len() >= 3, "{started:?}");
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("it runs");
    client.wait().expect("it ends");
    // The helper ends by itself, after everything that it holds.
    while waitpid(None, None) != Err(Errno::ECHILD) {}
    assert!(
        started.iter().all(|process| !is_there(*process)),
        "{started:?}"
    );
    // Whether anybody had removed its group or not.
    arena::sweep_groups();
    let mut left = arena::groups_left();
    left.retain(|group| group.to_string_lossy().contains(&format!("-{pid}-")));
    assert_eq!(left, Vec::<PathBuf>::new());
}

/// The arenas' folders in the machine's file system.
fn temporary() -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(tempfile::env::temp_dir()).expect("a temporary folder");
    entries.flatten().map(|entry| entry.path()).collect()
}

/// The process that calls itself by this number in its box.
fn outside(number: &str) -> i32 {
    let is_called = |process: &i32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let own = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
        own.and_then(|all| all.split_whitespace().last()) == Some(number)
    };
    let all = descendants(own());
    *all.iter().find(|it| is_called(it)).expect("it is there")
}

fn own() -> i32 {
    i32::try_from(std::process::id()).expect("a process number")
}

/// All processes below one.
fn descendants(of: i32) -> BTreeSet<i32> {
    let parents: Vec<(i32, i32)> = fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .filter_map(|entry| {
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, parent))
        })
        .collect();
    let mut found = BTreeSet::new();
    let mut next = vec![of];
    while let Some(parent) = next.pop() {
        for (child, _) in parents.iter().filter(|(_, its)| *its == parent) {
            found.insert(*child);
            next.push(*child);
        }
    }
    found
}
