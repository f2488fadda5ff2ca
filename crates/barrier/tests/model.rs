//! The barriers under the model: every interleaving, within a budget.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "the files are modules of a crate, and public there"
)]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[path = "../src/barrier.rs"]
mod barrier;
mod futex {
    pub(crate) use std::futex::*;
}
#[path = "../src/phases.rs"]
mod phases;
#[path = "../src/stages/mod.rs"]
mod stages;

use std::model::{Kind, Model, Tracked};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use barrier::{Barrier, Broken, Turn};

/// Threads write to a payload of their own and read all others', in rounds. Nothing protects the
/// payloads but the barrier; and each round has one leader.
fn rounds(threads: usize, rounds: usize, wait: impl Fn() -> bool + Sync) {
    let leaders: Vec<AtomicU32> = (0..rounds).map(|_| AtomicU32::new(0)).collect();
    let written: Vec<Tracked<usize>> = (0..threads).map(|_| Tracked::new(0)).collect();
    thread::scope(|scope| {
        for who in 0..threads {
            let (written, leaders, wait) = (&written, &leaders, &wait);
            scope.spawn(move || {
                for (round, leaders) in leaders.iter().enumerate() {
                    // In even places is written, in odd ones read.
                    written[who].set(round + 1);
                    if wait() {
                        leaders.fetch_add(1, Relaxed);
                    }
                    for other in written {
                        assert_eq!(other.get(), round + 1);
                    }
                    wait();
                }
            });
        }
    });
    for leaders in leaders {
        assert_eq!(leaders.load(Relaxed), 1, "one leader in each round");
    }
}

/// Tries 2 threads in 2 rounds (4 waits), and 3 in 1.
fn judge<B: Sync + 'static>(make: fn(usize) -> B, wait: fn(&B) -> bool) {
    for (threads, turns) in [(2, 2), (3, 1)] {
        let report = Model::new().check(move || {
            let barrier = make(threads);
            rounds(threads, turns, || wait(&barrier));
        });
        report.unwrap();
    }
}

#[test]
fn a_monitor() {
    judge(Barrier::new, |barrier| barrier.wait() == Ok(Turn::Leader));
}

#[test]
fn futex_word() {
    judge(
        |n| stages::futex_word::Barrier::new(n as u32),
        stages::futex_word::Barrier::wait,
    );
}

#[test]
fn sense() {
    judge(
        |n| stages::sense::Barrier::new(n as u32),
        stages::sense::Barrier::wait,
    );
}

#[test]
fn turnstiles() {
    judge(
        stages::turnstiles::Barrier::new,
        stages::turnstiles::Barrier::wait,
    );
}

#[test]
fn spin_then_sleep() {
    judge(
        |n| stages::spin_then_sleep::Barrier::new(n as u32),
        stages::spin_then_sleep::Barrier::wait,
    );
}

#[test]
fn whoever_drops_out_is_not_waited_for() {
    Model::new()
        .check(|| {
            let barrier = Barrier::new(3);
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        barrier.wait().unwrap();
                        barrier.wait().unwrap();
                    });
                }
                barrier.arrive_and_drop();
            });
        })
        .unwrap();
}

#[test]
fn a_timeout_breaks_it_for_all_or_for_nobody() {
    Model::new()
        .check(|| {
            let barrier = Barrier::new(2);
            let (mine, others) = thread::scope(|scope| {
                let other = scope.spawn(|| barrier.wait());
                let mine = barrier.wait_timeout(Duration::from_secs(1));
                // Whoever is late gets told as well.
                (mine, other.join().unwrap())
            });
            assert_eq!(mine.is_err(), others == Err(Broken));
            assert_eq!(barrier.is_broken(), mine.is_err());
        })
        .unwrap();
}

#[test]
fn phases_keep_rounds_apart() {
    Model::new()
        .check(|| {
            let written = [Tracked::new(0), Tracked::new(0)];
            phases::phases(2, 2, |who, round| match round {
                0 => written[who].set(7),
                _ => assert_eq!(written[1 - who].get(), 7),
            });
        })
        .unwrap();
}

/// What the generation prevents: waiters that look at the count, which the last one resets.
#[test]
fn a_barrier_without_generation_is_found() {
    let report = Model::new().check(|| {
        let (arrived, open) = (AtomicU32::new(0), AtomicU32::new(0));
        rounds(2, 2, || {
            let last = arrived.fetch_add(1, std::sync::atomic::Ordering::AcqRel) == 1;
            if last {
                arrived.store(0, Relaxed);
                open.store(1, std::sync::atomic::Ordering::Release);
            }
            while open.load(std::sync::atomic::Ordering::Acquire) == 0 {
                std::hint::spin_loop();
            }
            last
        });
    });
    let kind = report.counterexample().map(|found| found.kind());
    assert_eq!(kind, Some(Kind::Panic), "{report}");
}
