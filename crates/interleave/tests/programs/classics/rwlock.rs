//! A readers–writer lock on one futex word: the number of readers, or the mark of the writer.

use std::sync::atomic::{AtomicU32, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;
use crate::world::{Tracked, futex};

const WRITER: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    RelaxedRead,
    /// The writer writes while, for all that it knows, a reader still reads.
    RelaxedReadUnlock,
    RelaxedWrite,
    RelaxedWriteUnlock,
    /// A writer comes between the reader's look and its entry, and is wiped out.
    ReadsInTwoSteps,
    /// A reader comes between the writer's look and its entry.
    WritesInTwoSteps,
    /// The last reader leaves and the writer sleeps on.
    ReadersWakeNobody,
    WriterWakesNobody,
}

struct ReadWrite(AtomicU32, Flaw);

impl ReadWrite {
    fn read(&self) {
        let ReadWrite(state, flaw) = self;
        loop {
            let now = state.load(Relaxed);
            if now == WRITER {
                futex::wait(state, WRITER);
            } else if *flaw == Flaw::ReadsInTwoSteps {
                state.swap(now + 1, Acquire);
                return;
            } else {
                let order = unless(*flaw == Flaw::RelaxedRead, Acquire);
                if state
                    .compare_exchange_weak(now, now + 1, order, Relaxed)
                    .is_ok()
                {
                    return;
                }
            }
        }
    }

    fn read_unlock(&self) {
        let ReadWrite(state, flaw) = self;
        let order = unless(*flaw == Flaw::RelaxedReadUnlock, Release);
        if state.fetch_sub(1, order) == 1 && *flaw != Flaw::ReadersWakeNobody {
            futex::wake(state, u32::MAX);
        }
    }

    fn write(&self) {
        let ReadWrite(state, flaw) = self;
        if *flaw == Flaw::WritesInTwoSteps {
            while state.load(Acquire) != 0 {
                futex::wait(state, state.load(Relaxed));
            }
            return state.store(WRITER, Relaxed);
        }
        let order = unless(*flaw == Flaw::RelaxedWrite, Acquire);
        while let Err(now) = state.compare_exchange(0, WRITER, order, Relaxed) {
            futex::wait(state, now);
        }
    }

    fn write_unlock(&self) {
        let ReadWrite(state, flaw) = self;
        state.store(0, unless(*flaw == Flaw::RelaxedWriteUnlock, Release));
        if *flaw != Flaw::WriterWakesNobody {
            futex::wake(state, u32::MAX);
        }
    }
}

fn readers_and_writers(flaw: Flaw, readers: usize, writers: u32) {
    let (lock, value) = (ReadWrite(AtomicU32::new(0), flaw), Tracked::new(0_u32));
    let write = || {
        lock.write();
        value.set(value.get() + 1);
        lock.write_unlock();
    };
    thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| {
                lock.read();
                assert!(value.get() <= writers);
                lock.read_unlock();
            });
        }
        for _ in 1..writers {
            scope.spawn(write);
        }
        write();
    });
    assert_eq!(value.get(), writers);
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("one reader, one writer", || {
            readers_and_writers(Flaw::None, 1, 1);
        }),
        right("two readers, one writer", || {
            readers_and_writers(Flaw::None, 2, 1);
        }),
        right("one reader, two writers", || {
            readers_and_writers(Flaw::None, 1, 2);
        }),
        wrong(Order, "relaxed read", Race, || {
            readers_and_writers(Flaw::RelaxedRead, 1, 1);
        }),
        wrong(Order, "relaxed read unlock", Race, || {
            readers_and_writers(Flaw::RelaxedReadUnlock, 1, 1);
        }),
        wrong(Order, "relaxed write", Race, || {
            readers_and_writers(Flaw::RelaxedWrite, 1, 1);
        }),
        wrong(Order, "relaxed write unlock", Race, || {
            readers_and_writers(Flaw::RelaxedWriteUnlock, 1, 1);
        }),
        wrong(Atomicity, "reads in two steps", Race, || {
            readers_and_writers(Flaw::ReadsInTwoSteps, 1, 1);
        }),
        wrong(Atomicity, "writes in two steps", Race, || {
            readers_and_writers(Flaw::WritesInTwoSteps, 1, 1);
        }),
        wrong(WakeUp, "readers wake nobody", Stuck, || {
            readers_and_writers(Flaw::ReadersWakeNobody, 1, 1);
        }),
        wrong(WakeUp, "the writer wakes nobody", Stuck, || {
            readers_and_writers(Flaw::WriterWakesNobody, 1, 1);
        }),
    ]
}
