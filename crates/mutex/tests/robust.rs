//! The robust lock with real threads, which die with it in their hands. Processes do so in the example
//! `owner_dies`.

use std::sync::mpsc;
use std::thread;

use mutex::robust::{Before, Robust};

#[path = "../../futex/examples/common/asleep.rs"]
mod asleep;

/// A lock that stays where it is.
fn leaked() -> &'static Robust {
    Box::leak(Box::default())
}

/// A thread that takes the lock and ends.
fn dies_inside(locks: &[&'static Robust]) {
    thread::scope(|scope| {
        scope.spawn(|| {
            for lock in locks {
                assert_eq!(lock.lock(), Before::Left);
            }
        });
    });
}

fn is_told(lock: &'static Robust) {
    assert_eq!(lock.lock(), Before::Died);
    lock.unlock();
    assert_eq!(lock.lock(), Before::Left);
    lock.unlock();
}

#[test]
fn a_thread_that_ends_inside_leaves_word() {
    let lock = leaked();
    dies_inside(&[lock]);
    is_told(lock);
}

#[test]
fn every_lock_of_the_dead_is_told_of() {
    let locks = [leaked(), leaked(), leaked()];
    dies_inside(&locks);
    locks.into_iter().for_each(is_told);
}

#[test]
fn locks_are_left_in_any_order() {
    let [one, two, three] = [leaked(), leaked(), leaked()];
    thread::scope(|scope| {
        scope.spawn(|| {
            for lock in [one, two, three] {
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
    is_told(two);
    is_told(three);
}

#[test]
fn only_the_owner_frees_it() {
    let lock = leaked();
    assert_eq!(lock.lock(), Before::Left);
    thread::scope(|scope| assert!(scope.spawn(|| lock.unlock()).join().is_err()));
    lock.unlock();
}

#[test]
fn who_sleeps_is_woken_when_the_owner_dies() {
    let lock = leaked();
    assert_eq!(lock.lock(), Before::Left);
    let (tell, told) = mpsc::channel();
    let waiters = [(); 3].map(|()| {
        let tell = tell.clone();
        thread::spawn(move || {
            tell.send(asleep::me()).ok();
            // It ends inside.
            lock.lock()
        })
    });
    for sleeper in told.iter().take(waiters.len()) {
        asleep::until_in_futex(sleeper).expect("it is there");
    }
    lock.unlock();
    let mut before = waiters.map(|waiter| waiter.join().ok());
    before.sort_by_key(|before| *before == Some(Before::Died));
    let [first, others @ ..] = before;
    assert_eq!(first, Some(Before::Left));
    assert_eq!(others, [Some(Before::Died); 2]);
    is_told(lock);
}
