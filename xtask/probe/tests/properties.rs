//! What is true of every sentence and every picture, whatever the timeline: tried on random ones,
//! with processes, threads, marks, lines and calls of every family in any order.

use probe::{
    Argument, Call, Calls, Event, Family, Injection, Result, SourceLine, Timeline, Value, What,
    picture,
};
use proptest::prelude::*;

fn names() -> Vec<&'static str> {
    Family::ALL
        .iter()
        .flat_map(|family| family.names())
        .copied()
        .collect()
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Number),
        any::<u64>().prop_map(Value::Address),
        "(/[a-z锁é]{1,12}){1,4}".prop_map(Value::Path),
        (
            any::<i32>(),
            proptest::option::of("(pipe:|socket:|/)[a-z0-9]{1,9}")
        )
            .prop_map(|(number, target)| Value::Descriptor { number, target }),
        (any::<u64>(), "[A-Z_|]{1,12}").prop_map(|(bits, names)| Value::Flags { bits, names }),
    ]
}

fn result() -> impl Strategy<Value = Result> {
    prop_oneof![
        any::<i64>().prop_map(Result::Returned),
        (1..140).prop_map(|errno| Result::Failed { errno }),
        Just(Result::Interrupted),
        Just(Result::NotReturned),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    let argument = ("(fd|cmd|flags|pathname|length)", value())
        .prop_map(|(name, value)| Argument { name, value });
    let line = ("[a-z/]{1,30}\\.rs", any::<u32>());
    (
        proptest::sample::select(names()),
        proptest::collection::vec(argument, 0..6),
        result(),
        proptest::option::of((0..200).prop_map(Injection::Error)),
        proptest::option::of(line.prop_map(|(file, line)| SourceLine { file, line })),
    )
        .prop_map(|(name, arguments, result, injected, line)| Call {
            name: name.to_owned(),
            arguments,
            result,
            returned_at: None,
            injected,
            line,
        })
}

fn event() -> impl Strategy<Value = Event> {
    let what = prop_oneof![
        6 => call().prop_map(What::Call),
        1 => (1..9, any::<bool>()).prop_map(|(task, thread)| What::Started { task, thread }),
        1 => "(/[a-z]{1,9}){1,3}".prop_map(|path| What::Executed { path }),
        1 => Just(What::Signalled { name: "SIGCHLD".to_owned() }),
        1 => Just(What::Ended { how: "exit 0".to_owned() }),
        1 => "[ab]".prop_map(What::Mark),
    ];
    (1..5, 0..2, what).prop_map(|(process, thread, what)| Event {
        process,
        task: process + thread,
        what,
    })
}

fn timeline() -> impl Strategy<Value = Timeline> {
    proptest::collection::vec(event(), 0..60).prop_map(|events| Timeline { events })
}

fn family() -> impl Strategy<Value = Family> {
    proptest::sample::select(Family::ALL.to_vec())
}

fn of(timeline: &Timeline, family: Family) -> Calls<'_> {
    Calls::of(timeline, family, "the call", "该调用")
}

/// The places of a family's calls, found by hand.
fn places(timeline: &Timeline, family: Family) -> Vec<usize> {
    let is =
        |at: &usize| matches!(&timeline.events[*at].what, What::Call(call) if family.has(call));
    (0..timeline.events.len()).filter(is).collect()
}

/// Enough to meet every kind of event many times; a failure is told and leaves no file.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// A count is what is there, and exactly one number of them is the right one.
    #[test]
    fn counts_are_exact(timeline in timeline(), family in family(), wanted in 0_usize..20) {
        let calls = of(&timeline, family);
        let count = places(&timeline, family).len();
        prop_assert_eq!(calls.count(), count);
        prop_assert_eq!(calls.exactly(wanted).is_ok(), wanted == count);
        prop_assert_eq!(calls.never().is_ok(), count == 0);
        prop_assert_eq!(calls.happen().is_ok(), count > 0);
    }

    /// Of two kinds of calls that both happen, one comes first, and only one.
    #[test]
    fn one_of_two_comes_first(timeline in timeline(), one in family(), other in family()) {
        let (first, second) = (places(&timeline, one), places(&timeline, other));
        let (ones, others) = (of(&timeline, one), of(&timeline, other));
        match (first.first(), second.first()) {
            (_, None) => prop_assert_eq!(ones.before(&others), Ok(())),
            (None, Some(_)) => prop_assert!(ones.before(&others).is_err()),
            (Some(a), Some(b)) => {
                prop_assert_eq!(ones.before(&others).is_ok(), a < b);
                prop_assert_eq!(others.before(&ones).is_ok(), b < a);
            }
        }
    }

    /// To look at each process alone, and at what succeeds and what does not, loses no call and finds
    /// none twice.
    #[test]
    fn parts_make_the_whole(timeline in timeline(), family in family()) {
        let all = of(&timeline, family).count();
        let alone: usize = (1..5).map(|it| of(&timeline, family).in_process(it).count()).sum();
        prop_assert_eq!(alone, all);
        let good = of(&timeline, family).that_succeed().count();
        let bad = of(&timeline, family)
            .only(|call| call.returned().is_none_or(|value| value < 0))
            .count();
        prop_assert_eq!(good + bad, all);
    }

    /// Whoever is not as it should be is the first such one, and its line is told.
    #[test]
    fn the_first_offender_is_marked(timeline in timeline(), family in family()) {
        let succeeds = |call: &Call| call.returned().is_some();
        let holds = of(&timeline, family).all_are(succeeds, "fails", "失败");
        let offender = places(&timeline, family).into_iter().find_map(|at| {
            match &timeline.events[at].what {
                What::Call(call) if !succeeds(call) => Some((at, call.line.clone())),
                _ => None,
            }
        });
        match (holds, offender) {
            (Ok(()), None) => {}
            (Err(broken), Some((at, line))) => {
                prop_assert_eq!(&broken.line, &line);
                prop_assert_eq!(broken.view.picture().matches("<--").count(), 1);
                prop_assert_eq!(broken.view.picture(), picture(&timeline, Some(at), 20));
            }
            (holds, offender) => prop_assert!(false, "{holds:?} {offender:?}"),
        }
    }

    /// A picture keeps to its lines and its width, has a column for each process that it shows, and
    /// marks what it was asked to.
    #[test]
    fn a_picture_keeps_its_bounds(
        timeline in timeline(),
        lines in 1_usize..24,
        place in any::<prop::sample::Index>(),
        is_marked in any::<bool>(),
    ) {
        let count = timeline.events.len();
        let marked = (is_marked && count > 0).then(|| place.index(count));
        let shown = picture(&timeline, marked, lines);
        prop_assert!(shown.lines().count() <= lines + 1, "{shown}");
        prop_assert!(shown.lines().all(|line| line.chars().count() <= 86), "{shown}");
        prop_assert_eq!(shown.matches("<--").count(), usize::from(marked.is_some()), "{}", shown);
    }

    /// A phase holds nothing but what stands between its mark and the next.
    #[test]
    fn a_phase_is_a_piece_without_marks(timeline in timeline()) {
        let phase = timeline.phase("a");
        prop_assert!(!phase.events.iter().any(|event| matches!(event.what, What::Mark(_))));
        let length = phase.events.len();
        let is_piece = length == 0
            || timeline.events.windows(length).any(|piece| piece == phase.events);
        prop_assert!(is_piece);
    }
}
