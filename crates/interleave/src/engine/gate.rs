//! Gates: how the primitives that need more than a lock do their operations in one go, and wait.

use std::panic::Location as Place;

use super::locks::Handle;
use super::{Engine, block, leave_if_over, point, with};
use crate::heap::EngineSide;
use crate::threads::Wait;
use crate::trace::event::What;

impl Handle {
    /// An operation of a gate: `step` takes its effect and says so, or asks to wait until somebody
    /// opens it.
    pub(crate) fn gate<R>(
        &self,
        until: Option<u64>,
        place: &'static Place<'static>,
        mut step: impl FnMut(&mut Gate<'_>) -> Option<R>,
    ) -> Option<R> {
        let _side = EngineSide::enter();
        point(place);
        loop {
            let (object, result) = with(|engine| {
                let object = self.locate(engine);
                let mut gate = Gate {
                    engine,
                    object,
                    place,
                    told: false,
                };
                let result = step(&mut gate);
                (object, result)
            });
            leave_if_over();
            if result.is_some() {
                return result;
            }
            with(|engine| {
                engine.fall_asleep(object, until);
                engine.tell(place, |_| What::GateWaits { object });
            });
            block(Wait::Queue(object));
            let timed_out = with(|engine| engine.woke_up(place));
            leave_if_over();
            if timed_out {
                return None;
            }
        }
    }
}

/// The inside of an object, for one operation of the primitives that are made of gates: barriers,
/// channels, and things that happen once.
#[derive(Debug)]
pub(crate) struct Gate<'a> {
    engine: &'a mut Engine,
    object: usize,
    place: &'static Place<'static>,
    /// Whether the operation has said what it does.
    told: bool,
}

impl Gate<'_> {
    /// Publishes what the running thread knows to whoever comes later, and learns what is published.
    pub(crate) fn synchronise(&mut self, what: u64) {
        self.acquire(what);
        self.release(what);
    }

    /// Learns what is published.
    pub(crate) fn acquire(&mut self, what: u64) {
        let (mind, object) = self.engine.mind_and_object(self.object);
        object.look(mind, what);
        mind.view.join(&object.view);
        self.engine.rewatch_object(self.object);
    }

    /// Publishes what the running thread knows to whoever comes later, and learns nothing.
    pub(crate) fn release(&mut self, what: u64) {
        let (mind, object) = self.engine.mind_and_object(self.object);
        object.event(mind, what);
        object.view.join(&mind.view);
        self.engine.rewatch_object(self.object);
        self.engine.progress();
    }

    /// Something happens that the others may notice, and nothing is learnt or published.
    pub(crate) fn event(&mut self, what: u64) {
        let (mind, object) = self.engine.mind_and_object(self.object);
        object.event(mind, what);
        self.engine.rewatch_object(self.object);
        self.engine.progress();
    }

    /// What the running thread knows, for whoever gets the number.
    pub(crate) fn send(&mut self) -> u32 {
        let (mind, memory) = self.engine.mind_and_memory();
        memory.keep(&mind.view)
    }

    /// Learns what was sent.
    pub(crate) fn receive(&mut self, sent: u32) {
        let (mind, memory) = self.engine.mind_and_memory();
        mind.view.join(memory.kept(sent));
    }

    /// Looks, without having been here.
    pub(crate) fn look(&mut self, what: u64) {
        self.engine.look_at(self.object, what);
    }

    /// Opens the gate: all who wait look again.
    pub(crate) fn open(&mut self) {
        let sleepers = self.engine.objects[self.object].queue.len();
        self.engine.wake_queue(self.object, 0..sleepers);
        if self.told {
            self.engine.wakes_belong_to_last();
        }
    }

    /// Tells the reader of a counterexample.
    pub(crate) fn tell(&mut self, name: &'static str) {
        let object = self.object;
        self.told = true;
        self.engine
            .tell(self.place, |_| What::Gate { object, name });
    }

    /// The thread whose operation this is.
    pub(crate) fn thread(&self) -> usize {
        self.engine.current
    }
}
