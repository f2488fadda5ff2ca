//! Ways to wait for something, as people write them. All are right, and none may be called endless.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering::*};
use std::sync::{Mutex, RwLock, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::world::{Tracked, futex};

/// One thread fills the payload and raises the flag, the other waits in its own way.
fn waits(wait: fn(&AtomicBool)) {
    let (flag, payload) = (AtomicBool::new(false), Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            payload.set(7);
            flag.store(true, Release);
        });
        wait(&flag);
        assert_eq!(payload.get(), 7);
    });
}

/// No hint at all.
fn bare(flag: &AtomicBool) {
    while !flag.load(Acquire) {}
}

/// A hint that grows, with nothing read in between.
fn back_off(flag: &AtomicBool) {
    let mut turns = 1;
    while !flag.load(Acquire) {
        (0..turns).for_each(|_| hint::spin_loop());
        turns = (turns * 2).min(64);
    }
}

/// First hints, then yields, then sleeps.
fn escalates(flag: &AtomicBool) {
    let mut tries = 0;
    while !flag.load(Acquire) {
        match tries {
            0..5 => hint::spin_loop(),
            5..10 => thread::yield_now(),
            _ => thread::sleep(Duration::from_micros(10)),
        }
        tries += 1;
    }
}

/// By a read-modify-write that changes nothing.
fn adds_zero(flag: &AtomicBool) {
    while !flag.fetch_or(false, AcqRel) {
        hint::spin_loop();
    }
}

/// By an exchange that fails until it succeeds.
fn exchanges(flag: &AtomicBool) {
    while flag
        .compare_exchange_weak(true, true, Acquire, Relaxed)
        .is_err()
    {}
}

/// Relaxed looks, and a fence when it is over.
fn fence_at_the_end(flag: &AtomicBool) {
    while !flag.load(Relaxed) {
        hint::spin_loop();
    }
    std::sync::atomic::fence(Acquire);
}

/// Sleeps between the looks.
fn polls(flag: &AtomicBool) {
    while !flag.load(Acquire) {
        thread::sleep(Duration::from_millis(1));
    }
}

/// Parks between the looks; nobody unparks, but the time is over some day.
fn parks(flag: &AtomicBool) {
    while !flag.load(Acquire) {
        thread::park_timeout(Duration::from_millis(1));
    }
}

/// Two looks at the same place of the source, at different things.
fn helper(flag: &AtomicBool) {
    let other = AtomicBool::new(true);
    let look = |which: &AtomicBool| which.load(Acquire);
    while !(look(&other) && look(flag)) {
        hint::spin_loop();
    }
}

/// A turn of the loop is long, and writes to a variable of its own.
fn counts_in_an_atomic(flag: &AtomicBool) {
    let turns = AtomicU32::new(0);
    while !flag.load(Acquire) {
        turns.fetch_add(1, Relaxed);
        hint::spin_loop();
    }
    assert!(turns.into_inner() < 1_000_000);
}

/// Asks for an update that is refused until the flag is up.
fn updates(flag: &AtomicBool) {
    while flag
        .fetch_update(Acquire, Acquire, |up| up.then_some(true))
        .is_err()
    {
        thread::yield_now();
    }
}

/// A lock that is tried until it is got.
fn tries_a_mutex() {
    let number = Mutex::new(0);
    let add = || loop {
        match number.try_lock() {
            Ok(mut number) => return *number += 1,
            Err(TryLockError::WouldBlock) => hint::spin_loop(),
            Err(TryLockError::Poisoned(_)) => unreachable!("nobody panics"),
        }
    };
    thread::scope(|scope| {
        scope.spawn(add);
        add();
    });
    assert_eq!(number.into_inner().ok(), Some(2));
}

fn tries_a_lock_for_reading() {
    let lock = RwLock::new(1);
    thread::scope(|scope| {
        scope.spawn(|| {
            loop {
                if let Ok(mut number) = lock.try_write() {
                    *number = 2;
                    break;
                }
                thread::yield_now();
            }
        });
        loop {
            if let Ok(number) = lock.try_read() {
                assert!(*number == 1 || *number == 2);
                break;
            }
            thread::yield_now();
        }
    });
}

/// Asks a thread whether it is done.
fn asks_the_handle() {
    let thread = thread::spawn(|| 5);
    while !thread.is_finished() {
        thread::yield_now();
    }
    assert_eq!(thread.join().ok(), Some(5));
}

/// Each waits for the other's turn, several times: two spinners that take turns.
fn ping_pong() {
    let turn = AtomicU8::new(0);
    let play = |me: u8| {
        for _ in 0..3 {
            while turn.load(Acquire) != me {
                hint::spin_loop();
            }
            turn.store(1 - me, Release);
        }
    };
    thread::scope(|scope| {
        scope.spawn(move || play(1));
        play(0);
    });
}

/// Three in a ring: each waits for the one before.
fn ring() {
    let token = AtomicU32::new(0);
    let pass = |me: u32| {
        for round in 0..2 {
            while token.load(Acquire) != round * 3 + me {
                thread::yield_now();
            }
            token.fetch_add(1, Release);
        }
    };
    thread::scope(|scope| {
        let pass = &pass;
        scope.spawn(move || pass(1));
        scope.spawn(move || pass(2));
        pass(0);
    });
    assert_eq!(token.into_inner(), 6);
}

/// Waits for either of two, whichever comes first.
fn either() {
    let flags = [AtomicBool::new(false), AtomicBool::new(false)];
    thread::scope(|scope| {
        for flag in &flags {
            scope.spawn(|| flag.store(true, Release));
        }
        while !flags[0].load(Acquire) && !flags[1].load(Acquire) {
            hint::spin_loop();
        }
    });
}

/// Waits for a value that comes and goes: the last one stays.
fn passing_values() {
    let value = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| (1..=3).for_each(|next| value.store(next, Release)));
        while value.load(Acquire) < 3 {
            hint::spin_loop();
        }
    });
}

/// Waits for a pointer.
fn pointer() {
    let number = Tracked::new(0);
    let shared = AtomicPtr::new(std::ptr::null_mut());
    thread::scope(|scope| {
        scope.spawn(|| {
            number.set(3);
            shared.store((&raw const number).cast_mut(), Release);
        });
        while shared.load(Acquire).is_null() {
            hint::spin_loop();
        }
        assert_eq!(number.get(), 3);
    });
}

/// Two helpers wait for one flag; who sees it first raises the second flag, for which main waits.
fn chain() {
    let (first, second) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                bare(&first);
                second.store(true, Release);
            });
        }
        first.store(true, Release);
        bare(&second);
    });
}

/// Waits for a value that comes and goes, and may have gone.
fn misses_a_passing_value() {
    let value = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| (1..=2).for_each(|next| value.store(next, Release)));
        while value.load(Acquire) != 1 {
            hint::spin_loop();
        }
    });
}

/// Tries once, by an exchange that may fail for no reason.
fn tries_once_weakly() {
    let free = AtomicBool::new(true);
    let taken = free.compare_exchange_weak(true, false, Acquire, Relaxed);
    assert!(taken.is_ok(), "nobody else wants it");
}

/// The same by one that fails only if it must.
fn tries_once_strongly() {
    let free = AtomicBool::new(true);
    let taken = free.compare_exchange(true, false, Acquire, Relaxed);
    assert!(taken.is_ok(), "nobody else wants it");
}

/// Parks once and believes that it was unparked.
fn parks_once() {
    let flag = AtomicBool::new(false);
    thread::scope(|scope| {
        let sleeper = scope.spawn(|| {
            thread::park();
            assert!(flag.load(Acquire), "nobody has unparked it");
        });
        flag.store(true, Release);
        sleeper.thread().unpark();
    });
}

/// Believes that it is fast.
fn measures_itself() {
    let begin = Instant::now();
    assert!(begin.elapsed() < Duration::from_secs(60), "it was held up");
}

/// Looks a thousand times while the other one sleeps, and only then wakes it.
fn looks_while_the_other_sleeps() {
    let (word, done) = (AtomicU32::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            while word.load(Acquire) == 0 {
                futex::wait(&word, 0);
            }
            done.store(true, Release);
        });
        let seen = (0..1_000).any(|_| {
            hint::spin_loop();
            done.load(Acquire)
        });
        assert!(!seen, "it sleeps until it is woken");
        word.store(1, Release);
        futex::wake(&word, 1);
    });
}

/// Yields to each other for ever, though both go on.
fn polite() {
    let wants = [AtomicBool::new(true), AtomicBool::new(true)];
    let go = |me: usize| {
        while wants[1 - me].load(SeqCst) {
            wants[me].store(false, SeqCst);
            thread::yield_now();
            wants[me].store(true, SeqCst);
        }
    };
    thread::scope(|scope| {
        let go = &go;
        scope.spawn(move || go(1));
        go(0);
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("bare", || waits(bare)),
        right("backs off", || waits(back_off)),
        right("escalates", || waits(escalates)),
        right("adds zero", || waits(adds_zero)),
        right("exchanges", || waits(exchanges)),
        right("fence at the end", || waits(fence_at_the_end)),
        right("polls", || waits(polls)),
        right("parks", || waits(parks)),
        right("one line for two things", || waits(helper)),
        right("counts in an atomic", || waits(counts_in_an_atomic)),
        right("updates", || waits(updates)),
        right("tries a mutex", tries_a_mutex),
        right("tries a lock for reading", tries_a_lock_for_reading),
        right("asks the handle", asks_the_handle),
        right("ping pong", ping_pong),
        right("a ring of three", ring),
        right("either of two", either),
        right("passing values", passing_values),
        right("a pointer", pointer),
        right("a chain", chain),
        right("looks while the other sleeps", looks_while_the_other_sleeps),
        right("tries once", tries_once_strongly),
        wrong(Logic, "parks once", Panic, parks_once),
        wrong(Logic, "measures itself", Panic, measures_itself),
        wrong(Logic, "tries once, weakly", Panic, tries_once_weakly),
        wrong(
            WakeUp,
            "misses a passing value",
            Spins,
            misses_a_passing_value,
        ),
        wrong(WakeUp, "too polite", Endless, polite),
    ]
}
