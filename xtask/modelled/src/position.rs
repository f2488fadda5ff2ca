//! Scripts and positions, as the data that `play` reads.

use interleave::model::position as told;
use story::{Ask, Choice, Choosable, Position, Script, Standing, Story};

use crate::told::{place, story, text};

pub(crate) fn script(script: &Script) -> told::Script {
    let picks = script.picks.iter().map(|pick| told::Pick {
        step: pick.step,
        ordinal: pick.ordinal,
        pick: pick.pick,
    });
    told::Script {
        picks: picks.collect(),
        after: script.after,
        everything: script.ask == Ask::Everything,
    }
}

pub(crate) fn position(program: &str, position: Result<told::Position, String>) -> Position {
    match position {
        Ok(position) => Position {
            story: story(program, &position.story),
            threads: position.threads.iter().map(standing).collect(),
            choice: position.choice.as_ref().map(choice),
            trouble: None,
        },
        Err(why) => Position {
            story: Story {
                program: program.to_owned(),
                ..Story::default()
            },
            threads: Vec::new(),
            choice: None,
            trouble: Some(why),
        },
    }
}

fn standing(standing: &told::Standing) -> Standing {
    Standing {
        ready: standing.ready,
        state: text(&standing.state),
        place: standing.place.as_ref().map(place),
        source: standing.source.clone(),
    }
}

fn choice(choice: &told::Choice) -> Choice {
    let options = choice.options.iter().map(|option| Choosable {
        words: text(&option.words),
        thread: option.thread,
    });
    Choice {
        at: choice.at,
        question: text(&choice.question),
        options: options.collect(),
    }
}
