//! The futex by itself: sleeping and comparing are one step, and a wake-up finds only those who already sleep.

use std::sync::atomic::{AtomicU32, Ordering::*};
use std::thread;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::programs::support::unless;
use crate::world::{Tracked, futex};

/// One thread sleeps until the word changes; the other changes it and wakes.
fn signalled(wait: fn(&AtomicU32), wake: fn(&AtomicU32)) {
    let word = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| wait(&word));
        wake(&word);
    });
}

fn sleeps(word: &AtomicU32) {
    while word.load(Acquire) == 0 {
        futex::wait(word, 0);
    }
}

fn wakes(word: &AtomicU32) {
    word.store(1, Release);
    futex::wake(word, 1);
}

/// Compares with what it reads just now instead of with what it has decided on.
fn sleeps_on_what_it_reads(word: &AtomicU32) {
    while word.load(Acquire) == 0 {
        futex::wait(word, word.load(Relaxed));
    }
}

fn wakes_first(word: &AtomicU32) {
    futex::wake(word, 1);
    word.store(1, Release);
}

/// Two words: the sleeper looks at one and sleeps on the other.
fn two_words() {
    let (flag, word) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while flag.load(Acquire) == 0 {
                futex::wait(&word, 0);
            }
        });
        flag.store(1, Release);
        futex::wake(&word, 1);
    });
}

/// A wake-up by itself makes nothing visible: the payload needs the word's ordering.
fn hands_over(relaxed: bool) {
    let (word, payload) = (AtomicU32::new(0), Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while word.load(unless(relaxed, Acquire)) == 0 {
                futex::wait(&word, 0);
            }
            assert_eq!(payload.get(), 7);
        });
        payload.set(7);
        wakes(&word);
    });
}

/// Two sleep; waking one must not count for the other.
fn two_sleep(wake: u32) {
    let word = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| sleeps(&word));
        scope.spawn(|| sleeps(&word));
        word.store(1, Release);
        futex::wake(&word, wake);
    });
}

/// Sleeps once and believes that it was woken: a sleep may end for no reason.
fn believes() {
    let word = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            if word.load(Acquire) == 0 {
                futex::wait(&word, 0);
            }
            assert_eq!(word.load(Acquire), 1, "nobody has woken it");
        });
        wakes(&word);
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("sleeps until it changes", || signalled(sleeps, wakes)),
        right("two sleep, two are woken", || two_sleep(2)),
        right("hands over", || hands_over(false)),
        wrong(Order, "relaxed look", Race, || hands_over(true)),
        wrong(Order, "wakes before the change", Stuck, || {
            signalled(sleeps, wakes_first);
        }),
        wrong(Atomicity, "compares with what it just reads", Stuck, || {
            signalled(sleeps_on_what_it_reads, wakes);
        }),
        wrong(
            Atomicity,
            "looks at one word, sleeps on another",
            Stuck,
            two_words,
        ),
        wrong(Logic, "believes that it was woken", Panic, believes),
        wrong(WakeUp, "two sleep, one is woken", Stuck, || two_sleep(1)),
    ]
}
