//! The threads of an execution, as the scheduler sees them.

use std::ops::{Add, Sub};
use std::panic::Location as Place;

use crate::memory::Mind;
use crate::memory::view::View;
use crate::reused::Renew;

/// Whether a thread can be executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    Ready,
    /// It spins, or has yielded: it goes on when something changes that it [watches](Watch).
    Spinning,
    Blocked(Wait),
    Finished,
}

/// What a blocked thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// To be alone in an object.
    Write(usize),
    /// To be in an object without a writer.
    Read(usize),
    /// To be woken through an object's queue.
    Queue(usize),
    /// To be woken through a location's futex queue.
    Futex(usize),
    /// A token.
    Park,
    /// The end of another thread.
    Join(usize),
    /// Its own timer.
    Sleep,
}

/// Something that a thread has looked at since it last span, as it was then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watch {
    Location { index: usize, changes: u32 },
    Object { index: usize, changes: u32 },
    Finish(usize),
    Clock,
}

impl Watch {
    fn same_target(&self, other: Watch) -> bool {
        match (*self, other) {
            (Watch::Location { index: a, .. }, Watch::Location { index: b, .. })
            | (Watch::Object { index: a, .. }, Watch::Object { index: b, .. }) => a == b,
            (one, other) => one == other,
        }
    }
}

/// The same load at the same place found the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    pub(crate) place: *const Place<'static>,
    pub(crate) location: usize,
    pub(crate) value: u64,
    pub(crate) times: u32,
}

/// How often a thread did what costs something on a real machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Atomic read-modify-writes: `swap`, `fetch_add`, `compare_exchange` and their like, also those
    /// that fail.
    pub updates: u64,
    /// Calls of `std::hint::spin_loop`.
    pub spin_hints: u64,
    /// Calls of `std::thread::yield_now`.
    pub yields: u64,
    /// Calls of the futex.
    pub futex_calls: u64,
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            updates: self.updates + other.updates,
            spin_hints: self.spin_hints + other.spin_hints,
            yields: self.yields + other.yields,
            futex_calls: self.futex_calls + other.futex_calls,
        }
    }
}

impl Sub for Counts {
    type Output = Counts;

    fn sub(self, earlier: Counts) -> Counts {
        Counts {
            updates: self.updates - earlier.updates,
            spin_hints: self.spin_hints - earlier.spin_hints,
            yields: self.yields - earlier.yields,
            futex_calls: self.futex_calls - earlier.futex_calls,
        }
    }
}

impl Counts {
    /// The larger of each.
    pub(crate) fn max(self, other: Counts) -> Counts {
        Counts {
            updates: self.updates.max(other.updates),
            spin_hints: self.spin_hints.max(other.spin_hints),
            yields: self.yields.max(other.yields),
            futex_calls: self.futex_calls.max(other.futex_calls),
        }
    }
}

/// A variable of `thread_local!`: its key, its value, and what destroys it.
#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) key: usize,
    /// Null once it is being destroyed.
    pub(crate) value: *mut (),
    pub(crate) destroy: fn(*mut ()),
}

/// A model thread.
#[derive(Default)]
pub(crate) struct Thread {
    pub(crate) state: State,
    pub(crate) mind: Mind,
    /// Where it is.
    pub(crate) place: Option<&'static Place<'static>>,
    /// An `unpark` that nobody has consumed yet, with what its threads knew.
    pub(crate) token: Option<View>,
    /// Stands for those threads and what they had seen.
    pub(crate) token_hash: u64,
    pub(crate) watches: Vec<Watch>,
    pub(crate) repeats: Vec<Repeat>,
    /// When its wait times out.
    pub(crate) timer: Option<u64>,
    pub(crate) timed_out: bool,
    /// So many more turns may a spinner take alone.
    pub(crate) impatient: u32,
    /// Where it was when it began to.
    pub(crate) impatient_at: Option<&'static Place<'static>>,
    /// What it had done when it began to.
    pub(crate) counts_before: Counts,
    pub(crate) counts: Counts,
    pub(crate) locals: Vec<Local>,
    /// Panics on their way that nothing has caught yet.
    pub(crate) unwinding: u32,
    /// It ended with a panic that `join` has not handed over yet.
    pub(crate) panicked: Option<usize>,
    /// Whether it may die, at any operation.
    pub(crate) mortal: bool,
    /// Words that are looked after when it is gone.
    pub(crate) robust: Vec<usize>,
    /// The word that it is taking or leaving.
    pub(crate) pending: Option<usize>,
    pub(crate) died: bool,
    pub(crate) name: Option<String>,
    pub(crate) body: Option<Box<dyn FnOnce()>>,
}

impl std::fmt::Debug for Thread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thread")
            .field("state", &self.state)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Renew for Thread {
    fn renew(&mut self) {
        self.state = State::Ready;
        self.mind.clear();
        self.place = None;
        self.token = None;
        self.token_hash = 0;
        self.watches.clear();
        self.repeats.clear();
        self.timer = None;
        self.timed_out = false;
        self.impatient = 0;
        self.impatient_at = None;
        self.counts_before = Counts::default();
        self.counts = Counts::default();
        self.locals.clear();
        self.unwinding = 0;
        self.panicked = None;
        self.mortal = false;
        self.robust.clear();
        self.pending = None;
        self.died = false;
        self.name = None;
        self.forget_body();
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.forget_body();
    }
}

impl Thread {
    /// What a thread that never began would have executed lives on a model heap, which is rewound,
    /// not freed; and its destructors are code under test.
    #[expect(clippy::mem_forget, reason = "see above")]
    fn forget_body(&mut self) {
        std::mem::forget(self.body.take());
    }

    /// Has looked at something: if it spins, it may wait for that to change.
    pub(crate) fn watch(&mut self, seen: Watch) {
        match self
            .watches
            .iter_mut()
            .find(|other| other.same_target(seen))
        {
            Some(old) => *old = seen,
            None => self.watches.push(seen),
        }
    }

    /// What this thread changed itself is no news to it.
    pub(crate) fn rewatch(&mut self, changed: Watch) {
        if let Some(old) = self
            .watches
            .iter_mut()
            .find(|other| other.same_target(changed))
        {
            *old = changed;
        }
    }
}
