//! A story of the model's, as the data that checks and reports read.

use interleave::model::{
    Kind,
    story::{self as told, Words},
};
use story::{Moment, Place, Story, Text, Thing, Thread};

pub(crate) fn story(program: &str, told: &told::Story) -> Story {
    let message = told.message.as_deref().unwrap_or_default();
    let text = |words: &Words| in_one_language(text(words), message);
    Story {
        program: program.to_owned(),
        kind: told.kind.map(|kind| name(kind).to_owned()),
        title: told.title.as_ref().map(text),
        message: told.message.clone(),
        page: Some(text(&told.page)),
        replay: told.replay.clone(),
        threads: told.threads.iter().map(thread).collect(),
        things: told.things.iter().map(thing).collect(),
        moments: told
            .moments
            .iter()
            .map(|told| Moment {
                words: text(&told.words),
                ..moment(told)
            })
            .collect(),
        guilty: told.guilty.clone(),
    }
}

/// Words that quote a message in two languages, with the half of it that each reader reads.
fn in_one_language(words: Text, message: &str) -> Text {
    let first = message.lines().next().unwrap_or_default();
    if first.is_empty() {
        return words;
    }
    let halves = Text::of_both(first);
    Text {
        en: words.en.replace(first, &halves.en),
        zh: words.zh.replace(first, &halves.zh),
    }
}

pub(crate) fn text(words: &Words) -> Text {
    Text {
        en: words.english.clone(),
        zh: words.chinese.clone(),
    }
}

pub(crate) fn place(place: &told::Place) -> Place {
    Place {
        file: below_the_lab(&place.file),
        line: place.line,
    }
}

/// `labs/19-spinlock/src/spinlock.rs` is `src/spinlock.rs` to its author.
fn below_the_lab(file: &str) -> String {
    match file.rfind("/src/") {
        Some(at) => file[at + 1..].to_owned(),
        None => file.to_owned(),
    }
}

fn thread(thread: &told::Thread) -> Thread {
    Thread {
        name: thread.name.clone(),
        ending: thread.ending.as_ref().map(text),
    }
}

fn thing(thing: &told::Thing) -> Thing {
    Thing {
        name: thing.name.clone(),
        initial: thing.initial.clone(),
    }
}

fn moment(moment: &told::Moment) -> Moment {
    Moment {
        thread: moment.thread,
        place: moment.place.as_ref().map(place),
        source: moment.source.clone(),
        words: text(&moment.words),
        thing: moment.thing,
        writes: moment.writes.clone(),
        reads: moment.reads,
        old: moment.old,
        deviation: moment.deviation.as_ref().map(text),
        wakes: moment.wakes.clone(),
        view: moment.view.clone(),
    }
}

/// One word for what is wrong.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Panic => "panic",
        Kind::Deadlock => "deadlock",
        Kind::SpinsForEver => "spins_for_ever",
        Kind::Race => "race",
        Kind::UseAfterFree => "use_after_free",
        // The model may come to know more kinds; what is none of the others does not end.
        _ => "no_end",
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, below_the_lab, in_one_language};

    #[test]
    fn a_message_is_quoted_in_the_readers_language() {
        let said = "panic: T1 two are inside / 两个线程同时在里面";
        let told = in_one_language(Text::same(said), "two are inside / 两个线程同时在里面");
        assert_eq!(told.en, "panic: T1 two are inside");
        assert_eq!(told.zh, "panic: T1 两个线程同时在里面");
    }

    #[test]
    fn a_file_is_named_as_its_author_names_it() {
        assert_eq!(
            below_the_lab("labs/19-spinlock/src/spinlock.rs"),
            "src/spinlock.rs"
        );
        assert_eq!(below_the_lab("src/spinlock.rs"), "src/spinlock.rs");
    }
}
