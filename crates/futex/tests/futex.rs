//! What a futex promises, with real threads and the real kernel.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use futex::Wait;

#[path = "../examples/common/asleep.rs"]
mod asleep;

#[test]
fn a_changed_word_does_not_sleep() {
    let word = AtomicU32::new(1);
    assert_eq!(futex::wait(&word, 0, None), Wait::Changed);
    assert_eq!(futex::shared::wait(&word, 0, None), Wait::Changed);
}

#[test]
fn a_time_is_never_too_short() {
    let word = AtomicU32::new(0);
    for time in [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::from_millis(5),
    ] {
        let began = Instant::now();
        // A wake-up for no reason is allowed.
        while futex::wait(&word, 0, Some(time)) != Wait::TimedOut {}
        assert!(began.elapsed() >= time, "{time:?}");
    }
}

#[test]
fn a_time_too_long_for_the_kernel_is_no_error() {
    let word = AtomicU32::new(0);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            while word.load(SeqCst) == 0 {
                assert_ne!(futex::wait(&word, 0, Some(Duration::MAX)), Wait::TimedOut);
            }
        });
        word.store(1, SeqCst);
        while !waiter.is_finished() {
            futex::wake(&word, 1);
            thread::yield_now();
        }
    });
}

/// Wakes so many of three who sleep, and says how many were woken.
fn wakes(
    count: usize,
    wait: fn(&AtomicU32, u32, Option<Duration>) -> Wait,
    wake: fn(&AtomicU32, usize) -> usize,
) -> usize {
    let word = AtomicU32::new(0);
    let woken = thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        for _ in 0..3 {
            let (tell, word) = (tell.clone(), &word);
            scope.spawn(move || {
                tell.send(asleep::me()).expect("the test listens");
                while word.load(SeqCst) == 0 {
                    wait(word, 0, None);
                }
            });
        }
        for _ in 0..3 {
            let thread = told.recv().expect("a waiter");
            asleep::until_in_futex(thread).expect("/proc");
        }
        word.store(1, SeqCst);
        let woken = wake(&word, count);
        wake(&word, usize::MAX);
        woken
    });
    assert_eq!(wake(&word, usize::MAX), 0, "nobody sleeps any more");
    woken
}

#[test]
fn as_many_are_woken_as_are_asked_for() {
    assert_eq!(wakes(2, futex::wait, futex::wake), 2);
    assert_eq!(wakes(usize::MAX, futex::wait, futex::wake), 3);
    assert_eq!(wakes(1, futex::shared::wait, futex::shared::wake), 1);
}

#[test]
fn a_private_sleeper_and_a_shared_waker_do_not_meet() {
    let word = AtomicU32::new(0);
    thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        let word = &word;
        scope.spawn(move || {
            tell.send(asleep::me()).expect("the test listens");
            while word.load(SeqCst) == 0 {
                futex::wait(word, 0, None);
            }
        });
        asleep::until_in_futex(told.recv().expect("a waiter")).expect("/proc");
        assert_eq!(futex::shared::wake(word, 1), 0);
        word.store(1, SeqCst);
        assert_eq!(futex::wake(word, 1), 1);
    });
}

#[test]
fn each_thread_has_a_number_of_its_own_and_keeps_it() {
    let mine = futex::thread_id();
    assert_eq!(futex::thread_id(), mine);
    let others = [(); 2].map(|()| thread::spawn(futex::thread_id).join().expect("no panic"));
    assert_ne!(others[0], others[1], "a number is not used again");
    assert!(!others.contains(&mine));
}
