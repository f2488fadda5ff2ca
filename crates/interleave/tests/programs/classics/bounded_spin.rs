//! A spin that gives up: a hundred looks, then another way. It is right, and no checker may call it endless.

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::world::Tracked;

/// Looks up to a hundred times whether the other thread is ready, and reads its number if so.
fn looks(order: Ordering, otherwise: impl FnOnce()) -> Option<u32> {
    let (ready, number) = (AtomicBool::new(false), Tracked::new(0_u32));
    thread::scope(|scope| {
        scope.spawn(|| {
            number.set(7);
            ready.store(true, Release);
        });
        for _ in 0..100 {
            if ready.load(order) {
                return Some(number.get());
            }
            hint::spin_loop();
        }
        otherwise();
        None
    })
}

/// The same loop over five places at once, without any hint.
fn five_places() {
    let flags: [AtomicBool; 5] = std::array::from_fn(|_| AtomicBool::new(false));
    thread::scope(|scope| {
        for flag in &flags {
            if std::ptr::eq(flag, &flags[0]) || std::ptr::eq(flag, &flags[4]) {
                scope.spawn(move || flag.store(true, Release));
            }
        }
        let up = (0..30)
            .map(|_| flags.iter().filter(|flag| flag.load(Acquire)).count())
            .max();
        assert!(up <= Some(2));
    });
}

/// Counts the looks without a hint: the loop is long, but nobody waits in it.
fn counts() {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| stop.store(true, Relaxed));
        let mut looks = 0;
        while !stop.load(Relaxed) && looks < 1_000 {
            looks += 1;
        }
        assert!(looks <= 1_000);
    });
}

/// Waits for a flag that nobody ever raises, once it has missed it.
fn waits_for_the_wrong_value() {
    let word = AtomicBool::new(true);
    thread::scope(|scope| {
        scope.spawn(|| word.store(true, Release));
        while word.load(Acquire) {
            hint::spin_loop();
        }
    });
}

/// Takes a look that found the flag down for all that there is to see, and reads the number all the same.
fn reads_anyway() {
    let (ready, number) = (AtomicBool::new(false), Tracked::new(0_u32));
    thread::scope(|scope| {
        scope.spawn(|| {
            number.set(7);
            ready.store(true, Release);
        });
        for _ in 0..10 {
            if ready.load(Acquire) {
                break;
            }
            hint::spin_loop();
        }
        assert!(number.get() <= 7);
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("gives up", || {
            assert!(matches!(looks(Acquire, || ()), None | Some(7)));
        }),
        right("five places", five_places).to(2),
        right("counts its looks", counts),
        wrong(Order, "relaxed look", Race, || _ = looks(Relaxed, || ())),
        wrong(
            Atomicity,
            "reads without having seen the flag",
            Race,
            reads_anyway,
        ),
        wrong(Logic, "gives up and says so", Panic, || {
            looks(Acquire, || unreachable!("not in a hundred looks"));
        }),
        wrong(
            WakeUp,
            "waits for what never comes",
            Spins,
            waits_for_the_wrong_value,
        ),
    ]
}
