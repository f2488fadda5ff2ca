//! What is kept of an execution for whoever reads it: each event with the message that was read or
//! written, with what the thread knows afterwards, and with the choices that led there.

use std::panic::Location as Place;

use super::Engine;
use crate::memory::Memory;
use crate::threads::{State, Wait};
use crate::trace::event::{Event, What};

impl Engine {
    /// Keeps an event, if somebody wants to read it.
    pub(crate) fn tell(
        &mut self,
        place: &'static Place<'static>,
        what: impl FnOnce(&Self) -> What,
    ) {
        if self.limits.tracing && self.idle < 2 {
            let what = what(self);
            self.record(place, what);
        }
    }

    /// Keeps an event of the running thread. A search keeps none until it has found something.
    #[cold]
    pub(super) fn record(&mut self, place: &'static Place<'static>, what: What) {
        let thread = self.current;
        let view = &self.threads[thread].mind.view;
        let knows = (0..self.memory.locations.len()).map(|location| view.oldest(location));
        let (knows, (read, written)) = (knows.collect(), messages(&what, &self.memory, view));
        let mut wakes = self.goes_on_because_of(&what);
        self.woken.retain(|&(waker, woken)| {
            let is_mine = waker == thread;
            if is_mine {
                wakes.push(woken);
            }
            !is_mine
        });
        self.trace.push(Event {
            thread,
            place,
            what,
            read,
            written,
            knows,
            departures: std::mem::take(&mut self.departures),
            wakes,
        });
    }

    /// The running thread has woken another one.
    pub(super) fn has_woken(&mut self, woken: usize) {
        if self.limits.tracing {
            self.woken.push((self.current, woken));
        }
    }

    /// What was woken just now belongs to the event that was kept last.
    pub(super) fn wakes_belong_to_last(&mut self) {
        let thread = self.current;
        if let Some(last) = self.trace.last_mut()
            && last.thread == thread
        {
            let woken = self.woken.drain(..);
            last.wakes.extend(woken.map(|(_, woken)| woken));
        }
    }

    /// Threads that waited for what this event brings, and need nobody's word to go on.
    fn goes_on_because_of(&self, what: &What) -> Vec<usize> {
        let waits = |thread: usize| match (self.threads[thread].state, what) {
            (
                State::Blocked(Wait::Write(wanted) | Wait::Read(wanted)),
                What::Unlocked { object } | What::Downgraded { object },
            ) => wanted == *object,
            (State::Blocked(Wait::Park), What::Unparks { thread: parked }) => thread == *parked,
            _ => false,
        };
        let all = 0..self.threads.len();
        all.filter(|&thread| waits(thread) && self.is_ready(thread))
            .collect()
    }
}

/// Which message of its location an operation has read, and which it has written.
fn messages(
    what: &What,
    memory: &Memory,
    view: &crate::memory::view::View,
) -> (Option<u32>, Option<u32>) {
    let newest = |location: usize| memory.locations[location].newest();
    match *what {
        // To read a message is to know it, and nothing newer.
        What::Load { location, .. } | What::Refused { location, .. } => {
            (Some(view.oldest(location)), None)
        }
        What::Store { location, .. } => (None, Some(newest(location))),
        What::Update { location, .. } | What::Marks { location, .. } => {
            (newest(location).checked_sub(1), Some(newest(location)))
        }
        // The kernel sees the newest value.
        What::FutexSleeps { location, .. }
        | What::FutexChanged { location, .. }
        | What::FutexInterrupted { location } => (Some(newest(location)), None),
        _ => (None, None),
    }
}
