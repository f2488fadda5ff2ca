//! Races, and what an `Arc` orders, which nobody sees.
//!
//! `Arc` is the standard library's own: its counts are real atomics, and what its owners do happens
//! before what the last one does, without the model noticing. So a race that has to do with an `Arc`
//! that has one owner left, or none, is none; and what the counts in memory say is taken for it.

use std::panic::Location as Place;

use super::failure::{About, Failure, Subject};
use super::{End, Engine};
use crate::heap;
use crate::model::kind::Kind;
use crate::race::Access;
use crate::trace::event::What;

/// A race that is none if the thread turns out to be in the destructor of the last `Arc`.
#[derive(Clone, Debug)]
pub(super) struct Suspicion {
    pub(super) failure: Failure,
    pub(super) dying: Vec<usize>,
}

/// Something that was made.
#[derive(Clone, Copy, Debug)]
struct Made {
    address: usize,
    place: Option<&'static Place<'static>>,
}

impl Engine {
    /// Notes an access to plain data; the execution may be over because of it.
    pub(crate) fn access(&mut self, data: usize, place: &'static Place<'static>, writes: bool) {
        let thread = self.current;
        let mind = &mut self.threads[thread].mind;
        let race = self.data[data].access(thread, mind, place, writes);
        self.tell(place, |_| What::Access { data, writes });
        let made = Made {
            address: self.data[data].address,
            place: self.data[data].created,
        };
        let race = race.or_else(|| {
            let before = self.made_before(made, &mut 0)?;
            let mind = &self.threads[thread].mind;
            Some([Access::now(thread, mind, place, writes), before])
        });
        if let Some(accesses) = race {
            self.suspect(Subject::Data(data), made.address, accesses);
        }
    }

    /// A thread touches an atomic variable for the first time: it must know that it was made.
    pub(crate) fn touches(&mut self, location: usize, place: &'static Place<'static>) {
        let thread = self.current;
        let touched = &self.memory.locations[location];
        if touched.known_to & 1 << thread != 0 {
            return;
        }
        let made = Made {
            address: touched.key as usize,
            place: touched.created,
        };
        let mut known_to = touched.known_to;
        let before = self.made_before(made, &mut known_to);
        self.memory.locations[location].known_to = known_to;
        if let Some(before) = before {
            let now = Access::now(thread, &self.threads[thread].mind, place, false);
            self.suspect(Subject::Location(location), made.address, [now, before]);
        }
    }

    /// The making of something on the heap, if the running thread does not know of it: it is a
    /// write, too. When exactly it took place is not known, but not before its block was allocated.
    fn made_before(&self, made: Made, known_to: &mut u16) -> Option<Access> {
        let (thread, mind) = (self.current, &self.threads[self.current].mind);
        *known_to |= 1 << thread;
        let block = heap::block_of(made.address)?;
        if block.thread == thread || block.time <= mind.view.clock(block.thread) {
            return None;
        }
        Some(Access {
            thread: block.thread,
            time: block.time,
            place: made.place?,
            writes: true,
        })
    }

    /// Two accesses race, unless an `Arc` orders them, which nobody sees: its last owner may do with
    /// its content what it wants.
    fn suspect(&mut self, subject: Subject, address: usize, [now, before]: [Access; 2]) {
        let block = heap::block_of(address);
        if block.is_some_and(|block| block.is_dying_arc()) {
            self.knows_all();
            return;
        }
        if block.is_some_and(|block| block.is_sole_arc_around(address)) {
            // `Arc::get_mut`, perhaps. If not, the other owner could have dropped its own later.
            self.in_doubt = true;
            self.knows_all();
            return;
        }
        let failure = Failure {
            kind: Kind::Race,
            thread: self.current,
            about: About::Race { now, before },
            subject: Some(subject),
        };
        let dying = heap::dying_arcs();
        if dying.is_empty() {
            self.finish(End::Failed(failure));
        } else if self.suspicion.is_none() {
            self.suspicion = Some(Suspicion { failure, dying });
        }
    }

    /// The running thread is the last owner of an `Arc`: all that others did with it happened before.
    pub(crate) fn knows_all(&mut self) {
        let mut view = std::mem::take(&mut self.me().mind.view);
        for thread in self.threads.iter() {
            view.join(&thread.mind.view);
        }
        self.me().mind.view = view;
        self.note(46, 0);
    }

    /// The thread that may have been in the destructor of a last `Arc` has ended without having
    /// freed it, or everything has: then it was not.
    pub(super) fn confirm_suspicion(&mut self, thread: Option<usize>) {
        if let Some(suspicion) = &self.suspicion
            && thread.is_none_or(|thread| thread == suspicion.failure.thread)
        {
            let failure = suspicion.failure.clone();
            self.finish(End::Failed(failure));
        }
    }
}
