//! Processes that die with a lock in their hands.
#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::futex::{self, robust};
use std::model::{self, Kind, Model, Report};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::thread;

#[derive(Clone, Copy, PartialEq)]
enum Mistake {
    None,
    NotListed,
    IgnoresDeath,
    ForgetsWaiters,
}

fn lock(word: &AtomicU32, mistake: Mistake) {
    let me = futex::thread_id().get() as u32;
    if mistake != Mistake::NotListed {
        robust::set_pending(Some(word));
    }
    let mut slept = 0;
    let mut seen = 0;
    loop {
        let free = seen & robust::OWNER == 0;
        let died = seen & robust::OWNER_DIED != 0;
        if free && !(died && mistake == Mistake::IgnoresDeath) {
            let waiters = match mistake {
                Mistake::ForgetsWaiters => 0,
                _ => seen & robust::WAITERS | slept,
            };
            match word.compare_exchange(seen, me | waiters, Acquire, Relaxed) {
                Ok(_) => break,
                Err(now) => seen = now,
            }
            continue;
        }
        if seen & robust::WAITERS == 0 {
            let marked = seen | robust::WAITERS;
            match word.compare_exchange(seen, marked, AcqRel, Relaxed) {
                Ok(_) => seen = marked,
                Err(now) => {
                    seen = now;
                    continue;
                }
            }
        }
        let _woken = futex::wait(word, seen, None);
        slept = robust::WAITERS;
        seen = word.load(Relaxed);
    }
    if mistake != Mistake::NotListed {
        robust::add(word);
        robust::set_pending(None);
    }
}

fn unlock(word: &AtomicU32) {
    robust::set_pending(Some(word));
    robust::remove(word);
    if word.swap(0, Release) & robust::WAITERS != 0 {
        futex::wake(word, 1);
    }
    robust::set_pending(None);
}

fn two_of_them(mistake: Mistake) -> Report {
    Model::new().check(move || {
        let word = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                let word = &word;
                let _handle = scope.spawn(move || {
                    model::may_die();
                    lock(word, mistake);
                    unlock(word);
                });
            }
        });
    })
}

#[test]
fn a_robust_lock_outlives_its_owners() {
    two_of_them(Mistake::None).unwrap();
}

#[test]
fn a_lock_that_is_not_robust_dies_with_its_owner() {
    for mistake in [Mistake::NotListed, Mistake::IgnoresDeath] {
        let report = two_of_them(mistake);
        let kind = report.counterexample().map(|shown| shown.kind());
        assert_eq!(kind, Some(Kind::Deadlock), "{report}");
    }
}

#[test]
fn who_waits_while_an_owner_dies_is_not_forgotten() {
    // Three: one dies, one takes its place, one still sleeps.
    let report = |mistake| {
        Model::new().budget(3).check(move || {
            let word = AtomicU32::new(0);
            thread::scope(|scope| {
                for thread in 0..3 {
                    let word = &word;
                    scope.spawn(move || {
                        if thread == 0 {
                            model::may_die();
                        }
                        lock(word, mistake);
                        unlock(word);
                    });
                }
            });
        })
    };
    let kind = |report: &Report| report.counterexample().map(|shown| shown.kind());
    assert_eq!(kind(&report(Mistake::None)), None);
    assert_eq!(kind(&report(Mistake::ForgetsWaiters)), Some(Kind::Deadlock));
}
