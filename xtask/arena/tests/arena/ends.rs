//! How a process ended is told as it was. A deadlock is noticed from the states of all tasks; time
//! only ends what would not end.

use std::time::{Duration, Instant};

use arena::{Arena, Heard, How, Limits};
use probe::Family;

use crate::{LONG, Test, arena, program, roles::program_in_session, run};

pub(crate) fn tests() -> Vec<Test> {
    vec![
        (
            "who_had_no_turn_is_not_to_blame",
            who_had_no_turn_is_not_to_blame,
        ),
        (
            "who_is_late_for_want_of_turns_is_waited_for",
            who_is_late_for_want_of_turns_is_waited_for,
        ),
        (
            "who_waits_for_a_child_without_a_turn_is_waited_for",
            who_waits_for_a_child_without_a_turn_is_waited_for,
        ),
        (
            "threads_that_keep_each_other_waiting_are_to_blame",
            threads_that_keep_each_other_waiting_are_to_blame,
        ),
        ("exit_codes_are_told", exit_codes_are_told),
        ("signals_are_told_by_name", signals_are_told_by_name),
        ("a_panic_is_one_line", a_panic_is_one_line),
        (
            "a_deadlock_is_noticed_from_state",
            a_deadlock_is_noticed_from_state,
        ),
        (
            "who_has_the_other_end_of_a_pipe_is_told",
            who_has_the_other_end_of_a_pipe_is_told,
        ),
        (
            "a_sleep_with_an_end_is_no_deadlock",
            a_sleep_with_an_end_is_no_deadlock,
        ),
        ("what_runs_on_is_timed_out", what_runs_on_is_timed_out),
        (
            "the_arenas_deadline_ends_everything",
            the_arenas_deadline_ends_everything,
        ),
        (
            "the_limit_of_cpu_time_has_its_signal",
            the_limit_of_cpu_time_has_its_signal,
        ),
        (
            "output_is_kept_up_to_the_limit",
            output_is_kept_up_to_the_limit,
        ),
        (
            "a_driver_answers_until_its_channel_closes",
            a_driver_answers_until_its_channel_closes,
        ),
        (
            "an_exit_instead_of_an_answer_is_heard",
            an_exit_instead_of_an_answer_is_heard,
        ),
        (
            "who_reads_the_channel_waits_until_the_deadline",
            who_reads_the_channel_waits,
        ),
        (
            "what_cannot_be_executed_is_an_error",
            what_cannot_be_executed_is_an_error,
        ),
    ]
}

fn exit_codes_are_told() {
    for code in [0, 3, 127] {
        let ended = run(
            &program("exit-with").arg(code.to_string()),
            Limits::default(),
        );
        assert_eq!(ended.how, How::Exited(code));
    }
}

fn signals_are_told_by_name() {
    let signalled = |role: arena::Program| run(&role, Limits::default()).how;
    for (number, name) in [
        (libc::SIGTERM, "SIGTERM"),
        (libc::SIGABRT, "SIGABRT"),
        (libc::SIGKILL, "SIGKILL"),
        (40, "signal 40"),
    ] {
        let name = name.to_owned();
        let how = signalled(program("raise").arg(number.to_string()));
        assert_eq!(how, How::Signalled { name, number });
    }
    let (name, number) = ("SIGSEGV".to_owned(), libc::SIGSEGV);
    assert_eq!(signalled(program("fault")), How::Signalled { name, number });
}

fn a_panic_is_one_line() {
    let ended = run(&program("panic"), Limits::default());
    assert_eq!(ended.how, How::Exited(101));
    let told = ended.printed;
    assert!(told.starts_with("interlock: panic at "), "{told}");
    assert!(told.ends_with(": two\\nlines\n"), "{told}");
}

fn a_deadlock_is_noticed_from_state() {
    let cases = [
        ("lock-twice", "futex"),
        ("threads-wait", "futex"),
        ("child-waits", "wait4"),
        ("read-a-pipe", "read"),
        ("fill-a-pipe", "write"),
        ("poll-a-pipe", "poll"),
    ];
    for (role, call, families) in cases
        .iter()
        .flat_map(|(role, call)| [(role, call, [].as_slice()), (role, call, &[Family::Futex])])
    {
        let mut arena = arena();
        let program = program(role).traced(families);
        let process = arena.spawn(&program).expect("it starts");
        let ended = arena.wait(process, LONG).expect("it ends");
        let How::Deadlocked(sleepers) = &ended.how else {
            panic!("{role}: {ended:?}")
        };
        assert_eq!(sleepers[0].call, *call, "{role}");
        // Each with the line in which it waits.
        for sleeper in sleepers {
            let line = sleeper.line.as_ref().expect("a line of this program");
            assert!(line.file.ends_with("roles.rs"), "{line:?}");
            let source = include_str!("roles.rs").lines().nth(line.line as usize - 1);
            let source = source.expect("a line of the file");
            let waits = [
                "lock()",
                "recv()",
                "join()",
                "in_child(",
                "libc::syscall(",
                "read_exact(",
                "write_all(",
                "libc::poll(",
            ];
            assert!(waits.iter().any(|wait| source.contains(wait)), "{source}");
        }
        arena.finish().expect("an orderly end");
    }
}

fn who_has_the_other_end_of_a_pipe_is_told() {
    let mut arena = arena();
    let process = arena.spawn(&program("read-a-pipe")).expect("it starts");
    let ended = arena.wait(process, LONG).expect("it ends");
    let How::Deadlocked(sleepers) = &ended.how else {
        panic!("{ended:?}")
    };
    let [wait] = &sleepers[0].pipes[..] else {
        panic!("{sleepers:?}")
    };
    assert!(wait.own.is_asked && wait.own.command.contains(&"read-a-pipe".to_owned()));
    let [other] = &wait.others[..] else {
        panic!("{wait:?}")
    };
    assert_eq!(other.process, wait.own.process);
    assert_ne!(other.descriptor, wait.own.descriptor);
    arena.finish().expect("an orderly end");
}

fn a_sleep_with_an_end_is_no_deadlock() {
    for (role, left) in [
        ("sleep", 0),
        ("poll-with-an-end", 0),
        ("read-from-an-orphan", 1),
    ] {
        let mut arena = arena();
        let process = arena.spawn(&program(role)).expect("it starts");
        let ended = arena
            .wait(process, Duration::from_millis(400))
            .expect("it ends");
        assert_eq!(ended.how, How::TimedOut, "{role}");
        assert_eq!(arena.finish().expect("an orderly end"), left, "{role}");
    }
}

fn what_runs_on_is_timed_out() {
    let mut arena = arena();
    let process = arena.spawn(&program("spin")).expect("it starts");
    let ended = arena
        .wait(process, Duration::from_millis(50))
        .expect("it ends");
    assert_eq!(ended.how, How::TimedOut);
    // And it stays so.
    assert_eq!(arena.wait(process, LONG).expect("its end"), ended);
}

fn the_arenas_deadline_ends_everything() {
    let limits = Limits {
        deadline: 1,
        ..Limits::default()
    };
    assert_eq!(run(&program("sleep"), limits).how, How::TimedOut);
}

fn the_limit_of_cpu_time_has_its_signal() {
    let limits = Limits {
        cpu: 1,
        ..Limits::default()
    };
    let ended = run(&program("spin"), limits);
    let (name, number) = ("SIGXCPU".to_owned(), libc::SIGXCPU);
    assert_eq!(ended.how, How::Signalled { name, number });
}

fn output_is_kept_up_to_the_limit() {
    let limits = Limits {
        output: 1000,
        ..Limits::default()
    };
    let ended = run(&program("flood"), limits);
    assert_eq!((ended.how, ended.stdout.len()), (How::Exited(0), 1000));
    assert_eq!(ended.printed.len(), 1000);
}

fn a_driver_answers_until_its_channel_closes() {
    let mut arena = arena();
    let driver = arena.spawn(&program_in_session(false)).expect("a driver");
    let mut hear = |line: Option<&str>| {
        if let Some(line) = line {
            arena.tell(driver, line).expect("it hears");
        }
        arena.hear(driver, LONG).expect("an answer")
    };
    assert_eq!(hear(None), Heard::Line("0 ok ready".into()));
    assert_eq!(hear(Some("1 keep")), Heard::Line("1 ok".into()));
    assert_eq!(hear(Some("2 caught")), Heard::Line("2 ok 0".into()));
    assert_eq!(
        arena.wait(driver, LONG).expect("its end").how,
        How::Exited(0)
    );
    // Nobody is left to hear this; that is no error.
    arena.tell(driver, "3 keep").expect("nothing happens");
}

fn an_exit_instead_of_an_answer_is_heard() {
    let mut arena = arena();
    let driver = arena.spawn(&program_in_session(false)).expect("a driver");
    arena.hear(driver, LONG).expect("it is ready");
    arena.tell(driver, "1 exit").expect("it hears");
    let Heard::Ended(ended) = arena.hear(driver, LONG).expect("its end") else {
        panic!("an answer")
    };
    assert_eq!(ended.how, How::Exited(0));
}

fn who_reads_the_channel_waits() {
    let mut arena = arena();
    let driver = arena.spawn(&program_in_session(false)).expect("a driver");
    arena.hear(driver, LONG).expect("it is ready");
    arena.tell(driver, "1 steal").expect("it hears");
    let heard = arena
        .hear(driver, Duration::from_millis(400))
        .expect("its end");
    assert!(matches!(heard, Heard::Ended(ended) if ended.how == How::TimedOut));
}

fn what_cannot_be_executed_is_an_error() {
    let began = Instant::now();
    let mut arena = arena();
    let error = arena.spawn(&arena::Program::new("/nowhere/at/all"));
    let error = error.expect_err("no such program").to_string();
    assert!(error.contains("/nowhere/at/all"), "{error}");
    // The helper goes on.
    let process = arena.spawn(&program("exit-with")).expect("it starts");
    assert_eq!(
        arena.wait(process, LONG).expect("its end").how,
        How::Exited(0)
    );
    assert!(began.elapsed() < LONG);
}

fn who_had_no_turn_is_not_to_blame() {
    let mut arena = crowded(Limits {
        deadline: 2,
        patience: 2,
        ..Limits::default()
    });
    let one = arena.spawn(&program("spin")).expect("it starts");
    let ended = arena.wait(one, Duration::MAX).expect("its end");
    assert_eq!(ended.how, How::NoTurn);
}

fn who_is_late_for_want_of_turns_is_waited_for() {
    // A second of its own takes longer than that by the clock.
    let mut arena = crowded(Limits {
        deadline: 3,
        patience: 120,
        ..Limits::default()
    });
    let began = Instant::now();
    let one = arena.spawn(&program("compute")).expect("it starts");
    let ended = arena.wait(one, Duration::MAX).expect("its end");
    assert_eq!(ended.how, How::Exited(0));
    assert!(began.elapsed() > Duration::from_secs(3));
}

fn who_waits_for_a_child_without_a_turn_is_waited_for() {
    // It sleeps all the time, far longer than its deadline, for children of which each is late.
    let mut arena = crowded(Limits {
        deadline: 6,
        patience: 240,
        ..Limits::default()
    });
    let began = Instant::now();
    let one = arena
        .spawn(&program("let-others-compute"))
        .expect("it starts");
    let ended = arena.wait(one, Duration::MAX).expect("its end");
    assert_eq!(ended.how, How::Exited(0));
    assert!(began.elapsed() > Duration::from_secs(6));
}

fn threads_that_keep_each_other_waiting_are_to_blame() {
    let limits = Limits {
        deadline: 2,
        patience: 600,
        ..Limits::default()
    };
    assert_eq!(run(&program("spin-in-threads"), limits).how, How::TimedOut);
}

/// A box in which seven programs are busy on every CPU: one more gets an eighth of the time, at most.
fn crowded(limits: Limits) -> Arena {
    let mut arena = crate::arena_with(Limits {
        tasks: 500,
        ..limits
    });
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    for _ in 1..8 * cores {
        arena.spawn(&program("spin")).expect("it starts");
    }
    arena
}
