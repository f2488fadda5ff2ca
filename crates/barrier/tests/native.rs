//! The barriers under real threads.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use barrier::{Barrier, Broken, Turn, phases, stages};

/// Nobody is a round ahead of anybody, and each round has one leader.
fn rounds(threads: usize, wait: impl Fn() -> bool + Sync) {
    const ROUNDS: usize = 200;
    let at: Vec<AtomicUsize> = (0..threads).map(|_| AtomicUsize::new(0)).collect();
    let leaders = AtomicUsize::new(0);
    thread::scope(|scope| {
        for who in 0..threads {
            let (at, leaders, wait) = (&at, &leaders, &wait);
            scope.spawn(move || {
                for round in 1..=ROUNDS {
                    at[who].store(round, Relaxed);
                    if wait() {
                        leaders.fetch_add(1, Relaxed);
                    }
                    for other in at {
                        let seen = other.load(Relaxed);
                        assert!(seen == round || seen == round + 1, "{seen} in {round}");
                    }
                }
            });
        }
    });
    assert_eq!(leaders.load(Relaxed), ROUNDS);
}

#[test]
fn eight_threads_keep_together() {
    let barrier = Barrier::new(8);
    rounds(8, || barrier.wait() == Ok(Turn::Leader));
}

#[test]
fn all_stages_keep_together() {
    let barrier = stages::futex_word::Barrier::new(4);
    rounds(4, || barrier.wait());
    let barrier = stages::sense::Barrier::new(4);
    rounds(4, || barrier.wait());
    let barrier = stages::turnstiles::Barrier::new(4);
    rounds(4, || barrier.wait());
    let barrier = stages::spin_then_sleep::Barrier::new(4);
    rounds(4, || barrier.wait());
}

#[test]
fn none_behaves_as_one() {
    for parties in [0, 1] {
        let barrier = Barrier::new(parties);
        for _ in 0..3 {
            assert_eq!(barrier.wait(), Ok(Turn::Leader));
        }
    }
}

/// A turnstile for none let nobody through.
#[test]
fn none_behaves_as_one_in_all_stages() {
    let futex_word = stages::futex_word::Barrier::new(0);
    let sense = stages::sense::Barrier::new(0);
    let turnstiles = stages::turnstiles::Barrier::new(0);
    let spin_then_sleep = stages::spin_then_sleep::Barrier::new(0);
    for _ in 0..3 {
        assert!(futex_word.wait() && sense.wait());
        assert!(turnstiles.wait() && spin_then_sleep.wait());
    }
}

#[test]
fn a_timeout_breaks_it_for_all() {
    let barrier = Barrier::new(3);
    let limit = Duration::from_millis(20);
    thread::scope(|scope| {
        let patient = scope.spawn(|| barrier.wait());
        let began = Instant::now();
        assert_eq!(barrier.wait_timeout(limit), Err(Broken));
        assert!(began.elapsed() >= limit);
        assert_eq!(patient.join().unwrap(), Err(Broken));
    });
    assert!(barrier.is_broken());
    assert_eq!(barrier.wait(), Err(Broken));
    assert_eq!(barrier.wait_timeout(Duration::MAX), Err(Broken));
}

#[test]
fn a_long_limit_is_no_limit() {
    assert_eq!(
        Barrier::new(1).wait_timeout(Duration::MAX),
        Ok(Turn::Leader)
    );
}

#[test]
fn dropping_out_can_complete_a_round_without_a_leader() {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let waits = scope.spawn(|| barrier.wait());
        barrier.arrive_and_drop();
        let turn = waits.join().unwrap();
        // Whether the drop came last decides who completed the round.
        assert!(turn.is_ok());
    });
    assert_eq!(barrier.wait(), Ok(Turn::Leader));
    barrier.arrive_and_drop();
    assert_eq!(barrier.wait(), Ok(Turn::Leader));
}

#[test]
fn a_panic_in_a_phase_is_passed_on() {
    let done = AtomicUsize::new(0);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        phases(3, 5, |who, round| {
            assert!(who != 1 || round != 2, "one of them fails");
            done.fetch_add(1, Relaxed);
        });
    }));
    assert!(caught.is_err());
    assert_eq!(done.load(Relaxed), 2 * 5 + 2);
}

#[test]
fn phases_without_threads_or_rounds_do_nothing() {
    phases(0, 5, |_, _| unreachable!());
    phases(5, 0, |_, _| unreachable!());
}
