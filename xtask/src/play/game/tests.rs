//! The game, played with a scheduler that holds a lock of two operations: a load and a store.

use story::{Ask, Choice, Choosable, Moment, Position, Script, Story, Text, Thing, Thread};

use super::{Action, Ending, Game, Said, Scheduler};
use crate::grader::error::{Error, Mistake};

/// Two threads, each of which sees that the lock is free and then takes it. It is broken as soon as
/// both have seen it free: whoever is inside then is not alone.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// What was asked.
    pub(crate) scripts: Vec<Script>,
}

impl Scheduler for Notes {
    fn programs(&mut self) -> Result<Vec<String>, Error> {
        Ok(["exclusion", "progress"].map(str::to_owned).into())
    }

    fn position(&mut self, program: &str, script: &Script) -> Result<Position, Error> {
        self.scripts.push(script.clone());
        let decided = script.after.map_or(0, |(step, _)| step + 1);
        let mut at = [0_usize; 2];
        let mut running = 0;
        let mut story = Story {
            program: program.to_owned(),
            threads: ["T1", "T2"]
                .map(|name| Thread {
                    name: name.to_owned(),
                    ending: None,
                })
                .into(),
            things: vec![Thing {
                name: "state".to_owned(),
                initial: Some("0".to_owned()),
            }],
            ..Story::default()
        };
        for step in 0..decided {
            // The other thread goes on if that was picked, or if this one has finished.
            if script.picks.iter().any(|pick| pick.step == step) {
                running = 1 - running;
            }
            let loads = at[running] == 0;
            story.moments.push(moment(running, loads, &story));
            at[running] += 1;
            if at[running] == 2 {
                running = 1 - running;
            }
        }
        let both_looked = story
            .moments
            .iter()
            .take(2)
            .all(|moment| moment.writes.is_none());
        if both_looked && at == [2, 2] {
            story.kind = Some("panic".to_owned());
            story.title = Some(Text::same("two threads are inside at once"));
        }
        story.replay = format!("{}:", script.picks.len());
        let ready: Vec<usize> = [running, 1 - running]
            .into_iter()
            .filter(|it| at[*it] < 2)
            .collect();
        let option = |thread: &usize| Choosable {
            words: Text::same(format!("T{} goes on", thread + 1)),
            thread: Some(*thread),
        };
        let choice = Choice {
            at: (decided, 0),
            question: Text::same("Who goes on?"),
            options: ready.iter().map(option).collect(),
        };
        Ok(Position {
            choice: (!ready.is_empty()).then_some(choice),
            story,
            threads: Vec::new(),
            trouble: None,
        })
    }
}

fn moment(thread: usize, loads: bool, story: &Story) -> Moment {
    let written = story
        .moments
        .iter()
        .filter(|it| it.writes.is_some())
        .count();
    let words = if loads {
        "state.load(Acquire)"
    } else {
        "state.store(Relaxed)"
    };
    Moment {
        thread,
        place: None,
        source: None,
        words: Text::same(words),
        thing: Some(0),
        writes: (!loads).then(|| "1".to_owned()),
        reads: loads.then_some(written),
        old: false,
        deviation: None,
        wakes: Vec::new(),
        view: vec![written + usize::from(!loads)],
    }
}

fn game() -> Game<Notes> {
    Game::start(Notes::default(), "19-spinlock", Some("exclusion"))
        .expect("there is such a program")
}

fn act(game: &mut Game<Notes>, line: &str) {
    assert!(
        game.act(Action::read(line))
            .expect("the scheduler does not fail"),
        "{line} ends the game"
    );
}

fn played(lines: &[&str]) -> Game<Notes> {
    let mut game = game();
    for line in lines {
        act(&mut game, line);
    }
    game
}

fn happened(game: &Game<Notes>) -> Vec<usize> {
    let round = game.round.as_ref().expect("a program is on the table");
    round
        .position
        .story
        .moments
        .iter()
        .map(|moment| moment.thread)
        .collect()
}

#[test]
fn a_lock_by_load_and_store_is_broken_by_hand() {
    let game = played(&["1", "2", "1", "1"]);
    let round = game.round.as_ref().expect("a program is on the table");
    assert_eq!(round.ending(), Some(Ending::Broken));
    assert!(round.choice().is_none());
    assert_eq!(happened(&game), [0, 1, 1, 0]);
}

#[test]
fn a_function_that_is_not_written_is_no_broken_lock() {
    let mut game = played(&["1", "2", "1", "1"]);
    let round = game.round.as_mut().expect("a program is on the table");
    round.position.story.message = Some("not yet implemented".to_owned());
    assert_eq!(round.ending(), Some(Ending::Unwritten));
}

#[test]
fn who_always_takes_the_first_option_breaks_nothing() {
    let game = played(&["1", "1", "1", "1"]);
    let round = game.round.as_ref().expect("a program is on the table");
    assert_eq!(round.ending(), Some(Ending::Well));
    let last = game.scheduler.scripts.last().expect("it was asked");
    assert_eq!((last.picks.len(), last.after), (0, Some((3, 0))));
}

#[test]
fn undoing_leads_back_to_each_position_in_turn() {
    let mut game = played(&["1", "2", "1"]);
    for left in [[0, 1].as_slice(), &[0], &[]] {
        act(&mut game, "u");
        assert_eq!(happened(&game), left);
    }
    act(&mut game, "u");
    assert_eq!(game.said, Some(Said::NothingToUndo));
    act(&mut game, "2");
    assert_eq!(happened(&game), [1]);
}

#[test]
fn what_is_undone_is_not_done_by_a_later_choice() {
    let game = played(&["2", "u", "1"]);
    let last = game.scheduler.scripts.last().expect("it was asked");
    assert!(last.picks.is_empty(), "{last:?}");
}

#[test]
fn a_restart_is_the_beginning_and_cannot_be_undone() {
    let mut game = played(&["1", "2", "r"]);
    assert!(happened(&game).is_empty());
    act(&mut game, "u");
    assert_eq!(game.said, Some(Said::NothingToUndo));
}

#[test]
fn being_asked_more_stays_at_the_same_moment_and_lasts() {
    let mut game = played(&["1", "e"]);
    assert_eq!(game.said, Some(Said::AsksEverything));
    assert_eq!(happened(&game), [0]);
    act(&mut game, "u");
    let last = game.scheduler.scripts.last().expect("it was asked");
    assert_eq!(last.ask, Ask::Everything);
    act(&mut game, "e");
    assert_eq!(game.said, Some(Said::AsksThreads));
}

#[test]
fn what_is_no_option_changes_nothing() {
    let mut game = played(&["1"]);
    for line in ["0", "3", "300", "x"] {
        act(&mut game, line);
        assert_eq!(game.said, Some(Said::NotUnderstood), "{line}");
        assert_eq!(happened(&game), [0], "{line}");
    }
}

#[test]
fn without_a_program_there_is_a_list_to_choose_from() {
    let mut game =
        Game::start(Notes::default(), "19-spinlock", None).expect("no program is needed");
    assert!(game.round.is_none());
    act(&mut game, "u");
    assert_eq!(game.said, Some(Said::NotUnderstood));
    act(&mut game, "progress");
    assert_eq!(
        game.round.as_ref().map(|round| &*round.program),
        Some("progress")
    );
    act(&mut game, "p");
    assert!(game.round.is_none());
    act(&mut game, "1");
    assert_eq!(
        game.round.as_ref().map(|round| &*round.program),
        Some("exclusion")
    );
}

#[test]
fn an_unknown_program_is_refused_with_those_that_exist() {
    let refused = Game::start(Notes::default(), "19-spinlock", Some("exclusio"));
    let all = match refused {
        Err(Error::Mistake(Mistake::UnknownProgram { all, .. })) => all,
        other => unreachable!("{other:?}"),
    };
    assert_eq!(all, ["exclusion", "progress"]);
}
