//! What led to what, between processes: an arrow in a picture for each.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::{Call, Family, Timeline, Value, What};

/// One event led to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The place of the event that came first.
    pub from: usize,
    /// The place of the other.
    pub to: usize,
    /// How.
    pub tie: Tie,
}

/// How one event led to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Tie {
    /// A process or thread was started, and this is the first that it did.
    Start,
    /// A process executed a program.
    Execute,
    /// A process ended, and this wait told of it.
    Wait,
    /// A signal was sent, and reached somebody; or a child ended, and its parent was told.
    Signal,
    /// Bytes were written into a pipe, and this read took them out.
    Data {
        /// How many.
        bytes: u64,
    },
}

impl Timeline {
    /// Everything that led to something else, in the order of what came first.
    pub fn links(&self) -> Vec<Link> {
        let mut links = self.starts();
        links.extend(self.executions());
        links.extend(self.waits());
        links.extend(self.signals());
        links.extend(self.data());
        links.sort_by_key(|link| (link.from, link.to));
        links
    }

    fn starts(&self) -> Vec<Link> {
        let mut firsts = BTreeMap::new();
        for (at, event) in self.events.iter().enumerate() {
            firsts.entry(event.task).or_insert(at);
        }
        let link = |(from, event): (usize, &crate::Event)| match event.what {
            What::Started { task, .. } => firsts.get(&task).map(|to| Link {
                from,
                to: *to,
                tie: Tie::Start,
            }),
            _ => None,
        };
        self.events.iter().enumerate().filter_map(link).collect()
    }

    fn executions(&self) -> Vec<Link> {
        let mut asked: BTreeMap<i32, usize> = BTreeMap::new();
        let mut links = Vec::new();
        for (at, event) in self.events.iter().enumerate() {
            match &event.what {
                What::Call(call) if Family::Execute.has(call) => {
                    asked.insert(event.process, at);
                }
                What::Executed { .. } => {
                    links.extend(asked.remove(&event.process).map(|from| Link {
                        from,
                        to: at,
                        tie: Tie::Execute,
                    }));
                }
                _ => {}
            }
        }
        links
    }

    fn waits(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (at, call) in self.calls() {
            if !Family::Wait.has(call) {
                continue;
            }
            let Some(child) = call.returned().and_then(|child| i32::try_from(child).ok()) else {
                continue;
            };
            // The last end of that number that had come by then.
            let until = call.returned_at.unwrap_or(self.events.len());
            let of_child = |(_, event): &(usize, &crate::Event)| {
                event.process == child && matches!(event.what, What::Ended { .. })
            };
            let ends = self.events.iter().enumerate().take(until);
            links.extend(ends.rev().find(of_child).map(|(from, _)| Link {
                from,
                to: at,
                tie: Tie::Wait,
            }));
        }
        links
    }

    fn signals(&self) -> Vec<Link> {
        let mut parents = BTreeMap::new();
        // What may still reach somebody, by who it is for.
        let mut sent: BTreeMap<i32, VecDeque<usize>> = BTreeMap::new();
        let mut links = Vec::new();
        for (at, event) in self.events.iter().enumerate() {
            match &event.what {
                What::Started {
                    task,
                    thread: false,
                } => {
                    parents.insert(*task, event.process);
                }
                What::Ended { .. } => {
                    if let Some(parent) = parents.get(&event.process) {
                        sent.entry(*parent).or_default().push_back(at);
                    }
                }
                What::Call(call) if Family::Kill.has(call) && call.returned() == Some(0) => {
                    let target = ["tgid", "pid", "tid"]
                        .iter()
                        .find_map(|name| call.number(name));
                    if let Some(target) = target.and_then(|pid| i32::try_from(pid).ok()) {
                        sent.entry(target).or_default().push_back(at);
                    }
                }
                What::Signalled { name } => {
                    let sent = sent.entry(event.process).or_default();
                    let fits = |from: &usize| {
                        let is_end = matches!(self.events[*from].what, What::Ended { .. });
                        is_end == (name == "SIGCHLD")
                    };
                    let found = sent.iter().position(fits);
                    links.extend(found.and_then(|found| sent.remove(found)).map(|from| Link {
                        from,
                        to: at,
                        tie: Tie::Signal,
                    }));
                }
                _ => {}
            }
        }
        links
    }

    /// Bytes leave a pipe in the order in which they entered it; calls moved them when they returned.
    fn data(&self) -> Vec<Link> {
        let mut moved: Vec<(usize, &Call)> = self
            .calls()
            .filter(|(_, call)| call.returned().is_some_and(|bytes| bytes > 0))
            .collect();
        moved.sort_by_key(|(at, call)| (call.returned_at.unwrap_or(*at), *at));
        let mut inside: BTreeMap<&str, VecDeque<(usize, u64)>> = BTreeMap::new();
        let mut early: BTreeMap<&str, VecDeque<(usize, u64)>> = BTreeMap::new();
        let mut links = Vec::new();
        for (at, call) in moved {
            let (Some(pipe), Some(bytes)) = (pipe_of(call), call.returned()) else {
                continue;
            };
            let mut bytes = bytes.unsigned_abs();
            // Of two that wait for each other, the reader may be seen to return first.
            let (own, other, is_write) = match call {
                call if Family::Write.has(call) => (&mut inside, &mut early, true),
                call if Family::Read.has(call) => (&mut early, &mut inside, false),
                _ => continue,
            };
            let other = other.entry(pipe).or_default();
            while bytes > 0
                && let Some((end, left)) = other.front_mut()
            {
                let passed = bytes.min(*left);
                let (from, to) = if is_write { (at, *end) } else { (*end, at) };
                links.push(Link {
                    from,
                    to,
                    tie: Tie::Data { bytes: passed },
                });
                bytes -= passed;
                *left -= passed;
                if *left == 0 {
                    other.pop_front();
                }
            }
            if bytes > 0 {
                own.entry(pipe).or_default().push_back((at, bytes));
            }
        }
        links
    }

    fn calls(&self) -> impl Iterator<Item = (usize, &Call)> {
        let call = |(at, event)| match event {
            &crate::Event {
                what: What::Call(ref call),
                ..
            } => Some((at, call)),
            _ => None,
        };
        self.events.iter().enumerate().filter_map(call)
    }
}

/// The pipe that a call is about: `pipe:[123]`.
fn pipe_of(call: &Call) -> Option<&str> {
    call.arguments.iter().find_map(|it| match &it.value {
        Value::Descriptor {
            target: Some(target),
            ..
        } if target.starts_with("pipe:[") => Some(target.as_str()),
        _ => None,
    })
}
