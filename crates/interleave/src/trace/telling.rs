//! One execution as data: from the events that were kept to a [`Story`].
//!
//! What is written to a variable a thousand times over by a loop that waits is told once. So a
//! variable's history in the story is shorter than the one in memory: it has the messages whose
//! writing is told. Whoever has read one that is not, is told to have read the one before it; that has
//! the same value, since only what changes nothing is left out.

use std::collections::HashMap;

use super::cells::Writer;
use super::departures::departure;
use super::event::{Event, What};
use super::names::{Names, Thing, short_file, thing};
use super::page;
use super::source::Sources;
use super::values::Values;
use super::words::Language;
use crate::engine::{About, Engine, Failure, Subject};
use crate::model::story::{self, Moment, Place, Story, Words};
use crate::search::path::Question;
use crate::threads::State;

/// More moments than these are not told.
const MOST: usize = 600;

/// The story of the execution that has just ended.
pub(crate) fn tell(
    engine: &Engine,
    failure: Option<&Failure>,
    replay: String,
    given: &[(String, String)],
) -> Story {
    let names = Names::new(engine, given);
    let mut teller = Teller::new(engine, &names, given);
    teller.moments(failure);
    teller.story(failure, replay)
}

/// A writer for each language.
pub(super) struct Writers<'a> {
    english: Writer<'a>,
    chinese: Writer<'a>,
}

impl<'a> Writers<'a> {
    pub(super) fn new(engine: &'a Engine, names: &'a Names) -> Self {
        let writer = |language| Writer {
            engine,
            names,
            values: Values::default(),
            language,
        };
        Writers {
            english: writer(Language::English),
            chinese: writer(Language::Chinese),
        }
    }

    /// The same in both.
    pub(super) fn words(&mut self, mut say: impl FnMut(&mut Writer<'a>) -> String) -> Words {
        Words {
            english: say(&mut self.english),
            chinese: say(&mut self.chinese),
        }
    }
}

struct Teller<'a> {
    engine: &'a Engine,
    writers: Writers<'a>,
    sources: Sources,
    things: Vec<Thing>,
    told: Vec<Moment>,
    /// Of each location, the messages whose writing is told.
    written: HashMap<usize, Vec<u32>>,
    /// What the last moment of a thread says.
    last: HashMap<usize, String>,
    /// What each moment's thread knew, by location.
    knows: Vec<&'a [u32]>,
    /// The thing and the place of the code, to find a moment again.
    events: Vec<&'a Event>,
}

impl<'a> Teller<'a> {
    fn new(engine: &'a Engine, names: &'a Names, given: &[(String, String)]) -> Self {
        Teller {
            engine,
            writers: Writers::new(engine, names),
            sources: Sources::new(given),
            things: Vec::new(),
            told: Vec::new(),
            written: HashMap::new(),
            last: HashMap::new(),
            knows: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The events, up to the panic if that is what is wrong.
    fn moments(&mut self, failure: Option<&Failure>) {
        let all = &self.engine.trace;
        let length = match failure.map(|failure| &failure.about) {
            Some(About::Panic { trace_length, .. }) => *trace_length,
            _ => all.len(),
        };
        // Choices of events that are not told belong to the next one.
        let mut departures: Vec<(Question, usize)> = Vec::new();
        for event in &all[..length.min(all.len())] {
            departures.extend(&event.departures);
            if matches!(event.what, What::Spins) {
                continue;
            }
            let words = self
                .writers
                .words(|writer| writer.cell(&event.what).unwrap_or_default());
            let place = place(event);
            let text = format!("{}:{} {}", place.file, place.line, words.english);
            // Turns of a loop that changes nothing are all the same.
            let is_new = self.last.get(&event.thread) != Some(&text);
            if is_new || !departures.is_empty() || !event.wakes.is_empty() {
                self.last.insert(event.thread, text);
                let departures = std::mem::take(&mut departures);
                self.moment(event, words, place, &departures);
            }
        }
    }

    fn moment(
        &mut self,
        event: &'a Event,
        words: Words,
        place: Place,
        departures: &[(Question, usize)],
    ) {
        let deviation = (!departures.is_empty()).then(|| {
            self.writers.words(|writer| {
                let language = writer.language;
                let all = departures
                    .iter()
                    .map(|&(question, asked)| departure(question, asked, event.thread, language));
                let between = language.pick(", ", "，");
                all.collect::<Vec<_>>().join(between)
            })
        });
        let thing = thing(&event.what);
        let (mut writes, mut reads) = (None, None);
        if let Some(Thing::Location(location)) = thing {
            reads = event.read.map(|message| self.in_history(location, message));
            writes = event.written.map(|message| {
                self.written.entry(location).or_default().push(message);
                let value = self.engine.memory.locations[location].messages[message as usize].value;
                self.writers.english.value(location, value)
            });
        }
        let old = match event.what {
            What::Load { newest, .. } | What::Refused { newest, .. } => newest.is_some(),
            _ => false,
        };
        let source = self.sources.line(&place.file, place.line);
        let source = source.map(|line| line.trim().to_owned());
        let thing = thing.map(|thing| self.thing(thing));
        self.told.push(Moment {
            thread: event.thread,
            source,
            place: Some(place),
            words,
            thing,
            writes,
            reads,
            old,
            deviation,
            wakes: event.wakes.clone(),
            view: Vec::new(),
        });
        let moment = self.told.len() - 1;
        self.knows.push(&event.knows);
        self.events.push(event);
        self.told[moment].view = self.view(&event.knows);
    }

    fn thing(&mut self, thing: Thing) -> usize {
        let known = self.things.iter().position(|other| *other == thing);
        known.unwrap_or_else(|| {
            self.things.push(thing);
            self.things.len() - 1
        })
    }

    /// Where a message is in the history that is told.
    fn in_history(&self, location: usize, message: u32) -> usize {
        let written = self.written.get(&location);
        written.map_or(0, |all| all.partition_point(|&other| other <= message))
    }

    fn view(&self, knows: &[u32]) -> Vec<usize> {
        let things = self.things.iter().map(|thing| match *thing {
            Thing::Location(location) => {
                let known = knows.get(location).copied().unwrap_or(0);
                self.in_history(location, known)
            }
            Thing::Object(_) | Thing::Data(_) => 0,
        });
        let mut view: Vec<usize> = things.collect();
        while view.last() == Some(&0) {
            view.pop();
        }
        view
    }

    /// The moments that the title speaks of.
    fn guilty(&self, failure: Option<&Failure>) -> Vec<usize> {
        let Some(failure) = failure else {
            return Vec::new();
        };
        let last_of = |thread: usize| self.told.iter().rposition(|moment| moment.thread == thread);
        let mut guilty: Vec<usize> = match &failure.about {
            About::Race { now, before } => {
                let subject = failure.subject.map(|subject| match subject {
                    Subject::Data(data) => Thing::Data(data),
                    Subject::Location(location) => Thing::Location(location),
                });
                let is = |event: &Event, access: &crate::race::Access| {
                    event.thread == access.thread
                        && std::ptr::eq(event.place, access.place)
                        && thing(&event.what) == subject
                };
                let accesses = [before, now].into_iter();
                accesses
                    .filter_map(|access| self.events.iter().rposition(|event| is(event, access)))
                    .collect()
            }
            About::Panic { .. } => last_of(failure.thread).into_iter().collect(),
            About::Place(_) | About::Steps(_) => {
                let threads = self.engine.threads.iter().enumerate();
                let waiting = threads.filter(|(_, thread)| thread.state != State::Finished);
                waiting.filter_map(|(thread, _)| last_of(thread)).collect()
            }
        };
        guilty.retain(|&moment| moment < MOST);
        guilty.sort_unstable();
        guilty.dedup();
        guilty
    }

    fn story(mut self, failure: Option<&Failure>, replay: String) -> Story {
        let guilty = self.guilty(failure);
        let title = failure.map(|failure| {
            self.writers.words(|writer| {
                let lines = page::title(writer, failure);
                let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
                lines.join("\n")
            })
        });
        let message = failure.and_then(|failure| match &failure.about {
            About::Panic { message, .. } => Some(message.clone()),
            _ => None,
        });
        let told = &self.told;
        let page = self
            .writers
            .words(|writer| page::write(writer, told, failure, &replay));
        let engine = self.engine;
        let threads = engine.threads.iter().enumerate().map(|(index, thread)| {
            let mut ending = None;
            let both = self.writers.words(|writer| {
                let words = writer.ending(thread);
                ending = words.clone();
                words.unwrap_or_default()
            });
            story::Thread {
                name: thread.name.clone().unwrap_or_else(|| format!("T{index}")),
                ending: ending.map(|_| both),
            }
        });
        let threads = threads.collect();
        let things = std::mem::take(&mut self.things);
        let things = things.into_iter().map(|thing| story::Thing {
            name: self.writers.english.names.of(thing).to_owned(),
            initial: match thing {
                Thing::Location(location) => {
                    let first = engine.memory.locations[location].messages[0].value;
                    Some(self.writers.english.value(location, first))
                }
                Thing::Object(_) | Thing::Data(_) => None,
            },
        });
        let things = things.collect();
        let mut moments = self.told;
        moments.truncate(MOST);
        Story {
            kind: failure.map(|failure| failure.kind),
            title,
            message,
            page,
            replay,
            threads,
            things,
            moments,
            guilty,
        }
    }
}

/// Where an event took place; a panic, where it began.
fn place(event: &Event) -> Place {
    match &event.what {
        What::Panics {
            place: Some((file, line)),
            ..
        } => Place {
            file: file.clone(),
            line: *line,
        },
        _ => Place {
            file: event.place.file().to_owned(),
            line: event.place.line(),
        },
    }
}

/// File and line of a moment; the folders are left out.
pub(super) fn short(place: &Place) -> String {
    short_file(&place.file, place.line)
}
