//! Weak memory: what a load may read.
//!
//! Each location keeps the list of all [messages](location::Message) ever written to it. A store
//! appends; a read-modify-write reads the newest and appends. A load may read any message that is
//! not older than the one its thread [knows](view::View): to read an older one would go back in time
//! (coherence), and that is the only thing that is forbidden to a relaxed load.
//!
//! A release store sends its writer's view along with the value; a load with acquire that reads it
//! joins that view into its own. So what happened before the store is known after the load. A
//! read-modify-write hands the view of the message that it replaces on to its own: that is a release
//! sequence. Fences do the same for the relaxed loads before them and the relaxed stores after them.
//!
//! `SeqCst` operations take place in one total order, which is the order of execution. One more view
//! belongs to all of them together: it holds, for each location, the newest message that a `SeqCst`
//! operation has read or written, and no later `SeqCst` load reads an older one. A `SeqCst` fence
//! joins that view into its thread's and its thread's into that one.
//!
//! What this does not do: produce all that C11 allows. The order of modifications is the order of
//! execution, so no store lands before one that was executed earlier (2+2W), and no load reads from a
//! store that is executed later (load buffering). All it does produce, C11 allows.

pub(crate) mod location;
pub(crate) mod view;

use std::sync::atomic::Ordering;

use crate::mixing::{mix, mix_all};
use crate::reused::Reused;
use location::{Location, Message};
use view::View;

/// The memory side of a thread.
#[derive(Debug, Default)]
pub(crate) struct Mind {
    /// What the thread knows.
    pub(crate) view: View,
    /// What it would know if it executed an acquire fence now: the views of messages that it read
    /// without acquire.
    pub(crate) offered: View,
    /// What it knew at its last release fence: its relaxed stores carry it.
    fenced: View,
    has_fenced: bool,
    /// Stands for everything that the thread has observed.
    pub(crate) hash: u64,
}

impl Mind {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.view.clear();
        self.offered.clear();
        self.fenced.clear();
        self.has_fenced = false;
        self.hash = 0;
    }

    /// Notes an observation: two threads with equal hashes have seen the same.
    pub(crate) fn note(&mut self, what: u64) {
        self.hash = mix(self.hash, what);
    }
}

/// All locations of an execution.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) locations: Reused<Location>,
    /// The views that messages carry.
    views: Vec<View>,
    used_views: usize,
    /// What all sequentially consistent operations know together.
    consistent: View,
}

/// Whether a load of this ordering acquires.
pub(crate) fn acquires(order: Ordering) -> bool {
    matches!(
        order,
        Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst
    )
}

/// Whether a store of this ordering releases.
pub(crate) fn releases(order: Ordering) -> bool {
    matches!(
        order,
        Ordering::Release | Ordering::AcqRel | Ordering::SeqCst
    )
}

impl Memory {
    /// Forgets all locations.
    pub(crate) fn clear(&mut self) {
        self.locations.clear();
        self.used_views = 0;
        self.consistent.clear();
    }

    /// A new location. Its initial value carries no view: whoever can name it knows it already.
    pub(crate) fn create(&mut self, key: u64, value: u64) -> usize {
        let index = self.locations.add();
        let location = &mut self.locations[index];
        location.key = key;
        location.messages.push(Message {
            value,
            view: None,
            hash: mix(key, value),
            changes: 0,
        });
        index
    }

    /// The oldest message that a load of this thread and ordering may read.
    pub(crate) fn oldest(&self, mind: &Mind, location: usize, order: Ordering) -> u32 {
        let known = mind.view.oldest(location);
        if order == Ordering::SeqCst {
            known.max(self.consistent.oldest(location))
        } else {
            known
        }
    }

    /// Reads a message, and learns what the ordering says.
    pub(crate) fn read(
        &mut self,
        mind: &mut Mind,
        location: usize,
        index: u32,
        order: Ordering,
    ) -> u64 {
        let message = self.locations[location].messages[index as usize];
        mind.view.raise(location, index);
        if let Some(view) = message.view {
            let view = &self.views[view as usize];
            if acquires(order) {
                mind.view.join(view);
            } else {
                mind.offered.join(view);
            }
        }
        if order == Ordering::SeqCst {
            self.consistent.raise(location, index);
        }
        let key = self.locations[location].key;
        mind.note(mix_all([message.hash, key, order as u64]));
        message.value
    }

    /// Appends a message.
    pub(crate) fn store(&mut self, mind: &mut Mind, location: usize, value: u64, order: Ordering) {
        self.append(mind, location, value, order, None);
    }

    /// Reads the newest message and appends one made of it, with nothing in between.
    pub(crate) fn update(
        &mut self,
        mind: &mut Mind,
        location: usize,
        order: Ordering,
        change: impl FnOnce(u64) -> u64,
    ) -> (u64, u64) {
        let newest = self.locations[location].newest();
        let replaced = self.locations[location].last().view;
        let old = self.read(mind, location, newest, order);
        let new = change(old);
        self.append(mind, location, new, order, replaced);
        (old, new)
    }

    fn append(
        &mut self,
        mind: &mut Mind,
        location: usize,
        value: u64,
        order: Ordering,
        replaced: Option<u32>,
    ) {
        let index = self.locations[location].newest() + 1;
        mind.view.raise(location, index);
        let sent = if releases(order) {
            Some(self.keep(&mind.view))
        } else if mind.has_fenced {
            Some(self.keep(&mind.fenced))
        } else {
            None
        };
        let view = match (sent, replaced) {
            (Some(sent), Some(replaced)) => {
                let (older, newer) = self.views.split_at_mut(sent as usize);
                newer[0].join(&older[replaced as usize]);
                Some(sent)
            }
            (sent, replaced) => sent.or(replaced),
        };
        if order == Ordering::SeqCst {
            self.consistent.raise(location, index);
        }
        let location = &mut self.locations[location];
        mind.note(mix_all([location.hash, location.key, value, order as u64]));
        location.hash = mix(location.hash, mind.hash);
        let last = location.last();
        location.messages.push(Message {
            value,
            view,
            hash: mind.hash,
            changes: last.changes + u32::from(last.value != value),
        });
    }

    /// A fence.
    pub(crate) fn fence(&mut self, mind: &mut Mind, order: Ordering) {
        if acquires(order) {
            mind.view.join(&mind.offered);
        }
        if order == Ordering::SeqCst {
            mind.note(self.consistent_hash());
            mind.view.join_messages(&self.consistent);
            self.consistent.join_messages(&mind.view);
        }
        if releases(order) {
            mind.fenced.copy_from(&mind.view);
            mind.has_fenced = true;
        }
        mind.note(mix(0xFE7CE, order as u64));
    }

    /// Stands for all locations, and for what sequentially consistent operations know.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.locations
            .iter()
            .filter(|location| location.is_touched())
            .map(|location| {
                mix(
                    location.hash ^ location.sleepers_hash.rotate_left(32),
                    location.key,
                )
            })
            .fold(self.consistent_hash(), u64::wrapping_add)
    }

    /// Stands for what sequentially consistent operations know. The messages are named by what they
    /// mean, since their numbers can differ between executions that mean the same.
    fn consistent_hash(&self) -> u64 {
        self.consistent
            .known()
            .map(|(location, index)| {
                let location = &self.locations[location];
                mix(location.messages[index as usize].hash, !location.key)
            })
            .fold(0, u64::wrapping_add)
    }

    /// A view that was kept.
    pub(crate) fn kept(&self, index: u32) -> &View {
        &self.views[index as usize]
    }

    /// Keeps a copy of a view until the execution is over; says which.
    pub(crate) fn keep(&mut self, view: &View) -> u32 {
        match self.views.get_mut(self.used_views) {
            Some(old) => old.copy_from(view),
            None => self.views.push(view.clone()),
        }
        self.used_views += 1;
        self.used_views as u32 - 1
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

    use super::{Memory, Mind};

    /// Two locations and three threads. The first of them has a past: its clock shows 1.
    fn world() -> (Memory, [Mind; 3]) {
        let mut memory = Memory::default();
        memory.create(1, 0);
        memory.create(2, 0);
        let mut minds: [Mind; 3] = Default::default();
        minds[0].view.tick(0);
        (memory, minds)
    }

    #[test]
    fn a_relaxed_load_may_read_any_message_that_is_not_past() {
        let (mut memory, [mut writer, mut reader, _]) = world();
        memory.store(&mut writer, 0, 7, Relaxed);
        memory.store(&mut writer, 0, 8, Relaxed);
        assert_eq!(memory.oldest(&reader, 0, Relaxed), 0);
        assert_eq!(memory.read(&mut reader, 0, 1, Relaxed), 7);
        assert_eq!(memory.oldest(&reader, 0, Relaxed), 1);
        assert_eq!(memory.oldest(&writer, 0, Relaxed), 2);
    }

    #[test]
    fn acquire_learns_what_release_knew_and_relaxed_does_not() {
        for (store, load, learns) in [
            (Release, Acquire, true),
            (Release, Relaxed, false),
            (Relaxed, Acquire, false),
            (SeqCst, SeqCst, true),
        ] {
            let (mut memory, [mut writer, mut reader, _]) = world();
            memory.store(&mut writer, 0, 1, Relaxed);
            memory.store(&mut writer, 1, 1, store);
            memory.read(&mut reader, 1, 1, load);
            assert_eq!(reader.view.clock(0) == 1, learns, "{store:?} {load:?}");
            assert_eq!(memory.oldest(&reader, 0, Relaxed) == 1, learns);
        }
    }

    #[test]
    fn an_update_hands_on_what_the_release_before_it_knew() {
        let (mut memory, [mut writer, mut between, mut reader]) = world();
        memory.store(&mut writer, 0, 1, Release);
        assert_eq!(
            memory.update(&mut between, 0, Relaxed, |old| old + 1),
            (1, 2)
        );
        assert_eq!(between.view.clock(0), 0);
        memory.read(&mut reader, 0, 2, Acquire);
        assert_eq!(reader.view.clock(0), 1);
    }

    #[test]
    fn a_plain_store_ends_a_release_sequence_even_of_the_same_thread() {
        let (mut memory, [mut writer, mut reader, _]) = world();
        memory.store(&mut writer, 0, 1, Release);
        memory.store(&mut writer, 0, 2, Relaxed);
        memory.read(&mut reader, 0, 2, Acquire);
        assert_eq!(reader.view.clock(0), 0);
    }

    #[test]
    fn fences_order_the_relaxed_operations_around_them() {
        let (mut memory, [mut writer, mut reader, _]) = world();
        memory.fence(&mut writer, Release);
        writer.view.tick(0);
        memory.store(&mut writer, 0, 1, Relaxed);
        memory.read(&mut reader, 0, 1, Relaxed);
        assert_eq!(reader.view.clock(0), 0);
        memory.fence(&mut reader, Acquire);
        // What was done between the fence and the store is not sent along.
        assert_eq!(reader.view.clock(0), 1);
    }

    #[test]
    fn an_update_acquires_and_releases_as_its_ordering_says() {
        let (mut memory, [mut writer, mut between, mut reader]) = world();
        memory.store(&mut writer, 0, 1, Release);
        memory.update(&mut between, 0, AcqRel, |old| old);
        assert_eq!(between.view.clock(0), 1);
        memory.store(&mut between, 1, 1, Release);
        memory.read(&mut reader, 1, 1, Acquire);
        assert_eq!(reader.view.clock(0), 1);
    }

    #[test]
    fn sequentially_consistent_loads_do_not_fall_behind_each_other() {
        let (mut memory, [mut writer, one, other]) = world();
        memory.store(&mut writer, 0, 1, SeqCst);
        assert_eq!(memory.oldest(&one, 0, SeqCst), 1);
        assert_eq!(memory.oldest(&one, 0, Acquire), 0);
        // And what one of them has read of a relaxed store, the others do not miss.
        memory.store(&mut writer, 1, 1, Relaxed);
        let mut one = one;
        assert_eq!(memory.oldest(&other, 1, SeqCst), 0);
        memory.read(&mut one, 1, 1, SeqCst);
        assert_eq!(memory.oldest(&other, 1, SeqCst), 1);
    }

    #[test]
    fn a_sequentially_consistent_fence_orders_values_and_not_the_past() {
        let (mut memory, [mut writer, mut reader, _]) = world();
        memory.store(&mut writer, 0, 1, Relaxed);
        memory.fence(&mut writer, SeqCst);
        memory.fence(&mut reader, SeqCst);
        assert_eq!(memory.oldest(&reader, 0, Relaxed), 1);
        assert_eq!(reader.view.clock(0), 0);
    }

    #[test]
    fn reads_leave_no_mark_and_writes_do() {
        let (mut memory, [mut one, mut other, _]) = world();
        let before = memory.fingerprint();
        memory.read(&mut one, 0, 0, Acquire);
        assert_eq!(memory.fingerprint(), before);
        memory.store(&mut other, 0, 0, Relaxed);
        assert_ne!(memory.fingerprint(), before);
    }

    #[test]
    fn independent_stores_commute_and_dependent_ones_do_not() {
        let both = |first: usize, second: usize, same: bool| {
            let (mut memory, mut minds) = world();
            for thread in [first, second] {
                let location = if same { 0 } else { thread };
                memory.store(&mut minds[thread], location, 1, Release);
            }
            memory.fingerprint()
        };
        assert_eq!(both(0, 1, false), both(1, 0, false));
        let (mut memory, mut minds) = world();
        minds[1].hash = 9;
        memory.store(&mut minds[0], 0, 1, Release);
        memory.store(&mut minds[1], 0, 1, Release);
        let one = memory.fingerprint();
        let (mut memory, mut minds) = world();
        minds[1].hash = 9;
        memory.store(&mut minds[1], 0, 1, Release);
        memory.store(&mut minds[0], 0, 1, Release);
        assert_ne!(one, memory.fingerprint());
        assert_eq!(both(0, 1, true), both(0, 1, true));
    }
}
