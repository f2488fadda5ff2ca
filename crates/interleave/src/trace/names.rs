//! What the variables of a counterexample are called.

use std::collections::HashMap;
use std::panic::Location as Place;

use super::event::{Event, What};
use super::source::Sources;
use crate::engine::Engine;

/// Something with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Thing {
    Location(usize),
    Object(usize),
    Data(usize),
}

/// The names of all that a trace mentions.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<Thing, String>);

impl Names {
    pub(crate) fn new(engine: &Engine, given: &[(String, String)]) -> Self {
        let mut sources = Sources::new(given);
        let mut found: Vec<(Thing, String)> = Vec::new();
        for event in &engine.trace {
            let Some(thing) = thing(&event.what) else {
                continue;
            };
            if found.iter().all(|(other, _)| *other != thing) {
                found.push((thing, name(engine, &mut sources, thing, event)));
            }
        }
        let mut names = HashMap::new();
        for (index, (thing, name)) in found.iter().enumerate() {
            let same = |other: &&(Thing, String)| other.1 == *name;
            let name = if found.iter().filter(same).count() > 1 {
                let number = found[..index].iter().filter(same).count() + 1;
                format!("{name}#{number}")
            } else {
                name.clone()
            };
            names.insert(*thing, name);
        }
        Names(names)
    }

    pub(super) fn of(&self, thing: Thing) -> &str {
        self.0.get(&thing).map_or("?", String::as_str)
    }
}

/// What an event is about.
pub(super) fn thing(what: &What) -> Option<Thing> {
    Some(match *what {
        What::Load { location, .. }
        | What::Store { location, .. }
        | What::Update { location, .. }
        | What::Refused { location, .. }
        | What::FutexSleeps { location, .. }
        | What::FutexChanged { location, .. }
        | What::FutexInterrupted { location }
        | What::FutexWakes { location, .. }
        | What::Marks { location, .. } => Thing::Location(location),
        What::Access { data, .. } => Thing::Data(data),
        What::Locked { object, .. }
        | What::Waits { object, .. }
        | What::TryFails { object, .. }
        | What::Unlocked { object, .. }
        | What::Downgraded { object }
        | What::CondvarWait { object, .. }
        | What::Notify { object, .. }
        | What::Gate { object, .. }
        | What::GateWaits { object } => Thing::Object(object),
        _ => return None,
    })
}

fn name(engine: &Engine, sources: &mut Sources, thing: Thing, first: &Event) -> String {
    let (created, kind) = match thing {
        Thing::Location(index) => {
            let location = &engine.memory.locations[index];
            (location.created, location.type_name.to_owned())
        }
        Thing::Object(index) => {
            let object = &engine.objects[index];
            (object.created, format!("{:?}", object.sort))
        }
        Thing::Data(index) => (engine.data[index].created, "data".to_owned()),
    };
    created
        .and_then(|place| sources.made_at(place))
        .or_else(|| sources.used_at(first.place))
        .or_else(|| created.map(|place| format!("{kind}@{}", short(place))))
        .unwrap_or(kind)
}

/// File and line; the folders are left out.
pub(super) fn short(place: &Place<'_>) -> String {
    short_file(place.file(), place.line())
}

pub(super) fn short_file(file: &str, line: u32) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!("{name}:{line}")
}
