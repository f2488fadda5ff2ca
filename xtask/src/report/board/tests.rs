//! The parts of a board, as text.

use story::Position;

use super::{Board, Line};
use crate::report::{Lang, page::Page, stories, width::cells};

fn text(lines: Vec<Line>) -> Vec<String> {
    let mut page = Page::with_gutter(200, 0);
    for line in lines {
        page.line(line);
    }
    let mut out = Vec::new();
    page.write(&mut out, false).expect("a Vec takes everything");
    let text = String::from_utf8(out).expect("only text was written");
    // The page keeps a column free at the left, however narrow.
    text.lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned())
        .collect()
}

fn of_position(position: &Position, lang: Lang, width: usize) -> Board<'_> {
    Board {
        story: &position.story,
        upto: position.story.moments.len(),
        standing: &position.threads,
        lang,
        width,
    }
}

#[test]
fn a_game_shows_where_everybody_stands_and_the_line_in_front() {
    let position = stories::in_front_of_the_store();
    let board = of_position(&position, Lang::En, 100);
    assert_eq!(
        text(board.threads()),
        [
            "  T0  waits for the end of T1",
            "  T1  could go on              spinlock.rs:47  self.state.store(true, Relaxed);",
            "  T2  could go on              spinlock.rs:46  while self.state.load(Acquire) {}",
        ]
    );
    let choice = position.choice.as_ref().expect("there is a choice");
    assert_eq!(
        text(board.options(choice, Some(1))),
        ["  1  T1 goes on", "> 2  T2 goes on; T1 is preempted"]
    );
}

#[test]
fn memory_tells_who_knows_which_value() {
    let story = stories::relaxed_unlock();
    let board = |upto| Board {
        story: &story,
        upto,
        standing: &[],
        lang: Lang::En,
        width: 100,
    };
    let plain = "  counter  plain data, one value";
    assert_eq!(text(board(0).memory()), ["  state    false", plain]);
    assert_eq!(
        text(board(1).memory()),
        ["  state    false -> true [T1]", plain]
    );
    assert_eq!(
        text(board(5).memory()),
        ["  state    false -> true -> false [T1] -> true [T2]", plain]
    );
}

#[test]
fn a_finished_run_tells_who_acts_next() {
    let story = stories::lost_wake_up();
    let mut board = Board {
        story: &story,
        upto: 1,
        standing: &[],
        lang: Lang::En,
        width: 100,
    };
    let shown = text(board.threads());
    assert!(shown[2].starts_with("> T2  acts next"), "{shown:#?}");
    assert!(shown[1].contains("acts later"), "{shown:#?}");
    board.upto = story.moments.len();
    let shown = text(board.threads());
    assert!(shown[1].contains("has finished"), "{shown:#?}");
    assert!(shown[3].contains("sleeps in futex wait"), "{shown:#?}");
}

#[test]
fn the_last_moments_are_shown_and_the_others_counted() {
    let story = stories::lost_ticket();
    let board = Board {
        story: &story,
        upto: 9,
        standing: &[],
        lang: Lang::En,
        width: 100,
    };
    // Nine moments and two remarks.
    assert_eq!(board.happened(11).len(), 11);
    let shown = text(board.happened(5));
    assert_eq!(shown[0], "... 6 earlier steps");
    assert!(shown[1].contains("T2 is preempted"), "{shown:#?}");
    assert!(shown[4].ends_with("reads counter  <--"), "{shown:#?}");
    assert_eq!(text(board.happened_since(8)).len(), 1);
}

#[test]
fn nothing_is_wider_than_the_screen() {
    let position = stories::in_front_of_the_store();
    for story in [
        stories::lost_ticket(),
        stories::relaxed_unlock(),
        stories::lost_wake_up(),
    ] {
        for lang in [Lang::En, Lang::Zh] {
            for width in [40, 60, 80, 100] {
                let told = Board {
                    story: &story,
                    upto: story.moments.len(),
                    standing: &[],
                    lang,
                    width,
                };
                let played = of_position(&position, lang, width);
                for board in [told, played] {
                    let parts = [
                        board.threads(),
                        board.memory(),
                        board.happened(9),
                        board.title(),
                        board.endings(),
                    ];
                    for line in text(parts.concat()) {
                        assert!(cells(&line) <= width, "{width}: {line}");
                    }
                }
            }
        }
    }
}
