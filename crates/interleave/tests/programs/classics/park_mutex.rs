//! A mutex on `park` and `unpark`: who does not get it writes himself into a queue, tries once more, and parks.
//!
//! `park` may return for no reason. Who wakes up takes himself out of the queue, or his old entry swallows a wake-up.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering::*};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedTry,
    RelaxedUnlock,
    LoadThenStore,
    /// The lock is freed between its try and its entry into the queue, and nobody knows of it.
    ParksAtOnce,
    /// Pops a sleeper while the lock is still taken; one who queues after that is not seen.
    PopsFirst,
    /// Woken for no reason, it stays in the queue, and the next wake-up goes to nobody.
    LeavesItsEntry,
    NoWake,
}

struct Parking {
    taken: AtomicBool,
    queue: Mutex<VecDeque<Thread>>,
    flaw: Flaw,
}

fn parking(flaw: Flaw) -> Parking {
    Parking {
        taken: AtomicBool::new(false),
        queue: Mutex::new(VecDeque::new()),
        flaw,
    }
}

impl Parking {
    fn queue(&self) -> MutexGuard<'_, VecDeque<Thread>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn attempt(&self) -> bool {
        if self.flaw == Flaw::LoadThenStore {
            let free = !self.taken.load(Acquire);
            if free {
                self.taken.store(true, Relaxed);
            }
            return free;
        }
        !self
            .taken
            .swap(true, unless(self.flaw == Flaw::RelaxedTry, Acquire))
    }

    fn leave_queue(&self) {
        if self.flaw != Flaw::LeavesItsEntry {
            let me = thread::current().id();
            self.queue().retain(|thread| thread.id() != me);
        }
    }
}

impl Lock for Parking {
    type Held = ();

    fn lock(&self, _me: usize) {
        while !self.attempt() {
            self.queue().push_back(thread::current());
            if self.flaw != Flaw::ParksAtOnce && self.attempt() {
                return self.leave_queue();
            }
            thread::park();
            self.leave_queue();
        }
    }

    fn unlock(&self, _me: usize, (): ()) {
        let pop = || self.queue().pop_front();
        let early = if self.flaw == Flaw::PopsFirst {
            pop()
        } else {
            None
        };
        self.taken
            .store(false, unless(self.flaw == Flaw::RelaxedUnlock, Release));
        let sleeper = match self.flaw {
            Flaw::PopsFirst => early,
            Flaw::NoWake => None,
            _ => pop(),
        };
        if let Some(thread) = sleeper {
            thread.unpark();
        }
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(parking(Flaw::None), &[1, 1])),
        right("two rounds against one", || {
            count(parking(Flaw::None), &[2, 1]);
        }),
        right("three threads", || count(parking(Flaw::None), &[1, 1, 1])).to(2),
        wrong(Order, "relaxed try", Race, || {
            count(parking(Flaw::RelaxedTry), &[1, 1]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            count(parking(Flaw::RelaxedUnlock), &[1, 1]);
        }),
        wrong(Atomicity, "load, then store", Race, || {
            count(parking(Flaw::LoadThenStore), &[1, 1]);
        }),
        wrong(WakeUp, "parks at once", Stuck, || {
            count(parking(Flaw::ParksAtOnce), &[1, 1]);
        }),
        wrong(WakeUp, "pops before it frees", Stuck, || {
            count(parking(Flaw::PopsFirst), &[1, 1]);
        }),
        wrong(WakeUp, "leaves its entry behind", Stuck, || {
            count(parking(Flaw::LeavesItsEntry), &[1, 1, 1]);
        }),
        wrong(WakeUp, "wakes nobody", Stuck, || {
            count(parking(Flaw::NoWake), &[1, 1]);
        }),
    ]
}
