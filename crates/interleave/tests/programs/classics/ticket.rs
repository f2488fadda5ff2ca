//! The ticket lock: draw a number, wait until it is served.

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedWait,
    RelaxedUnlock,
    /// Two threads draw the same number: both go in, or one comes when it has been served.
    DrawsInTwoSteps,
    /// Waits while the served number is smaller: after the wrap, 0 is drawn while 2³²−1 is being served.
    Smaller,
    /// Serves the number after the next, for which nobody waits.
    SkipsOne,
}

struct Ticket {
    next: AtomicU32,
    serving: AtomicU32,
    flaw: Flaw,
}

fn ticket(flaw: Flaw) -> Ticket {
    // The numbers wrap around; a lock that starts just before the wrap shows whether that is right.
    Ticket {
        next: AtomicU32::new(u32::MAX),
        serving: AtomicU32::new(u32::MAX),
        flaw,
    }
}

impl Lock for Ticket {
    type Held = u32;

    fn lock(&self, _me: usize) -> u32 {
        let mine = if self.flaw == Flaw::DrawsInTwoSteps {
            let mine = self.next.load(Relaxed);
            self.next.store(mine.wrapping_add(1), Relaxed);
            mine
        } else {
            self.next.fetch_add(1, Relaxed)
        };
        let waits = |serving: u32| match self.flaw {
            Flaw::Smaller => serving < mine,
            _ => serving != mine,
        };
        while waits(
            self.serving
                .load(unless(self.flaw == Flaw::RelaxedWait, Acquire)),
        ) {
            hint::spin_loop();
        }
        mine
    }

    fn unlock(&self, _me: usize, mine: u32) {
        let step = if self.flaw == Flaw::SkipsOne { 2 } else { 1 };
        let order = unless(self.flaw == Flaw::RelaxedUnlock, Release);
        self.serving.store(mine.wrapping_add(step), order);
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(ticket(Flaw::None), &[2, 2])),
        right("three threads", || count(ticket(Flaw::None), &[1, 1, 1])),
        wrong(Order, "relaxed wait", Race, || {
            count(ticket(Flaw::RelaxedWait), &[1, 1]);
        }),
        wrong(Order, "relaxed unlock", Race, || {
            count(ticket(Flaw::RelaxedUnlock), &[1, 1]);
        }),
        wrong(Atomicity, "draws in two steps", Spins, || {
            count(ticket(Flaw::DrawsInTwoSteps), &[1, 1]);
        }),
        wrong(Logic, "forgets the wrap", Race, || {
            count(ticket(Flaw::Smaller), &[1, 1]);
        }),
        wrong(WakeUp, "skips a number", Spins, || {
            count(ticket(Flaw::SkipsOne), &[1, 1]);
        }),
    ]
}
