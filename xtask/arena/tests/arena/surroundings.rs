//! What a started process finds around it: nothing of the grader's, and limits that hold.

use std::{collections::BTreeMap, fs::File, os::fd::AsRawFd};

use arena::{Level, Limits, SystemV};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use crate::{LONG, Test, arena, level, printed, program, roles::program_in_session};

pub(crate) fn tests() -> Vec<Test> {
    vec![
        ("no_descriptor_is_inherited", no_descriptor_is_inherited),
        (
            "a_driver_has_its_channels_and_no_more",
            a_driver_has_its_channels_and_no_more,
        ),
        (
            "the_environment_is_nearly_empty",
            the_environment_is_nearly_empty,
        ),
        (
            "a_process_leads_a_session_of_its_own",
            a_process_leads_a_session_of_its_own,
        ),
        (
            "the_limit_of_descriptors_holds",
            the_limit_of_descriptors_holds,
        ),
        ("the_limit_of_file_size_holds", the_limit_of_file_size_holds),
        ("the_limit_of_memory_holds", the_limit_of_memory_holds),
        ("a_census_counts_what_is_open", a_census_counts_what_is_open),
        (
            "what_is_left_behind_is_counted_by_kind",
            what_is_left_behind_is_counted_by_kind,
        ),
    ]
}

fn no_descriptor_is_inherited() {
    // One that would survive an exec.
    let secret = File::open("/proc/self/status").expect("a file");
    fcntl(&secret, FcntlArg::F_SETFD(FdFlag::empty())).expect("a flag");
    let told = printed(&program("descriptors"), Limits::default());
    let numbers: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    // The fourth is the folder or link that is being read.
    assert!(
        numbers.len() <= 4 && numbers.starts_with(&["0", "1", "2"]),
        "{told}"
    );
    assert!(!told.contains("status"), "{told}");
    assert!(secret.as_raw_fd() > 2);
}

fn a_driver_has_its_channels_and_no_more() {
    let mut arena = arena();
    let driver = arena.spawn(&program_in_session(false)).expect("a driver");
    arena.hear(driver, LONG).expect("it is ready");
    assert_eq!(arena.census(driver).expect("a census").descriptors, 4);
}

fn the_environment_is_nearly_empty() {
    let mut arena = arena();
    let asked = program("environment").env("INTERLOCK_LANG", "zh");
    let process = arena.spawn(&asked).expect("it starts");
    let told = arena.wait(process, LONG).expect("it ends").stdout;
    let variables: BTreeMap<&str, &str> = told
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    let folder = arena.folder().to_str().expect("a path in UTF-8");
    let wanted = BTreeMap::from([
        ("HOME", folder),
        ("INTERLOCK_LANG", "zh"),
        ("LANG", "C.UTF-8"),
        ("PATH", "/usr/bin:/bin"),
        ("TMPDIR", folder),
        ("cwd", folder),
    ]);
    assert_eq!(variables, wanted);
}

fn a_process_leads_a_session_of_its_own() {
    let told = printed(&program("session-id"), Limits::default());
    let numbers: Vec<&str> = told.split_whitespace().collect();
    assert_eq!(numbers.len(), 3, "{told}");
    assert!(numbers.iter().all(|number| *number == numbers[0]), "{told}");
}

fn the_limit_of_descriptors_holds() {
    let limits = Limits {
        descriptors: 20,
        ..Limits::default()
    };
    let told = printed(&program("open-many"), limits);
    assert_eq!(told.trim(), format!("17 {:?}", Some(libc::EMFILE)));
}

fn the_limit_of_file_size_holds() {
    let limits = Limits {
        file: 1 << 20,
        ..Limits::default()
    };
    let told = printed(&program("write-much"), limits);
    assert_eq!(told.trim(), format!("{} {:?}", 1 << 20, Some(libc::EFBIG)));
}

fn the_limit_of_memory_holds() {
    let limits = Limits {
        memory: 512 << 20,
        ..Limits::default()
    };
    assert_eq!(printed(&program("allocate"), limits).trim(), "true");
    assert_eq!(
        printed(&program("allocate"), Limits::default()).trim(),
        "false"
    );
}

fn what_is_left_behind_is_counted_by_kind() {
    let mut arena = arena();
    let driver = arena.spawn(&program_in_session(false)).expect("a driver");
    arena.hear(driver, LONG).expect("it is ready");
    let (had, was) = (arena.census(driver), arena.belongings());
    let (had, was) = (had.expect("a census"), was.expect("a box"));
    arena.tell(driver, "1 leave").expect("it hears");
    let heard = arena.hear(driver, LONG).expect("an answer");
    assert_eq!(heard, arena::Heard::Line("1 ok".to_owned()));
    let has = arena.census(driver).expect("a census");
    assert_eq!(has.threads, had.threads + 1);
    assert_eq!((has.children, has.zombies), (had.children + 2, 1));
    assert_eq!(has.descriptors, had.descriptors + 1);
    let new = has.open.iter().find(|open| !had.open.contains(open));
    assert!(
        new.is_some_and(|(_, target)| target == "/dev/null"),
        "{has:?}"
    );
    let is = arena.belongings().expect("a box");
    let path = "left".to_owned();
    assert_eq!(
        (was.files.len(), &is.files),
        (0, &vec![path.clone(), path + "/behind"])
    );
    if level() == Level::Namespaces {
        assert_eq!(is.shared_memory, Some(vec!["left".to_owned()]));
        assert_eq!(is.queues, Some(vec!["left".to_owned()]));
        let all = [SystemV::Memory, SystemV::Semaphores, SystemV::Queue].map(|kind| (kind, 0));
        assert_eq!(is.system_v, Some(all.to_vec()));
        assert_eq!(was.system_v, Some(Vec::new()));
    } else {
        // Those of the machine are nobody's business here.
        assert_eq!(
            (is.shared_memory, is.queues, is.system_v),
            (None, None, None)
        );
    }
}

fn a_census_counts_what_is_open() {
    let mut arena = arena();
    let driver = arena.spawn(&program_in_session(false)).expect("a driver");
    arena.hear(driver, LONG).expect("it is ready");
    let before = arena.census(driver).expect("a census");
    let path = arena.path("number");
    let open = format!("1 open {}", driver::escape(&path.to_string_lossy()));
    for question in [open.as_str(), "2 keep"] {
        arena.tell(driver, question).expect("it hears");
        arena.hear(driver, LONG).expect("an answer");
    }
    let after = arena.census(driver).expect("a census");
    // The mapped file was closed again, the other was kept.
    assert_eq!(after.descriptors, before.descriptors + 1);
    assert_eq!(after.mappings, before.mappings + 1);
}
