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
