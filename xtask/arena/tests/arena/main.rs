//! The arena by itself. This one program is the tests, the arena's helper, a client that is killed,
//! and the programs under test, by how it is started; so `main` is its own.
//!
//! | module | what it proves |
//! |---|---|
//! | [`ends`] | how a process ended is told as it was, and deadlocks by state, not by time |
//! | [`surroundings`] | what a started process finds: descriptors, environment, session, limits |
//! | [`boxes`] | what a box keeps out of reach, what it lets through, and its limits for all in it |
//! | [`leftovers`] | nothing outlives the arena, whoever dies first |
//! | [`tracing`] | the timeline of system calls, and what can be done to them |
//! | [`stepping`] | what an exploration finds, and what it does not mistake for something else |
//! | [`roles`] | the programs under test |
#![expect(clippy::panic, reason = "a test that fails panics")]

mod boxes;
mod ends;
mod leftovers;
mod roles;
#[cfg(target_arch = "x86_64")]
mod stepping;
mod surroundings;
mod tracing;

use std::{
    env, fs::Permissions, os::unix::fs::PermissionsExt, path::PathBuf, process::ExitCode,
    sync::Mutex, time::Duration,
};

use arena::{Arena, Ended, How, Level, Limits, Program, Settings};
use libtest_mimic::{Arguments, Trial};

/// For what ends by itself; only a failure waits so long.
pub(crate) const LONG: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    if let Some(code) = arena::role() {
        return code;
    }
    if let Some(code) = roles::role() {
        return code;
    }
    // One at a time: some look at all descendants of this process.
    let arguments = Arguments {
        test_threads: Some(1),
        ..Arguments::from_args()
    };
    // What is in there is these tests', whatever else the machine does; open to all as the usual one is,
    // so that it is the box that keeps processes out.
    let temporary = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o1777))
        .tempdir()
        .expect("a temporary folder");
    tempfile::env::override_temp_dir(temporary.path()).expect("nobody was here before");
    let mut tests = ends::tests();
    tests.extend(surroundings::tests());
    tests.extend(boxes::tests());
    tests.extend(leftovers::tests());
    tests.extend(tracing::tests());
    #[cfg(target_arch = "x86_64")]
    tests.extend(stepping::tests());
    let levels = levels();
    let trials = tests.into_iter().flat_map(|(name, test)| {
        levels.clone().into_iter().map(move |level| {
            let name = format!("{}::{name}", level.name());
            Trial::test(name, move || {
                *LEVEL.lock().expect("no test panics here") = level;
                test();
                Ok(())
            })
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// The level of the test that runs.
static LEVEL: Mutex<Level> = Mutex::new(Level::None);

pub(crate) fn level() -> Level {
    *LEVEL.lock().expect("no test panics here")
}

/// Those that this machine has. On the machines that decide whether a change is good it has all.
fn levels() -> Vec<Level> {
    let prospects = arena::prospects().into_iter();
    prospects
        .filter_map(|(level, can)| can.is_ok().then_some(level))
        .collect()
}

/// A test: the property that it proves, and how.
pub(crate) type Test = (&'static str, fn());

/// This program, in one of its roles.
pub(crate) fn program(role: &str) -> Program {
    Program::new(this()).arg(role)
}

pub(crate) fn this() -> PathBuf {
    env::current_exe().expect("this program has a path")
}

/// An arena with the usual limits.
pub(crate) fn arena() -> Arena {
    arena_with(Limits::default())
}

/// An arena that shows this program, at the level of the test.
pub(crate) fn arena_with(limits: Limits) -> Arena {
    Arena::start(&settings(limits)).expect("an arena")
}

pub(crate) fn settings(limits: Limits) -> Settings {
    Settings::new(limits).at(level()).seeing(this()).with_proc()
}

/// Runs a program to its end in an arena of its own, in which nothing else is left.
pub(crate) fn run(program: &Program, limits: Limits) -> Ended {
    let mut arena = arena_with(limits);
    let process = arena.spawn(program).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!(arena.finish().expect("an orderly end"), 0);
    ended
}

/// What a program prints that exits with 0.
pub(crate) fn printed(program: &Program, limits: Limits) -> String {
    let ended = run(program, limits);
    assert_eq!(ended.how, How::Exited(0), "{}", ended.printed);
    ended.stdout
}
