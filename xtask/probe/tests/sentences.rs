//! Sentences about timelines that were written down here: nothing is traced.

use probe::{
    Argument, Call, Calls, Event, Family, Result, SourceLine, Timeline, Value, What, picture,
};

fn call(name: &str, arguments: &[(&str, Value)], result: Result) -> What {
    let arguments = arguments.iter().map(|(name, value)| Argument {
        name: (*name).to_owned(),
        value: value.clone(),
    });
    What::Call(Call {
        name: name.to_owned(),
        arguments: arguments.collect(),
        result,
        returned_at: None,
        injected: None,
        line: None,
    })
}

fn descriptor(number: i32, target: &str) -> Value {
    Value::Descriptor {
        number,
        target: Some(target.to_owned()),
    }
}

fn timeline(events: impl IntoIterator<Item = (i32, What)>) -> Timeline {
    let event = |(process, what)| Event {
        process,
        task: process,
        what,
    };
    Timeline {
        events: events.into_iter().map(event).collect(),
    }
}

fn ok(name: &str, file: &str) -> What {
    call(name, &[("fd", descriptor(4, file))], Result::Returned(0))
}

fn calls(timeline: &Timeline, family: Family) -> Calls<'_> {
    Calls::of(timeline, family, "the call", "该调用")
}

#[test]
fn what_comes_first_comes_before() {
    let both = timeline([(2, ok("ftruncate", "/box/a")), (2, ok("mmap", "/box/a"))]);
    let (size, map) = (calls(&both, Family::Size), calls(&both, Family::Map));
    assert_eq!(size.before(&map), Ok(()));
    assert!(map.before(&size).is_err());
    // Nothing can come too late for what never happens, and nothing that never happens comes first.
    let one = timeline([(2, ok("mmap", "/box/a"))]);
    let (size, map) = (calls(&one, Family::Size), calls(&one, Family::Map));
    assert!(size.before(&map).is_err());
    assert_eq!(map.before(&size), Ok(()));
}

#[test]
fn counts_are_told_with_what_they_should_be() {
    let three = timeline([
        (1, ok("fsync", "/a")),
        (1, ok("msync", "/a")),
        (1, ok("sync", "/a")),
    ]);
    let synced = calls(&three, Family::Sync);
    assert_eq!((synced.exactly(3), synced.happen()), (Ok(()), Ok(())));
    let broken = synced.exactly(2).expect_err("there are three");
    assert_eq!(broken.en, "the call: there should be 2, there are 3");
    assert_eq!(broken.zh, "该调用：应有 2 次，实际 3 次");
    // The first too many is the one to look at.
    let drawn = broken.view.picture();
    let marked: Vec<&str> = drawn.lines().filter(|it| it.ends_with("<--")).collect();
    assert!(
        marked.len() == 1 && marked[0].starts_with("sync("),
        "{}",
        broken.view.picture()
    );
    assert!(synced.never().is_err());
    assert!(synced.only(|call| call.name == "close").never().is_ok());
}

#[test]
fn a_family_knows_calls_by_their_arguments_too() {
    let command = |number: i32| {
        let cmd = ("cmd", Value::Number(i64::from(number)));
        call("fcntl", &[cmd], Result::Returned(3))
    };
    let some = timeline([
        (1, command(libc::F_DUPFD_CLOEXEC)),
        (1, command(libc::F_SETLKW)),
        (1, command(libc::F_GETFL)),
    ]);
    assert_eq!(calls(&some, Family::Duplicate).count(), 1);
    assert_eq!(calls(&some, Family::Lock).count(), 1);
    for family in Family::ALL {
        assert!(!family.names().is_empty(), "{family:?}");
    }
}

#[test]
fn a_call_that_failed_or_never_returned_did_not_succeed() {
    let failed = Result::Failed {
        errno: libc::ENOMEM,
    };
    let some = timeline([
        (1, call("mmap", &[], failed)),
        (1, call("mmap", &[], Result::NotReturned)),
        (1, call("mmap", &[], Result::Interrupted)),
        (1, call("mmap", &[], Result::Returned(4096))),
    ]);
    assert_eq!(calls(&some, Family::Map).that_succeed().count(), 1);
}

#[test]
fn a_phase_goes_from_its_last_mark_to_the_next() {
    let mark = |name: &str| (0, What::Mark(name.to_owned()));
    let some = timeline([
        mark("a"),
        (1, ok("fsync", "/first")),
        mark("b"),
        (1, ok("fsync", "/other")),
        mark("a"),
        (1, ok("fsync", "/second")),
        mark(""),
        (1, ok("fsync", "/third")),
    ]);
    let phase = some.phase("a");
    let paths: Vec<_> = calls(&phase, Family::Sync)
        .calls()
        .filter_map(Call::path)
        .collect();
    assert_eq!(paths, ["/second"]);
    assert!(some.phase("c").events.is_empty());
}

#[test]
fn one_process_can_be_looked_at_alone() {
    let two = timeline([(2, ok("fsync", "/a")), (3, ok("fsync", "/b"))]);
    assert_eq!(calls(&two, Family::Sync).in_process(3).count(), 1);
    let shown = picture(&two, Some(1), 10);
    let columns = shown.lines().next().expect("a head");
    assert!(
        columns.starts_with("process 2") && columns.contains("process 3"),
        "{shown}"
    );
    // The second process's line stands below its head.
    let place = columns.find("process 3").expect("its head");
    let line = shown.lines().nth(2).expect("its line");
    assert_eq!(line.find("fsync"), Some(place), "{shown}");
}

/// Whatever the timeline, a picture keeps its bounds and marks exactly what it was asked to.
#[test]
fn a_picture_keeps_its_bounds() {
    // A few thousand shapes: lengths, processes and marks in every combination.
    for length in 0..40_usize {
        for processes in 1..6 {
            let event = |at: usize| {
                let process = i32::try_from(at % processes).expect("a small number");
                (
                    process,
                    ok("pwrite64", &format!("/box/{}", "long".repeat(at))),
                )
            };
            let some = timeline((0..length).map(event));
            for marked in (0..length).map(Some).chain([None]) {
                let shown = picture(&some, marked, 20);
                assert!(shown.lines().count() <= 21, "{shown}");
                assert!(
                    shown.lines().all(|line| line.chars().count() <= 90),
                    "{shown}"
                );
                let marks = shown.matches("<--").count();
                assert_eq!(marks, usize::from(marked.is_some()), "{shown}");
            }
        }
    }
}

#[test]
fn the_working_folder_is_called_as_in_a_program() {
    let here = ("dirfd", descriptor(libc::AT_FDCWD, "AT_FDCWD"));
    let path = ("pathname", Value::Path("/box/count".to_owned()));
    let opened = call("openat", &[here, path], Result::Returned(3));
    let shown = picture(&timeline([(1, opened)]), None, 5);
    assert_eq!(shown, "openat(AT_FDCWD, \"count\") = 3\n");
}

#[test]
fn the_line_that_made_a_call_stands_behind_it() {
    let made_at = |what: What, file: &str, line: u32| match what {
        What::Call(call) => What::Call(Call {
            line: Some(SourceLine {
                file: file.to_owned(),
                line,
            }),
            ..call
        }),
        other => other,
    };
    let two = timeline([
        (
            2,
            made_at(ok("mmap", "/box/a"), "labs/12-mmap/src/map.rs", 41),
        ),
        (3, ok("fsync", "/box/a")),
        (3, made_at(ok("mmap", "/box/a"), "/stage/src/counter.rs", 7)),
    ]);
    let broken = calls(&two, Family::Map).never().expect_err("there are two");
    let line = broken.line.expect("it is known");
    assert_eq!((&*line.file, line.line), ("labs/12-mmap/src/map.rs", 41));
    let drawn = broken.view.picture();
    let ends: Vec<&str> = drawn
        .lines()
        .map(|line| line.split("= 0").nth(1).unwrap_or("").trim_start())
        .collect();
    assert_eq!(
        ends,
        ["", "map.rs:41  <--", "", "counter.rs:7"],
        "{}",
        broken.view.picture()
    );
    let longest = broken
        .view
        .picture()
        .lines()
        .map(|line| line.chars().count())
        .max();
    assert!(longest <= Some(86), "{}", broken.view.picture());
}
