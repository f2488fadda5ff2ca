//! A box: what it keeps out of reach, what it lets through, and its limits for all processes in it
//! together. Most of this is promised by some levels only; each test says by which.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use arena::{Arena, How, Level, Limits, MemoryBound, Program, Settings};

use crate::{LONG, Test, arena, arena_with, level, printed, program, settings, this};

pub(crate) fn tests() -> Vec<Test> {
    vec![
        (
            "a_process_is_an_ordinary_user_and_not_the_first",
            a_process_is_an_ordinary_user_and_not_the_first,
        ),
        (
            "there_is_a_proc_only_if_asked_for",
            there_is_a_proc_only_if_asked_for,
        ),
        (
            "the_machines_files_are_out_of_reach",
            the_machines_files_are_out_of_reach,
        ),
        (
            "a_link_that_leads_out_is_not_followed",
            a_link_that_leads_out_is_not_followed,
        ),
        (
            "a_folder_to_be_changed_stays_changed",
            a_folder_to_be_changed_stays_changed,
        ),
        (
            "a_program_in_a_closed_folder_can_be_started",
            a_program_in_a_closed_folder_can_be_started,
        ),
        (
            "a_box_has_a_loopback_of_its_own",
            a_box_has_a_loopback_of_its_own,
        ),
        ("the_limit_of_tasks_holds", the_limit_of_tasks_holds),
        (
            "the_limit_of_total_memory_holds",
            the_limit_of_total_memory_holds,
        ),
        (
            "the_limit_of_total_memory_holds_without_a_control_group",
            the_limit_of_total_memory_holds_without_a_control_group,
        ),
        (
            "the_limit_of_disk_holds_everywhere",
            the_limit_of_disk_holds_everywhere,
        ),
        ("the_limit_of_files_holds", the_limit_of_files_holds),
        (
            "four_boxes_share_no_names_and_no_tasks",
            four_boxes_share_no_names_and_no_tasks,
        ),
    ]
}

/// What a program prints that exits with 0, in a box like that.
fn printed_in(settings: &Settings, program: &Program) -> String {
    let mut arena = Arena::start(settings).expect("an arena");
    let process = arena.spawn(program).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!(ended.how, How::Exited(0), "{}", ended.printed);
    assert_eq!(arena.finish().expect("an orderly end"), 0);
    ended.stdout
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}

fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}

/// *namespaces*: user 1000, and the parent is nobody who has a number there. *landlock*: never
/// root.
fn a_process_is_an_ordinary_user_and_not_the_first() {
    let told = printed(&program("who"), Limits::default());
    let numbers: Vec<u32> = told.split_whitespace().flat_map(str::parse).collect();
    let [user, process, parent] = numbers[..] else {
        panic!("{told}")
    };
    match level() {
        Level::Namespaces => {
            assert_eq!((user, parent), (1000, 0));
            assert_ne!(process, 1);
        }
        Level::Landlock => assert_ne!(user, 0),
        Level::None => {}
    }
}

/// *namespaces* and *landlock*.
fn there_is_a_proc_only_if_asked_for() {
    if level() == Level::None {
        return;
    }
    let asks = program("open").arg("/proc/self/status");
    let with = settings(Limits::default());
    assert_eq!(printed_in(&with, &asks).trim(), "true");
    let without = Settings::default().at(level()).seeing(this());
    assert_eq!(printed_in(&without, &asks).trim(), "false");
}

/// *namespaces* and *landlock*: neither what is everybody's nor what is root's, but the system's
/// programs and what was asked for.
fn the_machines_files_are_out_of_reach() {
    if level() == Level::None {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("it is ours");
    let [hidden, shown] = ["hidden", "shown"].map(|name| folder.path().join(name));
    for path in [&hidden, &shown] {
        fs::write(path, "for everybody").expect("a file");
    }
    let asks = program("open")
        .arg(text(&hidden))
        .arg("/etc/hostname")
        .arg("/var/log")
        .arg("/root")
        .arg("/usr/bin")
        .arg(text(&shown));
    let told = printed_in(&settings(Limits::default()).seeing(&shown), &asks);
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told, ["false", "false", "false", "false", "true", "true"]);
    // And what is shown cannot be changed.
    let changes = program("change").arg(text(&shown));
    let told = printed_in(&settings(Limits::default()).seeing(&shown), &changes);
    assert_eq!(told.trim(), "false");
    assert_eq!(fs::read(&shown).expect("it is there"), b"for everybody");
}

/// All levels.
fn a_link_that_leads_out_is_not_followed() {
    let outside = tempfile::NamedTempFile::new().expect("a file");
    fs::write(outside.path(), "ours").expect("it is ours");
    let mut arena = arena();
    let links = program("link")
        .arg("absolute")
        .arg("/etc/passwd")
        .arg("ours")
        .arg(text(outside.path()))
        .arg("upwards")
        .arg("../../../../../../etc/passwd");
    let process = arena.spawn(&links).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!(ended.how, How::Exited(0), "{}", ended.printed);
    for name in ["absolute", "ours", "upwards", "../../../etc/passwd"] {
        arena.read(name).expect_err(name);
        arena.write(name, b"theirs").expect_err(name);
    }
    assert_eq!(fs::read(outside.path()).expect("it is there"), b"ours");
    // What is no link is read as it is.
    arena.write("file", b"content").expect("a file");
    assert_eq!(arena.read("file").expect("it is there"), b"content");
}

/// All levels.
fn a_folder_to_be_changed_stays_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    let with = settings(Limits::default()).writing(folder.path());
    let told = printed_in(&with, &program("change").arg(text(&file)));
    assert_eq!(told.trim(), "true");
    assert_eq!(fs::read(&file).expect("it is there"), b"changed");
    let owner = fs::metadata(&file).expect("it is there").uid();
    // Root's boxes are nobody's, but where there is no box.
    assert_eq!(owner == 0, is_root() && level() == Level::None);
}

/// All levels: homes are often closed, and to root's boxes, which are nobody's, as well.
fn a_program_in_a_closed_folder_can_be_started() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).expect("a folder");
    let copy = closed.join("program");
    fs::copy(this(), &copy).expect("a copy");
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).expect("it is ours");
    let settings = Settings::default().at(level()).seeing(&copy);
    let told = printed_in(&settings, &Program::new(&copy).arg("who"));
    assert!(!told.is_empty());
}

/// *namespaces*.
fn a_box_has_a_loopback_of_its_own() {
    if level() == Level::Namespaces {
        let told = printed(&program("talk-to-itself"), Limits::default());
        assert_eq!(told.trim(), "hello");
    }
}

/// *namespaces*: exactly. *landlock*: others of the same user may come and go.
fn the_limit_of_tasks_holds() {
    if level() == Level::None {
        return;
    }
    let limits = Limits {
        tasks: 10,
        ..Limits::default()
    };
    let mut arena = arena_with(limits);
    let process = arena
        .spawn(&program("fork-many").arg("1000"))
        .expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    let told: Vec<&str> = ended.stdout.split_whitespace().collect();
    assert_eq!(told[1], format!("{:?}", Some(libc::EAGAIN)), "{told:?}");
    let left = arena.finish().expect("an orderly end");
    assert_eq!(told[0], left.to_string());
    match level() {
        // Itself, and the box's first process, have the same user.
        Level::Namespaces => assert!((8..=9).contains(&left), "{left}"),
        Level::Landlock | Level::None => assert!(left < 1000, "{left}"),
    }
}

fn takes_too_much(settings: &Settings) -> MemoryBound {
    let mut arena = Arena::start(settings).expect("an arena");
    let process = arena.spawn(&program("take-memory")).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!(ended.how, How::OutOfMemory, "{}", ended.printed);
    let bound = arena.isolation().memory;
    arena.finish().expect("an orderly end");
    bound
}

fn tight() -> Limits {
    Limits {
        total_memory: 128 << 20,
        ..Limits::default()
    }
}

/// *namespaces* and *landlock*.
fn the_limit_of_total_memory_holds() {
    if level() != Level::None {
        assert_ne!(takes_too_much(&settings(tight())), MemoryBound::None);
    }
}

/// *namespaces* and *landlock*: as on a machine that gives us no control group.
fn the_limit_of_total_memory_holds_without_a_control_group() {
    if level() != Level::None {
        let bound = takes_too_much(&settings(tight()).watched());
        assert_eq!(bound, MemoryBound::Watch);
    }
}

/// *namespaces*: in each place that can be written.
fn the_limit_of_disk_holds_everywhere() {
    if level() != Level::Namespaces {
        return;
    }
    let limits = Limits {
        disk: 4 << 20,
        ..Limits::default()
    };
    for place in ["file", "/tmp/file", "/dev/shm/file"] {
        let told = printed(&program("fill").arg(place), limits);
        let wanted = format!("{} {:?}", 4 << 20, Some(libc::ENOSPC));
        assert_eq!(told.trim(), wanted, "{place}");
    }
}

/// *namespaces*.
fn the_limit_of_files_holds() {
    if level() != Level::Namespaces {
        return;
    }
    let limits = Limits {
        inodes: 100,
        ..Limits::default()
    };
    let told = printed(&program("make-files"), limits);
    // The folder itself is one.
    assert_eq!(told.trim(), format!("99 {:?}", Some(libc::ENOSPC)));
}

/// *namespaces*: each has room for its own, however many there are.
fn four_boxes_share_no_names_and_no_tasks() {
    if level() != Level::Namespaces {
        return;
    }
    let limits = Limits {
        tasks: 20,
        ..Limits::default()
    };
    let mut arenas: Vec<Arena> = (0..4).map(|_| arena_with(limits)).collect();
    for arena in &mut arenas {
        let process = arena
            .spawn(&program("fork-many").arg("15"))
            .expect("it starts");
        let ended = arena.wait(process, LONG).expect("it ends");
        assert_eq!(ended.stdout.trim(), "15 None true");
    }
    for arena in arenas {
        assert_eq!(arena.finish().expect("an orderly end"), 15);
    }
}
