//! How memory looks in the middle of a story: folded from the moments before.

use crate::Story;

/// A value that was written, in the history of an atomic variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The value.
    pub value: String,
    /// The moment that wrote it; `None` for the initial value.
    pub from: Option<usize>,
}

/// Memory after some of a story's moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// For each thing the values that were written, oldest first; empty if it has no history.
    pub histories: Vec<Vec<Message>>,
    /// For each thread what it knows of each thing: an index into its history. `None` for a thread
    /// that has done nothing yet.
    pub views: Vec<Option<Vec<usize>>>,
}

impl Memory {
    /// Memory after the first `moments` moments.
    pub fn after(story: &Story, moments: usize) -> Self {
        let initial = |value: &String| {
            vec![Message {
                value: value.clone(),
                from: None,
            }]
        };
        let mut memory = Self {
            histories: story
                .things
                .iter()
                .map(|thing| thing.initial.as_ref().map(initial).unwrap_or_default())
                .collect(),
            views: vec![None; story.threads.len()],
        };
        for (index, moment) in story.moments.iter().take(moments).enumerate() {
            if let (Some(thing), Some(value)) = (moment.thing, &moment.writes)
                && let Some(history) = memory.histories.get_mut(thing)
            {
                history.push(Message {
                    value: value.clone(),
                    from: Some(index),
                });
            }
            if let Some(view) = memory.views.get_mut(moment.thread) {
                let mut known = moment.view.clone();
                known.resize(story.things.len(), 0);
                *view = Some(known);
            }
        }
        memory
    }

    /// The newest value of a thing, if it has a history.
    pub fn newest(&self, thing: usize) -> Option<&str> {
        let history = self.histories.get(thing)?;
        history.last().map(|message| message.value.as_str())
    }
}

impl Story {
    /// The moment whose value this one read; `None` if it read none, or an initial one.
    pub fn read_from(&self, moment: usize) -> Option<usize> {
        let reader = self.moments.get(moment)?;
        let (thing, message) = (reader.thing?, reader.reads?);
        let writes = self.moments[..moment].iter().enumerate();
        let mut writers = writes
            .filter(|(_, other)| other.thing == Some(thing) && other.writes.is_some())
            .map(|(index, _)| index);
        writers.nth(message.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;
    use crate::{Moment, Story, Text, Thing, Thread};

    fn moment(thread: usize, writes: Option<&str>, reads: Option<usize>, view: usize) -> Moment {
        Moment {
            thread,
            place: None,
            source: None,
            words: Text::same("x"),
            thing: Some(0),
            writes: writes.map(str::to_owned),
            reads,
            old: false,
            deviation: None,
            wakes: Vec::new(),
            view: vec![view],
        }
    }

    /// T0 writes 7; T1 reads the old 0, then the 7.
    fn story() -> Story {
        let thread = |name: &str| Thread {
            name: name.to_owned(),
            ending: None,
        };
        Story {
            threads: vec![thread("T0"), thread("T1")],
            things: vec![Thing {
                name: "flag".to_owned(),
                initial: Some("0".to_owned()),
            }],
            moments: vec![
                moment(0, Some("7"), None, 1),
                moment(1, None, Some(0), 0),
                moment(1, None, Some(1), 1),
            ],
            ..Story::default()
        }
    }

    #[test]
    fn memory_is_what_was_written_so_far() {
        let story = story();
        assert_eq!(Memory::after(&story, 0).newest(0), Some("0"));
        let later = Memory::after(&story, 2);
        assert_eq!(later.newest(0), Some("7"));
        assert_eq!(later.views, [Some(vec![1]), Some(vec![0])]);
    }

    #[test]
    fn a_read_comes_from_a_write_or_from_the_beginning() {
        let story = story();
        assert_eq!(story.read_from(0), None);
        assert_eq!(story.read_from(1), None);
        assert_eq!(story.read_from(2), Some(0));
    }
}
