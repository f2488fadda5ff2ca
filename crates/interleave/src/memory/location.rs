//! A location: everything that was ever written to one atomic variable, in order.

use std::collections::VecDeque;
use std::panic::Location as Place;

use crate::reused::Renew;

/// How the bits of a location are to be read by people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Signed(u8),
    #[default]
    Unsigned,
    Pointer,
}

/// One write. Its index in the location's list is its place in the modification order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    pub(crate) value: u64,
    /// What a reader with acquire learns: an index into the memory's views.
    pub(crate) view: Option<u32>,
    /// Stands for the write and all that happened before it.
    pub(crate) hash: u64,
    /// How many messages up to here changed the value: what a spinning thread waits for.
    pub(crate) changes: u32,
}

/// The history of one atomic variable.
#[derive(Debug)]
pub(crate) struct Location {
    pub(crate) messages: Vec<Message>,
    /// Equal in executions that differ only in the order of independent steps: its address.
    pub(crate) key: u64,
    /// Stands for the modifications, in their order.
    pub(crate) hash: u64,
    /// Threads that are known to know that it was made, a bit each.
    pub(crate) known_to: u16,
    pub(crate) created: Option<&'static Place<'static>>,
    pub(crate) shown: Type,
    pub(crate) type_name: &'static str,
    /// Threads that sleep in a futex wait on this word, first come, first.
    pub(crate) sleepers: VecDeque<usize>,
    /// Stands for the comings and goings of sleepers.
    pub(crate) sleepers_hash: u64,
}

impl Default for Location {
    fn default() -> Self {
        Location {
            messages: Vec::new(),
            key: 0,
            hash: 0,
            known_to: 0,
            created: None,
            shown: Type::Unsigned,
            type_name: "",
            sleepers: VecDeque::new(),
            sleepers_hash: 0,
        }
    }
}

impl Renew for Location {
    fn renew(&mut self) {
        self.messages.clear();
        self.hash = 0;
        self.known_to = 0;
        self.sleepers.clear();
        self.sleepers_hash = 0;
    }
}

impl Location {
    /// The index of the newest message.
    pub(crate) fn newest(&self) -> u32 {
        self.messages.len() as u32 - 1
    }

    /// The newest value.
    pub(crate) fn value(&self) -> u64 {
        self.last().value
    }

    /// How many messages changed the value so far.
    pub(crate) fn changes(&self) -> u32 {
        self.last().changes
    }

    pub(crate) fn last(&self) -> Message {
        self.messages[self.messages.len() - 1]
    }

    /// Whether anything happened here that the initial value does not tell.
    pub(crate) fn is_touched(&self) -> bool {
        self.messages.len() > 1 || self.sleepers_hash != 0
    }
}
