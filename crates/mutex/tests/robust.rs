//! The robust lock with real threads, which die with it in their hands. Processes do so in the example
//! `owner_dies`.

use std::thread;

use mutex::robust::{Before, Robust};

/// A thread that takes the lock and ends.
fn dies_inside(locks: &[&Robust]) {
    thread::scope(|scope| {
        scope.spawn(|| {
            for lock in locks {
                assert_eq!(lock.lock(), Before::Left);
            }
        });
    });
}

fn is_told(lock: &Robust) {
    assert_eq!(lock.lock(), Before::Died);
    lock.unlock();
    assert_eq!(lock.lock(), Before::Left);
    lock.unlock();
}

#[test]
fn a_thread_that_ends_inside_leaves_word() {
    let lock = Robust::new();
    dies_inside(&[&lock]);
    is_told(&lock);
}

#[test]
fn every_lock_of_the_dead_is_told_of() {
    let locks = [Robust::new(), Robust::new(), Robust::new()];
    dies_inside(&locks.each_ref());
    locks.iter().for_each(is_told);
}

#[test]
fn locks_are_left_in_any_order() {
    let [one, two, three] = [Robust::new(), Robust::new(), Robust::new()];
    thread::scope(|scope| {
        scope.spawn(|| {
            for lock in [&one, &two, &three] {
                assert_eq!(lock.lock(), Before::Left);
            }
            two.unlock();
            one.unlock();
            assert_eq!(two.lock(), Before::Left);
            // Ends with the second and the third one.
        });
    });
    assert_eq!(one.lock(), Before::Left);
    one.unlock();
    is_told(&two);
    is_told(&three);
}

#[test]
fn who_sleeps_is_woken_when_the_owner_dies() {
    let lock = Robust::new();
    thread::scope(|scope| {
        // Whether they sleep already when it ends or come later, one of them is told.
        assert_eq!(lock.lock(), Before::Left);
        let waiters: Vec<_> = (0..3)
            .map(|_| {
                // It ends inside.
                scope.spawn(|| lock.lock())
            })
            .collect();
        lock.unlock();
        let told: Vec<_> = waiters
            .into_iter()
            .filter_map(|waiter| waiter.join().ok())
            .collect();
        let died = told.iter().filter(|before| **before == Before::Died);
        assert_eq!(died.count(), 2, "all but the first: {told:?}");
    });
    is_told(&lock);
}
