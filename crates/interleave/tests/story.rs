//! What an execution is told as: a story of moments, and positions in the middle of one.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::model::position::{Position, Script};
use std::model::story::Story;
use std::model::{Kind, Model, Tracked, Verdict};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::{Condvar, Mutex};
use std::{futex, thread};

/// Two threads add to a number by a load and a store.
fn lost_update() {
    let number = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let old = number.load(Acquire);
                number.store(old + 1, Release);
            });
        }
    });
    assert_eq!(
        number.load(Acquire),
        2,
        "an update is lost / 丢失了一次更新"
    );
}

/// A flag that says that something is ready, and does not order it.
fn unordered_flag() {
    let (data, flag) = (Tracked::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            data.set(7);
            flag.store(1, Relaxed);
        });
        if flag.load(Acquire) == 1 {
            data.get();
        }
    });
}

/// A lock that sleeps, and does not wake whoever came last.
fn forgetful_lock() {
    let state = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                if state.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
                    while state.swap(2, Acquire) != 0 {
                        let _ended = futex::wait(&state, 2, None);
                    }
                    // Should stay 2: somebody else may sleep.
                    state.store(1, Relaxed);
                }
                if state.swap(0, AcqRel) == 2 {
                    futex::wake(&state, 1);
                }
            });
        }
    });
}

/// A right program with all that one can choose: a condition variable and a spinner.
fn handover() {
    let (full, changed) = (Mutex::new(0), Condvar::new());
    let done = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut full = full.lock().unwrap();
                while *full == 0 {
                    full = changed.wait(full).unwrap();
                }
                *full -= 1;
                done.fetch_add(1, Release);
            });
        }
        for _ in 0..2 {
            *full.lock().unwrap() += 1;
            changed.notify_one();
        }
        while done.load(Acquire) < 2 {
            std::hint::spin_loop();
        }
    });
}

fn shown(program: fn()) -> Story {
    let report = Model::new().check(program);
    report.counterexample().expect("it fails").story().clone()
}

/// The values that a thing had, the initial one first.
fn history(story: &Story, thing: usize) -> Vec<String> {
    let writes = story
        .moments
        .iter()
        .filter(|moment| moment.thing == Some(thing));
    let writes = writes.filter_map(|moment| moment.writes.clone());
    story.things[thing]
        .initial
        .iter()
        .cloned()
        .chain(writes)
        .collect()
}

/// What must hold in every story.
fn makes_sense(story: &Story) {
    let mut written = vec![0; story.things.len()];
    let mut known: Vec<Vec<usize>> = vec![vec![0; story.things.len()]; story.threads.len()];
    for moment in &story.moments {
        if let Some(thing) = moment.thing {
            if let Some(read) = moment.reads {
                assert!(
                    read <= written[thing],
                    "{moment:?} reads what is not written yet"
                );
                assert!(
                    read >= known[moment.thread][thing],
                    "{moment:?} goes back in time"
                );
            }
            written[thing] += usize::from(moment.writes.is_some());
        }
        let mut view = moment.view.clone();
        view.resize(story.things.len(), 0);
        for (thing, &message) in view.iter().enumerate() {
            assert!(
                message <= written[thing],
                "{moment:?} knows what is not written yet"
            );
            assert!(message >= known[moment.thread][thing], "{moment:?} forgets");
        }
        known[moment.thread] = view;
        assert!(
            moment
                .wakes
                .iter()
                .all(|&woken| woken < story.threads.len())
        );
    }
    assert!(
        story
            .guilty
            .iter()
            .all(|&moment| moment < story.moments.len())
    );
}

#[test]
fn a_lost_update_is_told_with_what_was_read() {
    let story = shown(lost_update);
    makes_sense(&story);
    assert_eq!(story.kind, Some(Kind::Panic));
    let message = story.message.clone().unwrap();
    assert!(
        message.contains("an update is lost / 丢失了一次更新"),
        "{message}"
    );
    assert_eq!(story.things[0].name, "number");
    assert_eq!(history(&story, 0), ["0", "1", "1"]);
    // Both have read the initial value, and the second one could have known better.
    let loads = story
        .moments
        .iter()
        .filter(|moment| moment.thread > 0 && moment.writes.is_none());
    assert!(loads.into_iter().all(|moment| moment.reads == Some(0)));
    let deviations = story
        .moments
        .iter()
        .filter_map(|moment| moment.deviation.as_ref());
    let deviations: Vec<&str> = deviations.map(|words| words.english.as_str()).collect();
    assert_eq!(deviations, ["T2 reads an old value"]);
    let old: Vec<_> = story.moments.iter().filter(|moment| moment.old).collect();
    assert!(matches!(old[..], [moment] if moment.thread == 2 && moment.reads == Some(0)));
    let last = story.moments.last().unwrap();
    assert_eq!(story.guilty, [story.moments.len() - 1]);
    assert!(last.words.english.starts_with("panic: "), "{last:?}");
    let source = story.moments[0].source.as_deref();
    assert_eq!(source, Some("let old = number.load(Acquire);"));
}

#[test]
fn the_two_accesses_that_race_are_guilty() {
    let story = shown(unordered_flag);
    makes_sense(&story);
    assert_eq!(story.kind, Some(Kind::Race));
    let guilty: Vec<&str> = story
        .guilty
        .iter()
        .map(|&moment| story.moments[moment].words.english.as_str())
        .collect();
    assert_eq!(guilty, ["writes data", "reads data"]);
}

#[test]
fn wakes_go_from_the_waker_to_the_woken() {
    let story = shown(forgetful_lock);
    makes_sense(&story);
    assert_eq!(story.kind, Some(Kind::Deadlock));
    let wakes = story
        .moments
        .iter()
        .find(|moment| !moment.wakes.is_empty())
        .unwrap();
    assert!(
        wakes
            .words
            .english
            .starts_with("futex wake(state): wakes T"),
        "{wakes:?}"
    );
    let waits: Vec<_> = story
        .threads
        .iter()
        .filter_map(|thread| thread.ending.as_ref())
        .collect();
    assert!(
        waits
            .iter()
            .any(|words| words.english.contains("sleeps in futex wait(state)"))
    );
    // T0 waits as well, and has done nothing that could be shown.
    assert_eq!(story.guilty.len(), 1);
    let guilty = &story.moments[story.guilty[0]];
    assert!(story.threads[guilty.thread].ending.is_some());
    assert!(guilty.words.english.ends_with(": sleeps"), "{guilty:?}");
}

#[test]
fn an_execution_that_passes_is_told_too() {
    let report = Model::new().replay("0:").check(handover);
    let Verdict::Replayed(story) = report.verdict else {
        panic!("{report}");
    };
    makes_sense(&story);
    assert_eq!((story.kind, story.title.clone()), (None, None));
    assert!(story.threads.iter().all(|thread| thread.ending.is_none()));
    assert!(story.page.english.ends_with("replay 0:"));
}

fn at(script: &Script, program: fn()) -> Position {
    let position = Model::new().position(script, program).unwrap();
    makes_sense(&position.story);
    position
}

/// Plays by always choosing the thread that is named next; when nobody is left, all else is quiet.
fn play(threads: &[usize], program: fn()) -> Position {
    let (mut script, mut threads) = (Script::default(), threads.iter());
    loop {
        let position = at(&script, program);
        let Some(choice) = &position.choice else {
            return position;
        };
        let wanted = threads.next().map(|&thread| Some(thread));
        let is_wanted = |thread| wanted.is_some_and(|wanted| thread == wanted);
        let pick = choice
            .options
            .iter()
            .position(|option| is_wanted(option.thread));
        script = script.and(choice, pick.unwrap_or(0) as u8);
    }
}

#[test]
fn a_lost_update_is_played_by_hand() {
    // T1 is to run, and loads; then T2 does everything; then T1 stores.
    let position = play(&[1, 1, 2, 2, 2], lost_update);
    assert_eq!(
        position.story.kind,
        Some(Kind::Panic),
        "{}",
        position.story.page.english
    );
    let again = Model::new()
        .replay(&position.story.replay)
        .check(lost_update);
    let again = again.counterexample().expect("it fails again");
    assert_eq!(again.story(), &position.story);
}

#[test]
fn a_quiet_game_ends_well() {
    let position = play(&[], lost_update);
    assert_eq!(position.story.kind, None);
    assert_eq!(position.story.replay, "0:");
    assert!(
        position
            .threads
            .iter()
            .all(|thread| thread.state.english == "has finished")
    );
}

/// Numbers that are the same each time.
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}

#[test]
fn every_position_is_the_same_when_it_is_asked_for_again() {
    let programs: [fn(); 4] = [lost_update, unordered_flag, forgetful_lock, handover];
    let mut random = 4177;
    let mut failed = 0;
    for game in 0..60 {
        let program = programs[game % programs.len()];
        let mut script = Script {
            everything: game % 2 == 1,
            ..Script::default()
        };
        for _ in 0..60 {
            let model = || Model::new();
            let Ok(position) = model().position(&script, program) else {
                // A spinner that turned on alone for nothing.
                assert!(script.everything);
                break;
            };
            assert_eq!(model().position(&script, program).as_ref(), Ok(&position));
            makes_sense(&position.story);
            let Some(choice) = &position.choice else {
                let replayed = model().replay(&position.story.replay).check(program);
                let kind = replayed.counterexample().map(|shown| shown.kind());
                assert_eq!(kind, position.story.kind);
                failed += usize::from(kind.is_some());
                break;
            };
            assert!(choice.options.len() > 1, "{choice:?}");
            assert_eq!(position.threads.len(), position.story.threads.len());
            let pick = next(&mut random) % choice.options.len() as u64;
            script = script.and(choice, pick as u8);
        }
    }
    assert!(failed > 5, "only {failed} games broke something");
}

#[test]
fn a_position_says_where_everybody_stands() {
    let position = at(&Script::default(), lost_update);
    let choice = position.choice.expect("somebody is to go first");
    assert_eq!(choice.question.english, "Who goes next?");
    let moving: Vec<&str> = choice
        .options
        .iter()
        .map(|option| option.words.english.as_str())
        .collect();
    assert_eq!(moving, ["T1 goes on", "T2 goes on"]);
    assert!(position.threads[1].ready);
    assert_eq!(position.threads[0].state.english, "waits for the end of T1");
}

#[test]
fn a_script_that_does_not_fit_is_refused() {
    let mut script = Script::default();
    script = script.and(&at(&script, lost_update).choice.unwrap(), 1);
    script.picks[0].pick = 9;
    assert!(Model::new().position(&script, lost_update).is_err());
    script.picks[0].pick = 1;
    script.picks[0].ordinal = 7;
    assert!(Model::new().position(&script, lost_update).is_err());
}
