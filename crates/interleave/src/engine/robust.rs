//! Death, and what the kernel does about the words of the dead.

use std::panic::Location as Place;
use std::sync::atomic::Ordering;

use super::atomics::Atom;
use super::waiting::WORD;
use super::{Engine, leave_if_over, point, with};
use crate::futex::robust::{OWNER, OWNER_DIED, WAITERS};
use crate::heap::EngineSide;
use crate::search::path::Question;
use crate::threads::State;
use crate::trace::event::What;

/// Puts a word on the running thread's list.
pub(crate) fn add(word: &Atom, place: &'static Place<'static>) {
    change(place, |engine| {
        let location = word.locate(engine, WORD);
        engine.me().robust.push(location);
        engine.note(80, location as u64);
    });
}

/// Takes a word off the running thread's list.
pub(crate) fn remove(word: &Atom, place: &'static Place<'static>) {
    change(place, |engine| {
        let location = word.locate(engine, WORD);
        engine.me().robust.retain(|&other| other != location);
        engine.note(81, location as u64);
    });
}

/// The word that the running thread is working on.
pub(crate) fn set_pending(word: Option<&Atom>, place: &'static Place<'static>) {
    change(place, |engine| {
        let location = word.map(|word| word.locate(engine, WORD));
        engine.me().pending = location;
        engine.note(82, location.map_or(0, |location| location as u64 + 1));
    });
}

/// The lists are the thread's own; but it may die between any two changes.
fn change(place: &'static Place<'static>, change: impl FnOnce(&mut Engine)) {
    let _side = EngineSide::enter();
    point(place);
    with(change);
    leave_if_over();
}

impl Engine {
    /// A process that may die does so here, with everything that it holds; or it does not.
    pub(super) fn perhaps_die(&mut self, place: &'static Place<'static>) {
        if self.is_over() || self.choose(Question::Death, 2, 1) == 0 || self.is_over() {
            return;
        }
        self.tell(place, |_| What::Dies);
        self.note(70, 0);
        self.look_after_words();
        let me = self.me();
        me.state = State::Finished;
        me.died = true;
        self.progress();
        self.elect(self.limits.block_cost);
    }

    /// The running thread is gone: its words are marked, and those who wait for them are woken. As in
    /// the kernel: first those that were listed last, and at the end the one that was pending, listed or
    /// not.
    pub(super) fn look_after_words(&mut self) {
        let mut words = std::mem::take(&mut self.me().robust);
        let pending = self.me().pending.take();
        for &location in words.iter().rev() {
            if pending != Some(location) {
                self.owner_died(location, false);
            }
        }
        if let Some(location) = pending {
            self.owner_died(location, true);
        }
        words.clear();
        self.me().robust = words;
    }

    fn owner_died(&mut self, location: usize, pending: bool) {
        let word = self.memory.locations[location].value() as u32;
        let owner = self.current as u32 + 1;
        if word & OWNER == owner {
            let (mind, memory) = self.mind_and_memory();
            let marked = u64::from(word & WAITERS | OWNER_DIED);
            let (old, new) = memory.update(mind, location, Ordering::AcqRel, |_| marked);
            if word & WAITERS != 0 {
                self.wake_sleepers(location, 1);
            }
            if let Some(place) = self.me().place {
                self.tell(place, |_| What::Marks { location, old, new });
            }
        } else if pending && word & OWNER == 0 {
            // It may have been left, and the wake-up that was due not given.
            self.wake_sleepers(location, 1);
        }
    }
}
