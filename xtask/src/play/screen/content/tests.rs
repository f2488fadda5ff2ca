//! Whole screens, on a terminal that only exists in memory.

use ratatui::{Terminal, backend::TestBackend};

use super::super::widget::Drawn;
use super::Content;
use crate::{
    play::{
        Table,
        game::{Action, Game, tests::Notes},
        walk::{self, Walk},
    },
    report::{Lang, stories},
};

fn table(lang: Lang) -> Table {
    Table {
        lang,
        lab: "Lab 19 spin lock".to_owned(),
        command: "cargo xtask lab 19".to_owned(),
    }
}

/// The screen, line by line.
fn drawn(content: &Content, width: u16, height: u16) -> Vec<String> {
    let backend = TestBackend::new(width, height);
    let mut terminal = Terminal::new(backend).expect("it is only memory");
    let widget = Drawn {
        content,
        colour: true,
    };
    terminal
        .draw(|frame| frame.render_widget(widget, frame.area()))
        .expect("it is only memory");
    let buffer = terminal.backend().buffer();
    let cell = |x, y| buffer[(x, y)].symbol();
    let line = |y| (0..width).map(|x| cell(x, y)).collect::<String>();
    (0..height).map(|y| line(y).trim_end().to_owned()).collect()
}

fn game(lines: &[&str], lang: Lang, height: u16) -> Vec<String> {
    let mut game =
        Game::start(Notes::default(), "19-spinlock", Some("exclusion")).expect("there is one");
    for line in lines {
        game.act(Action::read(line))
            .expect("the scheduler does not fail");
    }
    let content = Content::of_game(&game, 1, &table(lang), 80, height.into());
    drawn(&content, 80, height)
}

fn shows(screen: &[String], what: &str) -> bool {
    screen.iter().any(|line| line.contains(what))
}

#[test]
fn a_game_shows_threads_memory_what_happened_and_the_options() {
    let screen = game(&["1"], Lang::En, 24);
    for what in [
        "Lab 19 spin lock: you schedule exclusion",
        "1 step",
        " Threads ",
        " Memory (",
        "  1  T1  ",
        " Who goes on? ",
        "  1  T1 goes on",
        "> 2  T2 goes on",
        "u: undo",
    ] {
        assert!(shows(&screen, what), "{what}: {screen:#?}");
    }
}

#[test]
fn a_broken_lock_shows_its_title_and_the_replay() {
    let screen = game(&["1", "2", "1", "1"], Lang::En, 24);
    for what in [
        "You broke it.",
        "two threads are inside at once",
        "cargo xtask lab 19 --replay exclusion@1:",
    ] {
        assert!(shows(&screen, what), "{what}: {screen:#?}");
    }
    assert!(!shows(&screen, "Who goes on?"), "{screen:#?}");
}

#[test]
fn on_a_low_screen_memory_gives_way_before_the_options() {
    let screen = game(&["1"], Lang::En, 14);
    assert!(!shows(&screen, "Memory"), "{screen:#?}");
    assert!(shows(&screen, "> 2  T2 goes on"), "{screen:#?}");
    assert!(shows(&screen, "state.load(Acquire)"), "{screen:#?}");
}

#[test]
fn the_options_stay_where_they_are() {
    let row = |lines: &[&str]| {
        let screen = game(lines, Lang::En, 24);
        screen.iter().position(|line| line.contains("Who goes on?"))
    };
    assert_eq!(row(&[]), row(&["1"]));
    assert!(row(&["1"]).is_some());
}

#[test]
fn a_screen_of_chinese_lines_up_and_holds_no_english() {
    let screen = game(&["1", "e"], Lang::Zh, 24);
    // A wide character takes two cells, of which the second is empty.
    let packed: Vec<String> = screen.iter().map(|line| line.replace(' ', "")).collect();
    assert!(shows(&packed, "由你调度exclusion"), "{screen:#?}");
    assert!(shows(&packed, "现在一切由你决定"), "{screen:#?}");
    assert!(!shows(&screen, "Memory"), "{screen:#?}");
}

#[test]
fn a_walk_tells_who_acts_next_and_at_the_end_what_is_wrong() {
    let mut walk = Walk::new(stories::relaxed_unlock());
    let screen = |walk: &Walk| drawn(&Content::of_walk(walk, &table(Lang::En), 100, 24), 100, 24);
    let first = screen(&walk);
    assert!(shows(&first, "after step 0 of 6"), "{first:#?}");
    assert!(shows(&first, "> T1  acts next"), "{first:#?}");
    assert!(!shows(&first, "data race"), "{first:#?}");
    walk.act(walk::Action::Last);
    let last = screen(&walk);
    assert!(shows(&last, "data race: T1 writes counter"), "{last:#?}");
    assert!(shows(&last, "false [T1] -> true [T2]"), "{last:#?}");
}

#[test]
fn no_screen_is_too_small_to_draw() {
    for (width, height) in [(1, 1), (10, 3), (40, 8)] {
        let walk = Walk::new(stories::lost_wake_up());
        let content = Content::of_walk(&walk, &table(Lang::En), width.into(), height.into());
        assert_eq!(drawn(&content, width, height).len(), usize::from(height));
    }
}
