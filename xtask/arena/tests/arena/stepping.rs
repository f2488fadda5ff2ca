//! What an exploration finds in the smallest counters there are, and what it does not take for
//! something else.

use arena::{
    Access, Disturbance, End, Exploration, Explored, Heard, How, Outcome, ProcessId, Program,
    Schedule,
};

use crate::{LONG, Test, arena, roles::program_in_session, this};

pub(crate) fn tests() -> Vec<Test> {
    vec![
        (
            "a_plain_addition_loses_an_update",
            a_plain_addition_loses_an_update,
        ),
        (
            "the_lost_update_can_be_made_again_and_shown",
            the_lost_update_can_be_made_again,
        ),
        (
            "an_atomic_addition_loses_none",
            an_atomic_addition_loses_none,
        ),
        (
            "what_is_inherited_is_explored_too",
            what_is_inherited_is_explored_too,
        ),
        ("a_forged_mark_is_noticed", a_forged_mark_is_noticed),
        (
            "a_signal_within_an_operation_changes_nothing",
            a_signal_changes_nothing,
        ),
        (
            "signals_of_a_timer_change_nothing",
            signals_of_a_timer_change_nothing,
        ),
        ("another_task_is_told", another_task_is_told),
        (
            "a_sleep_within_an_operation_changes_nothing",
            a_sleep_within_an_operation_changes_nothing,
        ),
        (
            "a_companion_outside_operations_is_told",
            a_companion_outside_operations_is_told,
        ),
        (
            "who_waits_for_nobody_is_asleep",
            who_waits_for_nobody_is_asleep,
        ),
        (
            "who_goes_round_in_circles_is_told",
            who_goes_round_in_circles_is_told,
        ),
        ("who_never_ends_is_timed_out", who_never_ends_is_timed_out),
        (
            "who_prints_much_does_not_hang",
            who_prints_much_does_not_hang,
        ),
        (
            "who_ends_within_an_operation_is_told",
            who_ends_within_an_operation_is_told,
        ),
        (
            "the_same_exploration_brings_the_same",
            the_same_exploration_brings_the_same,
        ),
        (
            "a_lock_that_dies_with_its_owner_stops_nobody",
            a_lock_that_dies_with_its_owner_stops_nobody,
        ),
        (
            "a_lock_file_outlives_its_owner",
            a_lock_file_outlives_its_owner,
        ),
        ("half_an_update_is_found", half_an_update_is_found),
        (
            "a_handler_that_takes_the_operation_s_lock_sleeps_for_ever",
            a_handler_that_takes_the_lock_sleeps,
        ),
        (
            "a_handler_that_reads_and_writes_loses_a_signal",
            a_handler_that_reads_and_writes_loses_a_signal,
        ),
        (
            "a_handler_that_adds_at_once_loses_none",
            a_handler_that_adds_at_once_loses_none,
        ),
    ]
}

/// How the processes come to share the number.
#[derive(Clone, Copy)]
enum Shared {
    Opened,
    Inherited,
}

/// Explores an operation of three processes that share a number in a file.
fn explore(operation: &str, shared: Shared, only: Option<Schedule>) -> (Vec<Outcome>, Explored) {
    let mut arena = arena();
    let path = arena.path("number");
    let mut questions = vec![format!(
        "1 open {}",
        driver::escape(&path.to_string_lossy())
    )];
    if operation == "atomic-alarm" {
        questions.push("2 alarm".to_owned());
    }
    let ask = |arena: &mut arena::Arena, process: ProcessId, question: &str| {
        arena.tell(process, question).expect("it hears");
        let heard = arena.hear(process, LONG).expect("an answer");
        let ok = matches!(&heard, Heard::Line(line) if line.ends_with(" ok"));
        assert!(ok, "{question}: {heard:?}");
    };
    let mut processes = Vec::new();
    match shared {
        Shared::Opened => {
            for _ in 0..3 {
                let process = arena.spawn(&program_in_session(true)).expect("a driver");
                arena.hear(process, LONG).expect("it is ready");
                questions
                    .iter()
                    .for_each(|question| ask(&mut arena, process, question));
                processes.push(process);
            }
        }
        Shared::Inherited => {
            let program = Program::new(this()).session(2).stepped();
            let parent = arena.spawn(&program).expect("a driver");
            arena.hear(parent, LONG).expect("it is ready");
            questions
                .iter()
                .for_each(|question| ask(&mut arena, parent, question));
            processes.push(parent);
            for _ in 0..2 {
                let child = arena.fork(parent).expect("a child");
                arena.hear(child, LONG).expect("it is ready");
                processes.push(child);
            }
        }
    }
    let word = operation.split('-').next().expect("a word");
    let exploration = Exploration {
        processes,
        operation: format!("{word} $random"),
        after: "get".to_owned(),
        seed: 4177,
        only,
        recorded: only.is_some(),
        disturbance: Disturbance::Nothing,
    };
    let mut outcomes = Vec::new();
    let explored = arena.explore(&exploration, |outcome| outcomes.push(outcome.clone()));
    let explored = explored.expect("this machine can step");
    // The drivers are still there, or what is left of them; nobody else is.
    assert!(arena.finish().expect("an orderly end") <= 3);
    (outcomes, explored)
}

/// Rounds in which the number did not grow by what was added, or somebody sees another number.
fn wrong(outcomes: &[Outcome]) -> Vec<Schedule> {
    let number = |line: &String| -> u64 {
        let last = line.split(' ').next_back().expect("a field");
        last.parse().expect("a number")
    };
    let (mut before, mut wrong) = (0, Vec::new());
    for outcome in outcomes {
        assert_eq!(outcome.end, End::Finished, "{:?}", outcome.schedule);
        let wanted = before + outcome.asked.iter().map(number).sum::<u64>();
        let after: Vec<u64> = outcome.after.iter().map(number).collect();
        if after.iter().any(|value| *value != wanted) {
            wrong.push(outcome.schedule);
        }
        before = after[0];
    }
    wrong
}

fn a_plain_addition_loses_an_update() {
    let (outcomes, explored) = explore("plain", Shared::Opened, None);
    let wrong = wrong(&outcomes);
    // Held between its read and its write, A overwrites what B did.
    assert!(wrong.contains(&Schedule::One { a: 1 }), "{wrong:?}");
    // Held before it has read anything, or nobody held: nothing is lost.
    assert!(!wrong.contains(&Schedule::One { a: 0 }), "{wrong:?}");
    assert!(!wrong.contains(&Schedule::Serial), "{wrong:?}");
    assert_eq!(explored.missed, 0);
}

fn the_lost_update_can_be_made_again() {
    let (outcomes, _) = explore("plain", Shared::Opened, Some(Schedule::One { a: 1 }));
    let last = outcomes.last().expect("a round");
    assert_eq!(last.schedule, Schedule::One { a: 1 });
    let story: Vec<(usize, bool)> = last
        .touches
        .iter()
        .filter_map(|touch| match touch.access {
            Access::Read { .. } => Some((touch.who, false)),
            Access::Write { .. } => Some((touch.who, true)),
            Access::Call { .. } => None,
        })
        .collect();
    // A reads; B reads and writes; A writes.
    assert_eq!(story, [(0, false), (1, false), (1, true), (0, true)]);
    let line = last.touches[0]
        .line
        .as_ref()
        .expect("a line of this program");
    assert!(line.file.ends_with("roles.rs"), "{line:?}");
    assert_eq!(wrong(&outcomes), [Schedule::One { a: 1 }]);
}

fn an_atomic_addition_loses_none() {
    let (outcomes, explored) = explore("atomic", Shared::Opened, None);
    assert_eq!(wrong(&outcomes), []);
    assert_eq!(explored.missed, 0);
    assert!(
        explored.ones > 0 && explored.twos > 0 && explored.threes > 0,
        "{explored:?}"
    );
}

fn what_is_inherited_is_explored_too() {
    let (outcomes, _) = explore("atomic", Shared::Inherited, None);
    assert_eq!(wrong(&outcomes), []);
    let (outcomes, _) = explore("plain", Shared::Inherited, None);
    assert!(wrong(&outcomes).contains(&Schedule::One { a: 1 }));
}

/// How the operations of the last round ended.
fn end_of(operation: &str) -> End {
    let (mut outcomes, _) = explore(operation, Shared::Opened, None);
    outcomes.pop().expect("a round").end
}

fn a_forged_mark_is_noticed() {
    assert_eq!(end_of("forge"), End::Forged { who: 0 });
}

fn a_signal_changes_nothing() {
    let (outcomes, explored) = explore("signal", Shared::Opened, None);
    assert_eq!((wrong(&outcomes), explored.missed), (vec![], 0));
}

fn signals_of_a_timer_change_nothing() {
    let (outcomes, explored) = explore("atomic-alarm", Shared::Opened, None);
    assert_eq!((wrong(&outcomes), explored.missed), (vec![], 0));
}

fn another_task_is_told() {
    assert_eq!(end_of("thread"), End::OtherTask { who: 0 });
}

fn a_sleep_within_an_operation_changes_nothing() {
    let (outcomes, explored) = explore("nap", Shared::Opened, None);
    assert!(outcomes.iter().all(|outcome| outcome.end == End::Finished));
    assert_eq!(explored.missed, 0, "{explored:?}");
}

fn a_companion_outside_operations_is_told() {
    let mut arena = arena();
    let process = arena.spawn(&program_in_session(true)).expect("a driver");
    arena.hear(process, LONG).expect("it is ready");
    arena.tell(process, "1 companion").expect("it hears");
    let heard = arena.hear(process, LONG).expect("its end");
    let told = matches!(&heard, Heard::Ended(ended) if ended.how == How::OtherTask);
    assert!(told, "{heard:?}");
}

fn who_waits_for_nobody_is_asleep() {
    let end = end_of("wait");
    assert!(
        matches!(&end, End::Asleep { who: 0, call, .. } if call == "futex"),
        "{end:?}"
    );
}

fn who_goes_round_in_circles_is_told() {
    let end = end_of("circle");
    assert!(matches!(end, End::Spinning { .. }), "{end:?}");
}

fn who_never_ends_is_timed_out() {
    assert_eq!(end_of("endless"), End::TimedOut { who: 0 });
}

fn who_prints_much_does_not_hang() {
    for shared in [Shared::Opened, Shared::Inherited] {
        let (outcomes, explored) = explore("talk", shared, None);
        assert_eq!((wrong(&outcomes), explored.missed), (vec![], 0));
    }
}

fn who_ends_within_an_operation_is_told() {
    let end = end_of("die");
    let End::Ended { who: 0, ended } = end else {
        panic!("{end:?}")
    };
    let (name, number) = ("SIGABRT".to_owned(), libc::SIGABRT);
    assert_eq!(ended.how, arena::How::Signalled { name, number });
}

fn the_same_exploration_brings_the_same() {
    let facts = || {
        let (outcomes, explored) = explore("plain", Shared::Opened, None);
        let rounds: Vec<_> = outcomes
            .into_iter()
            .map(|outcome| {
                (
                    outcome.schedule,
                    outcome.asked,
                    outcome.answered,
                    outcome.after,
                )
            })
            .collect();
        (rounds, explored.instructions, explored.shared)
    };
    assert_eq!(facts(), facts());
}

/// Kills the first of three processes at each of its shared instructions, each time others; the
/// outcomes of the rounds in which it was killed.
fn kills(operation: &str) -> (Vec<Outcome>, Explored) {
    let mut arena = arena();
    let mut found = Vec::new();
    let mut all = Explored::default();
    let mut measured = None;
    for a in 0.. {
        for met in [false, true] {
            let path = arena.path(&format!("number-{a:03}-{met}"));
            let question = format!("1 open {}", driver::escape(&path.to_string_lossy()));
            let processes = [(); 3].map(|()| {
                let process = arena.spawn(&program_in_session(true)).expect("a driver");
                arena.hear(process, LONG).expect("it is ready");
                arena.tell(process, &question).expect("it hears");
                arena.hear(process, LONG).expect("an answer");
                process
            });
            let exploration = Exploration {
                processes: processes.to_vec(),
                operation: format!("{operation} $random"),
                after: "get".to_owned(),
                seed: 4177,
                only: Some(Schedule::Killed { a, met }),
                recorded: false,
                disturbance: Disturbance::Kill { measured },
            };
            let mut last = None;
            let explored = arena.explore(&exploration, |outcome| last = Some(outcome.clone()));
            let explored = explored.expect("this machine can step");
            measured = Some(arena::Measure {
                instructions: explored.instructions,
                calls: explored.calls,
            });
            let last = last.expect("a round");
            all.kills += explored.kills;
            all.missed += explored.missed;
            if !matches!(last.schedule, Schedule::Killed { .. }) {
                assert!(a > 0, "{last:?}");
                return (found, all);
            }
            found.push(last);
        }
    }
    unreachable!("an operation has an end")
}

/// The last word of an answer.
fn number(line: &str) -> u64 {
    let last = line.split(' ').next_back().expect("a field");
    last.parse().expect("a number")
}

/// Whether the survivors could finish, and see what they added with all of A's part or nothing of
/// it. What was there before comes from the rounds without a kill, so it is not known here: it shows
/// in what B and C have reached.
fn is_recovered(outcome: &Outcome) -> bool {
    if outcome.end != End::Finished {
        return false;
    }
    let added: Vec<u64> = outcome.asked.iter().map(|line| number(line)).collect();
    let survivors: Vec<u64> = outcome
        .answered
        .iter()
        .flatten()
        .map(|it| number(it))
        .collect();
    let [b, c] = survivors[..] else {
        panic!("{outcome:?}")
    };
    let last = b.max(c);
    let after: Vec<u64> = outcome.after.iter().map(|line| number(line)).collect();
    // One of them came directly after the other, unless A's addition is between.
    let between = b.abs_diff(c);
    let own = if b > c { added[1] } else { added[2] };
    after == [last, last] && (between == own || between == own + added[0])
}

fn a_lock_that_dies_with_its_owner_stops_nobody() {
    let (outcomes, explored) = kills("flock");
    assert!(outcomes.len() >= 8, "{outcomes:?}");
    for outcome in &outcomes {
        assert!(is_recovered(outcome), "{outcome:?}");
        assert_eq!(outcome.answered[0], None);
    }
    assert_eq!(explored.missed, 0);
}

fn a_lock_file_outlives_its_owner() {
    let (outcomes, explored) = kills("lockfile");
    let stuck: Vec<_> = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.end, End::Spinning { .. }))
        .map(|outcome| outcome.schedule)
        .collect();
    // Not before it has made the file, and not once it has removed it.
    assert!(!stuck.contains(&Schedule::Killed { a: 0, met: false }));
    assert!(
        stuck.contains(&Schedule::Killed { a: 2, met: false }),
        "{outcomes:?}"
    );
    assert!(
        stuck.contains(&Schedule::Killed { a: 2, met: true }),
        "{outcomes:?}"
    );
    assert_eq!(explored.missed, 0);
}

fn half_an_update_is_found() {
    // An odd number is never to be seen; who sees one goes round in circles.
    let (outcomes, _) = kills("circle");
    let stuck = outcomes
        .iter()
        .filter(|outcome| outcome.end != End::Finished);
    let stuck: Vec<_> = stuck.map(|outcome| outcome.schedule).collect();
    let half = [false, true].map(|met| Schedule::Killed { a: 2, met });
    assert_eq!(stuck, half, "{outcomes:?}");
}

/// Sends SIGUSR1 to a process at each instruction of its operation.
fn signals(operation: &str, handler: &str) -> (Vec<Outcome>, Explored) {
    let mut arena = arena();
    let process = arena.spawn(&program_in_session(true)).expect("a driver");
    arena.hear(process, LONG).expect("it is ready");
    let path = arena.path("number");
    let open = format!("1 open {}", driver::escape(&path.to_string_lossy()));
    for question in [open, format!("2 handle {handler}")] {
        arena.tell(process, &question).expect("it hears");
        arena.hear(process, LONG).expect("an answer");
    }
    let exploration = Exploration {
        processes: vec![process],
        operation: format!("{operation} $random"),
        after: "caught".to_owned(),
        seed: 4177,
        only: None,
        recorded: false,
        disturbance: Disturbance::Signal(libc::SIGUSR1),
    };
    let mut outcomes = Vec::new();
    let explored = arena.explore(&exploration, |outcome| outcomes.push(outcome.clone()));
    (outcomes, explored.expect("this machine can step"))
}

fn a_handler_that_takes_the_lock_sleeps() {
    let (outcomes, _) = signals("count-locked", "locking");
    let last = outcomes.last().expect("a round");
    let asleep = matches!(&last.end, End::Asleep { who: 0, call, .. } if call == "futex");
    assert!(asleep, "{last:?}");
    assert!(matches!(last.schedule, Schedule::Signalled { a } if a > 0));
}

/// How often the number of what was counted, by the operation and by the handler, was too small.
fn lost(outcomes: &[Outcome]) -> usize {
    let (mut before, mut lost) = (0, 0);
    for outcome in outcomes {
        assert_eq!(outcome.end, End::Finished, "{:?}", outcome.schedule);
        let by_handler = u64::from(matches!(outcome.schedule, Schedule::Signalled { .. }));
        let counted = number(&outcome.after[0]);
        lost += usize::from(counted != before + 1 + by_handler);
        before = counted;
    }
    lost
}

fn a_handler_that_reads_and_writes_loses_a_signal() {
    let (outcomes, explored) = signals("count-plainly", "plain");
    assert!(lost(&outcomes) > 0, "{explored:?}");
}

fn a_handler_that_adds_at_once_loses_none() {
    let (outcomes, explored) = signals("count-at-once", "atomic");
    assert_eq!((lost(&outcomes), explored.missed), (0, 0), "{explored:?}");
    // Everywhere, and not only where others could notice something.
    assert!(explored.signals > explored.shared, "{explored:?}");
    assert_eq!(explored.signals, explored.places);
}
