//! The sequence lock: readers take nothing; they look at a number before and after, and read again if it has changed.
//!
//! The payload is relaxed atomics: a reader may see half a write, and must notice.

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering::*, fence};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// New data is seen under the old number, which is even and stays so.
    NoWriterFence,
    /// The second look at the number is answered from before the data was read.
    NoReaderFence,
    /// The new number is seen before the new data.
    RelaxedEnd,
    RelaxedFirstLook,
    /// Reads once, however the number has changed.
    NoSecondLook,
    /// Two writers write at once: both end with the same even number, or the number stays odd.
    TwoWriters,
    /// The number stays odd, and the reader waits for ever.
    NoEnd,
}

struct SeqLock {
    number: AtomicU32,
    data: [AtomicU32; 2],
    flaw: Flaw,
}

impl SeqLock {
    fn write(&self, value: u32) {
        let before = self.number.load(Relaxed);
        self.number.store(before.wrapping_add(1), Relaxed);
        if self.flaw != Flaw::NoWriterFence {
            fence(Release);
        }
        for half in &self.data {
            half.store(value, Relaxed);
        }
        if self.flaw != Flaw::NoEnd {
            let order = unless(self.flaw == Flaw::RelaxedEnd, Release);
            self.number.store(before.wrapping_add(2), order);
        }
    }

    fn read(&self) -> [u32; 2] {
        loop {
            let before = self
                .number
                .load(unless(self.flaw == Flaw::RelaxedFirstLook, Acquire));
            if before.is_multiple_of(2) {
                let seen = [self.data[0].load(Relaxed), self.data[1].load(Relaxed)];
                if self.flaw != Flaw::NoReaderFence {
                    fence(Acquire);
                }
                if self.flaw == Flaw::NoSecondLook || self.number.load(Relaxed) == before {
                    return seen;
                }
            }
            hint::spin_loop();
        }
    }
}

/// One reader, and writers that each write two equal halves.
fn torn(flaw: Flaw, writes: &[&[u32]]) {
    let lock = SeqLock {
        number: AtomicU32::new(0),
        data: std::array::from_fn(|_| AtomicU32::new(0)),
        flaw,
    };
    thread::scope(|scope| {
        let lock = &lock;
        for &values in writes {
            scope.spawn(move || values.iter().for_each(|&value| lock.write(value)));
        }
        let [first, second] = lock.read();
        assert_eq!(first, second, "the reader sees half of a write");
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("one write", || torn(Flaw::None, &[&[1]])),
        right("two writes", || torn(Flaw::None, &[&[1, 2]])),
        wrong(Order, "no fence in the writer", Panic, || {
            torn(Flaw::NoWriterFence, &[&[1]]);
        }),
        wrong(Order, "no fence in the reader", Panic, || {
            torn(Flaw::NoReaderFence, &[&[1]]);
        }),
        wrong(Order, "relaxed end", Panic, || {
            torn(Flaw::RelaxedEnd, &[&[1]]);
        }),
        wrong(Order, "relaxed first look", Panic, || {
            torn(Flaw::RelaxedFirstLook, &[&[1]]);
        }),
        wrong(Logic, "no second look", Panic, || {
            torn(Flaw::NoSecondLook, &[&[1]]);
        }),
        wrong(Atomicity, "two writers", Spins, || {
            torn(Flaw::TwoWriters, &[&[1], &[2]]);
        }),
        wrong(WakeUp, "the number stays odd", Spins, || {
            torn(Flaw::NoEnd, &[&[1]]);
        }),
    ]
}
