//! The locks in every interleaving: the same file, with a model in the place of `std`.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[expect(unreachable_pub, reason = "the library's file, in a program")]
#[path = "../src/locks.rs"]
mod locks;

use std::model::Model;
use std::sync::Mutex;

use locks::{lock_all, try_lock_all};

#[test]
fn overlapping_sets_in_all_orders_never_deadlock() {
    Model::new()
        .check(|| {
            let mutexes = [0, 1, 2].map(Mutex::new);
            let sets: [&[usize]; 3] = [&[0, 1, 2], &[2, 0], &[1, 2]];
            std::thread::scope(|scope| {
                for set in sets {
                    let mutexes = &mutexes;
                    scope.spawn(move || {
                        let chosen: Vec<&Mutex<usize>> =
                            set.iter().map(|at| &mutexes[*at]).collect();
                        let guards = lock_all(&chosen).expect("no mutex twice");
                        let order: Vec<usize> = guards.iter().map(|guard| **guard).collect();
                        assert_eq!(order, set, "guards come in the order given");
                    });
                }
            });
        })
        .unwrap();
}

#[test]
fn all_or_none() {
    Model::new()
        .check(|| {
            let mutexes = [0, 1].map(Mutex::new);
            std::thread::scope(|scope| {
                for order in [[0, 1], [1, 0]] {
                    let mutexes = &mutexes;
                    scope.spawn(move || {
                        let chosen = order.map(|at| &mutexes[at]);
                        if let Some(guards) = try_lock_all(&chosen).expect("no mutex twice") {
                            assert_eq!(guards.len(), 2);
                        }
                    });
                }
            });
            assert!(matches!(
                try_lock_all(&[&mutexes[1], &mutexes[0]]),
                Ok(Some(_))
            ));
        })
        .unwrap();
}

#[test]
fn a_mutex_twice_is_an_error_and_locks_nothing() {
    Model::new()
        .check(|| {
            let [a, b] = [0, 1].map(Mutex::new);
            assert_eq!(lock_all(&[&a, &b, &a]).map(|_| ()), Err(2));
            assert_eq!(try_lock_all(&[&b, &b]).map(|_| ()), Err(1));
            assert!(a.try_lock().is_ok() && b.try_lock().is_ok());
        })
        .unwrap();
}
