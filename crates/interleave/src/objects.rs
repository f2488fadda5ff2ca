//! Objects that block by themselves: the locks, queues and gates behind the shadows of `std::sync`.

use std::panic::Location as Place;

use crate::memory::Mind;
use crate::memory::view::View;
use crate::mixing::{mix, mix_all};
use crate::reused::{Renew, Reused};

/// What an object stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    #[default]
    Mutex,
    RwLock,
    Condvar,
    Barrier,
    Once,
    Channel,
}

/// A lock with any number of readers or one writer, and a queue of sleepers. Each sort uses the
/// parts that it needs.
#[derive(Debug, Default)]
pub(crate) struct Object {
    pub(crate) sort: Sort,
    pub(crate) key: u64,
    pub(crate) created: Option<&'static Place<'static>>,
    pub(crate) writer: Option<usize>,
    pub(crate) readers: u32,
    /// What the last writer knew when it left.
    pub(crate) view: View,
    /// What the readers since the last writer knew when they left.
    pub(crate) readers_view: View,
    pub(crate) queue: Vec<usize>,
    pub(crate) poisoned: bool,
    /// Stands for all that happened to it.
    pub(crate) hash: u64,
    pub(crate) changes: u32,
}

impl Renew for Object {
    fn renew(&mut self) {
        self.writer = None;
        self.readers = 0;
        self.view.clear();
        self.readers_view.clear();
        self.queue.clear();
        self.poisoned = false;
        self.hash = 0;
        self.changes = 0;
    }
}

impl Object {
    /// Notes an event that depends on what happened here before, and changes it.
    pub(crate) fn event(&mut self, mind: &mut Mind, what: u64) {
        mind.note(mix_all([what, self.hash, self.key]));
        self.hash = mix(self.hash, mind.hash) | 1;
        self.changes += 1;
    }

    /// Notes an event that depends on what happened here before, and changes nothing.
    pub(crate) fn look(&self, mind: &mut Mind, what: u64) {
        mind.note(mix_all([what, self.hash, self.key]));
    }

    /// Takes somebody out of the queue.
    pub(crate) fn leave_queue(&mut self, thread: usize) {
        self.queue.retain(|&other| other != thread);
        self.hash = mix(self.hash, 77 + thread as u64) | 1;
    }

    pub(crate) fn is_free_for_writer(&self) -> bool {
        self.writer.is_none() && self.readers == 0
    }
}

/// Stands for all objects.
pub(crate) fn fingerprint(objects: &Reused<Object>) -> u64 {
    objects
        .iter()
        .filter(|object| object.hash != 0)
        .map(|object| mix(object.hash, object.key))
        .fold(0, u64::wrapping_add)
}
