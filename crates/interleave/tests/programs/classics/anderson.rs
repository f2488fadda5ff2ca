//! Anderson's lock: an array with a place for each thread, in which `true` moves on.
//!
//! The draw must be `AcqRel`, which is easy to miss: who draws a place must see that its last user has lowered the
//! flag, and between the two there may be no other synchronisation than the draws.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::{Lock, count, unless};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedWait,
    RelaxedHandOver,
    /// The first thread goes in three times in a row; the second draws a place whose flag the first has raised
    /// and lowered, and still reads the raised one.
    RelaxedDraw,
    /// Two threads draw the same place, whose flag goes up once.
    DrawsInTwoSteps,
    /// The flag stays up, and the next round finds it so.
    LeavesTheFlag,
    /// Raises its own flag again instead of the next one.
    RaisesItsOwn,
}

struct Anderson {
    flags: [AtomicBool; 2],
    next: AtomicUsize,
    flaw: Flaw,
}

fn anderson(flaw: Flaw) -> Anderson {
    let flags = [AtomicBool::new(true), AtomicBool::new(false)];
    Anderson {
        flags,
        next: AtomicUsize::new(0),
        flaw,
    }
}

impl Lock for Anderson {
    type Held = usize;

    fn lock(&self, _me: usize) -> usize {
        let draw = if self.flaw == Flaw::DrawsInTwoSteps {
            let draw = self.next.load(Acquire);
            self.next.store(draw + 1, Release);
            draw
        } else {
            self.next
                .fetch_add(1, unless(self.flaw == Flaw::RelaxedDraw, AcqRel))
        };
        let place = draw % self.flags.len();
        while !self.flags[place].load(unless(self.flaw == Flaw::RelaxedWait, Acquire)) {
            hint::spin_loop();
        }
        if self.flaw != Flaw::LeavesTheFlag {
            self.flags[place].store(false, Relaxed);
        }
        place
    }

    fn unlock(&self, _me: usize, place: usize) {
        let step = if self.flaw == Flaw::RaisesItsOwn {
            0
        } else {
            1
        };
        let next = (place + step) % self.flags.len();
        self.flags[next].store(true, unless(self.flaw == Flaw::RelaxedHandOver, Release));
    }
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("two threads", || count(anderson(Flaw::None), &[2, 2])),
        right("three rounds against one", || {
            count(anderson(Flaw::None), &[3, 1]);
        }),
        wrong(Order, "relaxed wait", Race, || {
            count(anderson(Flaw::RelaxedWait), &[1, 1]);
        }),
        wrong(Order, "relaxed hand-over", Race, || {
            count(anderson(Flaw::RelaxedHandOver), &[1, 1]);
        }),
        wrong(Order, "relaxed draw", Race, || {
            count(anderson(Flaw::RelaxedDraw), &[3, 1]);
        }),
        wrong(Atomicity, "draws in two steps", Spins, || {
            count(anderson(Flaw::DrawsInTwoSteps), &[1, 1]);
        }),
        wrong(Logic, "leaves the flag", Race, || {
            count(anderson(Flaw::LeavesTheFlag), &[2, 2]);
        }),
        wrong(WakeUp, "raises its own flag", Spins, || {
            count(anderson(Flaw::RaisesItsOwn), &[1, 1]);
        }),
    ]
}
