//! What a player sees who types lines.

use super::{Plain, Table};
use crate::{
    grader::error::Error,
    play::{
        Input,
        game::{Game, tests::Notes},
        walk::Walk,
    },
    report::{Lang, stories, terminal::Style, width::cells},
};

struct Script<'a>(std::slice::Iter<'a, &'static str>);

impl Input for Script<'_> {
    fn line(&mut self) -> Result<Option<String>, Error> {
        Ok(self.0.next().map(|line| (*line).to_owned()))
    }

    fn echoes(&self) -> bool {
        false
    }
}

fn style() -> Style {
    Style {
        colour: false,
        width: 80,
        progress: false,
    }
}

fn table(lang: Lang) -> Table {
    Table {
        lang,
        lab: "Lab 19 spin lock".to_owned(),
        command: "cargo xtask lab 19".to_owned(),
    }
}

fn played(program: Option<&str>, lines: &[&'static str], lang: Lang) -> String {
    let mut game =
        Game::start(Notes::default(), "19-spinlock", program).expect("there is such a program");
    let (table, mut out) = (table(lang), Vec::new());
    Plain::new(&table, style(), &mut out)
        .play(&mut game, &mut Script(lines.iter()))
        .expect("a Vec takes everything");
    String::from_utf8(out).expect("only text was written")
}

#[test]
fn breaking_a_lock_yields_the_command_that_replays_it() {
    let shown = played(Some("exclusion"), &["1", "2", "1", "1", "q"], Lang::En);
    assert!(
        shown.contains("Lab 19 spin lock: you schedule exclusion"),
        "{shown}"
    );
    assert!(shown.contains("You broke it."), "{shown}");
    assert!(shown.contains("two threads are inside at once"), "{shown}");
    assert!(
        shown.contains("cargo xtask lab 19 --replay exclusion@1:"),
        "{shown}"
    );
    assert_eq!(shown.matches("you schedule").count(), 1, "{shown}");
}

#[test]
fn only_what_is_new_is_shown_after_a_choice() {
    let shown = played(Some("exclusion"), &["1", "1"], Lang::En);
    assert_eq!(shown.matches("state.load(Acquire)").count(), 1, "{shown}");
    assert_eq!(shown.matches("state.store(Relaxed)").count(), 1, "{shown}");
}

#[test]
fn the_list_of_programs_comes_first_if_none_was_named() {
    let shown = played(None, &["2", "q"], Lang::En);
    let list = shown.find("  1  exclusion").expect("a list");
    assert!(
        list < shown.find("you schedule progress").expect("a game"),
        "{shown}"
    );
}

#[test]
fn what_is_not_understood_is_answered_in_one_line() {
    let shown = played(Some("exclusion"), &["", "q"], Lang::En);
    let after = shown.split_once("> \n").expect("the line is echoed").1;
    assert_eq!(after.lines().count(), 2, "{after}");
    assert!(after.contains("neither one of the numbers"), "{after}");
}

#[test]
fn memory_can_be_left_out() {
    let shown = played(Some("exclusion"), &["s", "1", "q"], Lang::En);
    assert_eq!(shown.matches("Memory (").count(), 1, "{shown}");
}

#[test]
fn the_game_speaks_chinese() {
    let shown = played(Some("exclusion"), &["1", "2", "1", "1", "u", "q"], Lang::Zh);
    assert!(shown.contains("由你调度 exclusion"), "{shown}");
    assert!(shown.contains("你让它出错了。"), "{shown}");
    for english in ["Threads", "Memory", "You ", "undo"] {
        assert!(!shown.contains(english), "{shown}");
    }
}

#[test]
fn a_run_is_printed_whole_with_memory_after_each_moment() {
    for lang in [Lang::En, Lang::Zh] {
        let story = stories::relaxed_unlock();
        let (table, mut out) = (table(lang), Vec::new());
        Plain::new(&table, style(), &mut out)
            .walk(&Walk::new(story))
            .expect("a Vec takes everything");
        let shown = String::from_utf8(out).expect("only text was written");
        assert_eq!(shown.matches("\n   state ").count(), 7, "{shown}");
        assert!(shown.contains("exclusion_tas@0:"), "{shown}");
        assert!(shown.lines().all(|line| cells(line) <= 80), "{shown}");
    }
}
