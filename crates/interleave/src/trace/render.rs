//! The page that shows a counterexample.

use crate::engine::{Engine, Failure};

/// The whole page.
pub(crate) fn page(engine: &Engine, failure: &Failure, replay: &str) -> String {
    let mut page = format!("{}: {:?}\n", failure.kind, failure.about);
    for event in &engine.trace {
        page += &format!("T{} {}:{} {:?}\n", event.thread, event.place.file(), event.place.line(), event.what);
    }
    for (i, t) in engine.threads.iter().enumerate() {
        page += &format!("T{i} {:?} at {:?}\n", t.state, t.place.map(|p| p.to_string()));
    }
    page + "replay " + replay
}
