//! How a primitive of the code under test finds its counterpart in the engine.
//!
//! A primitive can be a `static`, so it is made by a `const fn`, long before there is an engine. It
//! registers when it is first used in an execution; in the next execution it is as new, so statics
//! are reset. Bytes that are all zero are a primitive that is not registered.
#![expect(
    unsafe_code,
    reason = "all model threads are one thread of the operating system"
)]

use std::cell::Cell;
use std::panic::{Location as Place, RefUnwindSafe};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::engine::Engine;
use crate::heap::{self, FREED};

/// Counts executions over all checks of the process, since statics outlive a check.
/// They do not begin with one: an identity must not look like the counts of an `Arc`.
static EPOCHS: AtomicU32 = AtomicU32::new(1000);

/// Constants of a program are not further apart.
const NEAR: usize = 64 << 20;

/// An epoch that freed memory shows.
const FREED_EPOCH: u32 = u32::from_ne_bytes([FREED; 4]);

/// A new epoch: an execution begins.
pub(crate) fn next_epoch() -> u32 {
    loop {
        let epoch = EPOCHS.fetch_add(1, Ordering::Relaxed);
        if epoch != 0 && epoch != FREED_EPOCH {
            return epoch;
        }
    }
}

/// Who a primitive is in the execution that is going on.
#[derive(Debug)]
pub(crate) struct Identity {
    epoch: Cell<u32>,
    index: Cell<u32>,
    /// Null, or a place; but code under test that is wrong may show us any bytes here.
    created: *const Place<'static>,
}

// SAFETY: the cells are used on the engine's side only, `find` and `forget`, where all model threads
// are one thread of the operating system, and a check has one such thread.
unsafe impl Sync for Identity {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl Send for Identity {}
impl RefUnwindSafe for Identity {}

/// What is known of an identity.
pub(crate) enum Found {
    Registered(usize),
    New,
    /// It lies in memory that was freed.
    Freed,
}

impl Identity {
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Identity {
            epoch: Cell::new(0),
            index: Cell::new(0),
            created: Place::caller(),
        }
    }

    /// Where the primitive was made. Memory that is none any more shows anything; but a place is
    /// part of the program, where other places are.
    pub(crate) fn created(&self) -> Option<&'static Place<'static>> {
        let known: *const Place<'static> = Place::caller();
        let is_near = self.created.addr().abs_diff(known.addr()) < NEAR;
        if self.created.is_null() || !self.created.is_aligned() || !is_near {
            return None;
        }
        // SAFETY: it was a place when the primitive was made; if its memory has been overwritten
        // since, it is an aligned address in the program's constants, which can be read.
        Some(unsafe { &*self.created })
    }

    /// What distinguishes it from others, in every execution alike.
    pub(crate) fn key(&self) -> u64 {
        (&raw const *self).addr() as u64
    }

    pub(crate) fn find(&self, engine: &Engine) -> Found {
        let epoch = self.epoch.get();
        if epoch == engine.epoch {
            Found::Registered(self.index.get() as usize)
        } else if epoch == FREED_EPOCH && heap::contains(self.key() as usize) {
            Found::Freed
        } else {
            Found::New
        }
    }

    pub(crate) fn register(&self, engine: &Engine, index: usize) {
        self.epoch.set(engine.epoch);
        self.index.set(index as u32);
    }

    /// Is as new.
    pub(crate) fn forget(&self) {
        self.epoch.set(0);
    }
}
