//! What the timeline tells of system calls, and what can be done to them. The programs are ordinary
//! ones of the system where that is possible.

use arena::{Fault, Heard, How, On, ProcessId, Program, Until, Which};
use probe::{Call, Calls, Family, Injection, Result, Timeline, What};

use crate::{LONG, Test, arena, program, roles::program_in_session};

pub(crate) fn tests() -> Vec<Test> {
    vec![
        (
            "calls_are_told_with_what_they_mean",
            calls_are_told_with_what_they_mean,
        ),
        (
            "a_call_has_the_line_that_made_it",
            a_call_has_the_line_that_made_it,
        ),
        ("marks_divide_a_timeline", marks_divide_a_timeline),
        (
            "who_is_not_traced_leaves_no_timeline",
            who_is_not_traced_leaves_no_timeline,
        ),
        (
            "children_and_programs_are_told",
            children_and_programs_are_told,
        ),
        (
            "a_refused_call_is_not_carried_out",
            a_refused_call_is_not_carried_out,
        ),
        ("a_short_write_is_a_true_one", a_short_write_is_a_true_one),
        (
            "only_the_chosen_call_is_changed",
            only_the_chosen_call_is_changed,
        ),
        (
            "an_interrupted_call_is_called_so",
            an_interrupted_call_is_called_so,
        ),
        (
            "a_process_is_held_before_a_call",
            a_process_is_held_before_a_call,
        ),
        (
            "faults_can_be_one_process_s_own",
            faults_can_be_one_process_s_own,
        ),
        (
            "a_program_s_faults_spare_its_start",
            a_program_s_faults_spare_its_start,
        ),
        (
            "a_program_is_held_with_no_session",
            a_program_is_held_with_no_session,
        ),
        (
            "who_falls_asleep_can_be_waited_for",
            who_falls_asleep_can_be_waited_for,
        ),
        ("who_does_otherwise_is_told", who_does_otherwise_is_told),
        ("job_control_works", job_control_works),
        (
            "a_thread_may_execute_a_program",
            a_thread_may_execute_a_program,
        ),
    ]
}

const FILES: &[Family] = &[
    Family::Open,
    Family::Close,
    Family::Size,
    Family::Map,
    Family::Unmap,
];

fn shell(script: &str) -> Program {
    Program::new("/bin/sh").arg("-c").arg(script)
}

fn ask(arena: &mut arena::Arena, process: ProcessId, question: &str) -> Heard {
    arena.tell(process, question).expect("it hears");
    arena.hear(process, LONG).expect("an answer or an end")
}

fn driver(arena: &mut arena::Arena, families: &[Family]) -> ProcessId {
    let program = program_in_session(false).traced(families);
    let process = arena.spawn(&program).expect("a driver");
    arena.hear(process, LONG).expect("it is ready");
    process
}

fn open(arena: &arena::Arena, number: u32) -> String {
    let path = arena.path("number");
    format!("{number} open {}", driver::escape(&path.to_string_lossy()))
}

fn is_answer(heard: &Heard) -> bool {
    matches!(heard, Heard::Line(line) if line.ends_with(" ok"))
}

/// What a program did, from its start to its end.
fn timeline_of(program: &Program) -> Timeline {
    let mut arena = arena();
    let process = arena.spawn(program).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!(ended.how, How::Exited(0), "{}", ended.printed);
    arena.timeline().expect("a timeline")
}

fn calls(timeline: &Timeline, family: Family) -> Vec<&Call> {
    Calls::of(timeline, family, "calls", "调用")
        .calls()
        .collect()
}

fn calls_are_told_with_what_they_mean() {
    let mut arena = arena();
    let process = driver(&mut arena, FILES);
    arena.mark("open").expect("a mark");
    let question = open(&arena, 1);
    assert!(is_answer(&ask(&mut arena, process, &question)));
    let timeline = arena.timeline().expect("a timeline").phase("open");
    let file = arena.path("number").to_string_lossy().into_owned();
    let opened = calls(&timeline, Family::Open);
    let opened = opened.iter().find(|call| call.path() != Some("AT_FDCWD"));
    let opened = opened
        .or(calls(&timeline, Family::Open).first())
        .copied()
        .cloned();
    let opened = opened.expect("it opens the file");
    assert!(
        opened.has("flags", libc::O_RDWR | libc::O_CREAT),
        "{opened:?}"
    );
    let named = opened.argument("pathname").map(ToString::to_string);
    assert_eq!(named, Some(format!("{file:?}")));
    let descriptor = opened.returned().expect("it succeeds");
    let sized = calls(&timeline, Family::Size);
    assert_eq!(sized.len(), 1, "{timeline:?}");
    assert_eq!(sized[0].number("fd"), Some(descriptor));
    assert_eq!(sized[0].path(), Some(&*file));
    let mapped = calls(&timeline, Family::Map);
    let shared = mapped
        .iter()
        .find(|call| call.has("flags", libc::MAP_SHARED));
    let shared = shared.expect("it maps the file");
    assert_eq!(shared.number("fd"), Some(descriptor));
    assert!(
        shared.returned().is_some_and(|address| address > 0),
        "{shared:?}"
    );
    let sizes = Calls::of(&timeline, Family::Size, "ftruncate", "ftruncate");
    let maps = Calls::of(&timeline, Family::Map, "mmap", "mmap");
    assert_eq!(sizes.before(&maps), Ok(()));
    let broken = maps.before(&sizes).expect_err("it is the other way round");
    assert!(
        broken.view.picture().contains("<--"),
        "{}",
        broken.view.picture()
    );
}

/// The words of the line of this package's file that a call was made by.
fn source(call: &Call) -> String {
    let line = call.line.as_ref().expect("a line of this program");
    assert!(line.file.ends_with("roles.rs"), "{line:?}");
    let source = include_str!("roles.rs").lines().nth(line.line as usize - 1);
    source.expect("a line of the file").trim().to_owned()
}

fn a_call_has_the_line_that_made_it() {
    let mut arena = arena();
    let process = driver(&mut arena, FILES);
    arena.mark("open").expect("a mark");
    let question = open(&arena, 1);
    assert!(is_answer(&ask(&mut arena, process, &question)));
    let timeline = arena.timeline().expect("a timeline").phase("open");
    let of = |family| calls(&timeline, family).into_iter().map(source);
    let lines: Vec<String> = of(Family::Open)
        .chain(of(Family::Size))
        .chain(of(Family::Map))
        .collect();
    let [opens, sizes, maps] = &lines[..] else {
        panic!("{lines:?}")
    };
    // Through the standard library, which asks the C library, and in one case directly.
    assert!(opens.contains(".open(path)"), "{opens}");
    assert!(sizes.contains(".set_len(8)"), "{sizes}");
    assert!(maps.contains("libc::mmap("), "{maps}");
    // The loader makes calls, too, and no line of the program is to blame.
    let whole = arena.timeline().expect("a timeline");
    let first = calls(&whole, Family::Open)[0];
    assert_eq!(first.line, None, "{first:?}");
}

fn marks_divide_a_timeline() {
    let mut arena = arena();
    let process = driver(&mut arena, FILES);
    arena.mark("nothing").expect("a mark");
    arena.mark("keep").expect("a mark");
    assert!(is_answer(&ask(&mut arena, process, "1 keep")));
    arena.mark("end").expect("a mark");
    let timeline = arena.timeline().expect("a timeline");
    assert!(timeline.phase("nothing").events.is_empty());
    assert!(timeline.phase("end").events.is_empty());
    let opened = timeline.phase("keep");
    let opened = calls(&opened, Family::Open);
    assert!(
        opened
            .iter()
            .any(|call| format!("{call:?}").contains("/dev/null"))
    );
}

fn who_is_not_traced_leaves_no_timeline() {
    assert_eq!(timeline_of(&shell("echo; true | cat")), Timeline::default());
}

fn children_and_programs_are_told() {
    let families = [Family::Fork, Family::Execute, Family::Wait, Family::Pipe];
    let program = shell("/bin/echo a | /bin/cat").traced(&families);
    let timeline = timeline_of(&program);
    let events = || timeline.events.iter();
    let started = events().filter(|it| matches!(it.what, What::Started { thread: false, .. }));
    assert_eq!(started.count(), 2, "{timeline:?}");
    let executed: Vec<&str> = events()
        .filter_map(|event| match &event.what {
            What::Executed { path } => path.rsplit('/').next(),
            _ => None,
        })
        .collect();
    assert!(
        executed.contains(&"echo") && executed.contains(&"cat"),
        "{executed:?}"
    );
    let ended = events().filter(|it| matches!(&it.what, What::Ended { how } if how == "exit 0"));
    assert_eq!(ended.count(), 3, "{timeline:?}");
    assert_eq!(calls(&timeline, Family::Pipe).len(), 1);
    let reaped = calls(&timeline, Family::Wait);
    let reaped: Vec<i64> = reaped.iter().filter_map(|call| call.returned()).collect();
    // By the numbers that the shell itself knows.
    for event in events().filter(|it| matches!(it.what, What::Started { .. })) {
        if let What::Started { task, .. } = event.what {
            assert!(reaped.contains(&i64::from(task)), "{timeline:?}");
        }
    }
}

fn fault(family: Family, what: Injection) -> Fault {
    Fault {
        which: Which::first(family).on(On::File),
        what,
    }
}

fn a_refused_call_is_not_carried_out() {
    let mut arena = arena();
    let process = driver(&mut arena, FILES);
    arena
        .arm(fault(Family::Map, Injection::Error(libc::ENOMEM)))
        .expect("a fault");
    let question = open(&arena, 1);
    // The program does not expect it.
    let heard = ask(&mut arena, process, &question);
    let panicked = matches!(&heard, Heard::Ended(ended) if ended.how == How::Exited(101));
    assert!(panicked, "{heard:?}");
    let timeline = arena.timeline().expect("a timeline");
    let refused = calls(&timeline, Family::Map);
    let refused: Vec<_> = refused
        .iter()
        .filter(|call| call.injected.is_some())
        .collect();
    assert_eq!(refused.len(), 1);
    let failed = Result::Failed {
        errno: libc::ENOMEM,
    };
    assert_eq!(refused[0].result, failed);
}

fn a_short_write_is_a_true_one() {
    let mut arena = arena();
    arena
        .arm(Fault {
            which: Which::first(Family::Write).on(On::Pipe),
            what: Injection::Short(300),
        })
        .expect("a fault");
    let program = program("say-much").traced(&[Family::Write]);
    let process = arena.spawn(&program).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!(ended.stdout.len(), 1000);
    let timeline = arena.timeline().expect("a timeline");
    let written = calls(&timeline, Family::Write);
    let written: Vec<_> = written.iter().filter_map(|call| call.returned()).collect();
    assert_eq!(written, [300, 700]);
}

fn only_the_chosen_call_is_changed() {
    let mut arena = arena();
    let process = driver(&mut arena, FILES);
    let second = Which::first(Family::Open)
        .on(On::Path("/dev/null".into()))
        .number(2);
    let what = Injection::Error(libc::EMFILE);
    arena
        .arm(Fault {
            which: second,
            what,
        })
        .expect("a fault");
    assert!(is_answer(&ask(&mut arena, process, "1 keep")));
    let question = open(&arena, 2);
    assert!(is_answer(&ask(&mut arena, process, &question)));
    let heard = ask(&mut arena, process, "3 keep");
    assert!(matches!(heard, Heard::Ended(_)), "{heard:?}");
}

fn an_interrupted_call_is_called_so() {
    let timeline = timeline_of(&program("sleep-with-alarm").traced(&[Family::Sleep]));
    let slept = calls(&timeline, Family::Sleep);
    let interrupted = slept
        .iter()
        .filter(|call| call.result == Result::Interrupted);
    assert!(interrupted.count() > 0, "{timeline:?}");
    let signal = |what: &What| matches!(what, What::Signalled { name } if name == "SIGALRM");
    assert!(timeline.events.iter().any(|event| signal(&event.what)));
}

fn a_process_is_held_before_a_call() {
    let mut arena = arena();
    let [first, second] = [(); 2].map(|()| driver(&mut arena, FILES));
    arena
        .hold(Which::first(Family::Size).on(On::File))
        .expect("a hold");
    let question = open(&arena, 1);
    assert_eq!(ask(&mut arena, first, &question), Heard::Held);
    // The file is there, and has no size yet. Others go on meanwhile.
    assert_eq!(arena.read("number").expect("the file"), b"");
    assert!(is_answer(&ask(&mut arena, second, &question)));
    assert!(!arena.read("number").expect("the file").is_empty());
    arena.release(first).expect("it goes on");
    assert!(is_answer(&arena.hear(first, LONG).expect("an answer")));
}

fn faults_can_be_one_process_s_own() {
    let mut arena = arena();
    let [first, second] = [(); 2].map(|()| driver(&mut arena, FILES));
    let which = Which::first(Family::Open).on(On::Path("/dev/null".into()));
    arena
        .arm(Fault {
            which: which.by(second),
            what: Injection::Error(libc::EMFILE),
        })
        .expect("a fault");
    assert!(is_answer(&ask(&mut arena, first, "1 keep")));
    let heard = ask(&mut arena, second, "1 keep");
    assert!(matches!(heard, Heard::Ended(_)), "{heard:?}");
}

/// What a program prints whose first call that opens something fails.
fn printed_without_first_open(program: Program, by_itself: bool) -> String {
    let mut which = Which::first(Family::Open);
    if by_itself {
        which = which.by_itself();
    }
    let what = Injection::Error(libc::EMFILE);
    let program = program
        .traced(&[Family::Open, Family::Fork])
        .fault(Fault { which, what });
    let mut arena = arena();
    let process = arena.spawn(&program).expect("it starts");
    arena.wait(process, LONG).expect("it ends").stdout
}

fn a_program_s_faults_spare_its_start() {
    // The loader has opened libraries, and Rust has looked at its memory map.
    let printed = printed_without_first_open(program("open-many"), false);
    assert_eq!(printed, "0 Some(24)\n");
    // The same of a program in C: the first is the shell's own, and not the loader's.
    let script = "(exec 3</dev/null) 2>/dev/null; echo $?; (exec 3</dev/null); echo $?";
    let printed = printed_without_first_open(shell(script), false);
    assert_eq!(printed.lines().last(), Some("0"), "{printed}");
    assert_ne!(printed.lines().next(), Some("0"), "{printed}");
    // What its children open is not its own.
    let script = "(exec 3</dev/null) && echo child; exec 3</dev/null; echo not reached";
    let printed = printed_without_first_open(shell(script), true);
    assert_eq!(printed, "child\n");
}

fn a_program_is_held_with_no_session() {
    let mut arena = arena();
    let program = program("open-many").traced(&[Family::Open]);
    let which = Which::first(Family::Open).number(3);
    let process = arena.spawn(&program.held(which)).expect("it starts");
    let heard = arena.hear(process, LONG).expect("it is held");
    assert_eq!(heard, Heard::Held);
    // Its own descriptors, and those that it has opened: two.
    let before = arena.census(process).expect("it is there").descriptors;
    assert_eq!(before, 3 + 2);
    arena.release(process).expect("it goes on");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!(ended.how, How::Exited(0));
}

fn who_falls_asleep_can_be_waited_for() {
    for (role, family, call) in [
        ("lock-twice", Family::Futex, "futex"),
        ("threads-wait", Family::Futex, "futex"),
        ("child-waits", Family::Wait, "wait4"),
        // Not it, but its child.
        ("child-waits", Family::Futex, "futex"),
        ("read-a-pipe", Family::Read, "read"),
    ] {
        for families in [[].as_slice(), &[family]] {
            let mut arena = arena();
            let program = program(role).traced(families);
            let process = arena.spawn(&program).expect("it starts");
            let until = arena.until_blocked(process, family, LONG);
            let Until::Blocked(sleeper) = until.expect("it sleeps") else {
                panic!("{role}")
            };
            assert_eq!(sleeper.call, call, "{role}");
            let is_known = sleeper.line.is_some_and(|it| it.file.ends_with("roles.rs"));
            assert_eq!(is_known, !families.is_empty(), "{role}");
        }
    }
}

fn who_does_otherwise_is_told() {
    let mut arena = arena();
    let process = driver(&mut arena, FILES);
    arena.tell(process, "1 keep").expect("it hears");
    let until = arena.until_blocked(process, Family::Futex, LONG);
    assert_eq!(
        until.expect("it answers"),
        Until::Otherwise(Heard::Line("1 ok".to_owned()))
    );
    // It waits for its next question, which is no sleep of its own.
    let short = std::time::Duration::from_millis(100);
    let until = arena.until_blocked(process, Family::Read, short);
    let until = until.expect("its end");
    let late =
        matches!(&until, Until::Otherwise(Heard::Ended(ended)) if ended.how == How::TimedOut);
    assert!(late, "{until:?}");
}

fn job_control_works() {
    // Somebody wakes the shell up again and again, until it has gone.
    let script = "(while kill -CONT $$ 2>/dev/null; do :; done) & kill -STOP $$; echo awake";
    let mut arena = arena();
    let program = shell(script).traced(&[Family::Fork, Family::Execute]);
    let process = arena.spawn(&program).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    assert_eq!((ended.how, &*ended.stdout), (How::Exited(0), "awake\n"));
}

fn a_thread_may_execute_a_program() {
    let families = [Family::Execute, Family::Fork];
    let timeline = timeline_of(&program("execute-in-thread").traced(&families));
    let last = timeline.events.iter().rev();
    let executed: Vec<_> = last
        .filter_map(|event| match &event.what {
            What::Executed { path } => Some(path.clone()),
            _ => None,
        })
        .collect();
    assert!(executed[0].ends_with("true"), "{executed:?}");
    let executed = calls(&timeline, Family::Execute);
    let result = executed.last().map(|call| call.result.clone());
    assert_eq!(result, Some(Result::Returned(0)));
}
