//! Lab 21's programs for the model: threads that take several mutexes. They know no right answer
//! beyond their own assertions.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

mod locks;

use modelled::Programs;
use std::sync::Mutex;

use locks::{lock_all, try_lock_all};

fn main() -> modelled::ExitCode {
    Programs::new()
        .program("two_in_two_orders", || {
            each_locks_all(2, &[&[0, 1], &[1, 0]])
        })
        .program("a_ring", || each_locks_all(3, &[&[0, 1], &[1, 2], &[2, 0]]))
        .program("overlapping", || {
            each_locks_all(3, &[&[0, 1, 2], &[2, 0], &[1, 2]]);
        })
        .program("twice", || {
            let [a, b] = [0, 1].map(Mutex::new);
            assert!(lock_all(&[&a, &b, &a]).map(drop) == Err(2), "{TWICE}");
            assert!(lock_all(&[&b, &b, &a]).map(drop) == Err(1), "{TWICE}");
            assert!(
                a.try_lock().is_ok() && b.try_lock().is_ok(),
                "{STILL_LOCKED}"
            );
        })
        .program("all_or_none", || {
            let mutexes = [0, 1, 2].map(Mutex::new);
            let [a, b, c] = &mutexes;
            assert!(try_lock_all(&[b, a, b]).map(drop) == Err(2), "{TWICE}");
            let held = b.lock().expect("nobody has panicked");
            assert!(matches!(try_lock_all(&[a, b, c]), Ok(None)), "{NOT_FREE}");
            assert!(
                a.try_lock().is_ok() && c.try_lock().is_ok(),
                "{STILL_LOCKED}"
            );
            drop(held);
            match try_lock_all(&[c, a, b]) {
                Ok(Some(guards)) => {
                    let order: Vec<usize> = guards.iter().map(|guard| **guard).collect();
                    assert!(order == [2, 0, 1], "{ORDER}");
                    assert!(
                        a.try_lock().is_err() && c.try_lock().is_err(),
                        "{NOT_LOCKED}"
                    );
                }
                _ => panic!("{FREE}"),
            }
        })
        .program("none_waits", || {
            let mutexes = [0, 1].map(Mutex::new);
            std::thread::scope(|scope| {
                for order in [[0, 1], [1, 0]] {
                    let mutexes = &mutexes;
                    scope.spawn(move || {
                        let chosen = order.map(|at: usize| &mutexes[at]);
                        assert!(try_lock_all(&chosen).is_ok(), "{NO_ERROR}");
                    });
                }
            });
            let [a, b] = &mutexes;
            assert!(matches!(try_lock_all(&[a, b]), Ok(Some(_))), "{FREE}");
        })
        .session()
}

const TWICE: &str = "a mutex that stands in the list twice must be an error, with its second place / 同一把锁出现两次必须报错，并给出第二次出现的位置";
const STILL_LOCKED: &str = "a mutex is still locked / 有一把锁没有放开";
const NOT_LOCKED: &str = "a mutex is not locked although its guard exists / 守卫还在，锁却没有锁上";
const NOT_FREE: &str =
    "one of them is locked: the answer must be None / 其中一把已被锁住，应返回 None";
const FREE: &str = "all of them are free: the answer must be guards / 全部空闲，应返回守卫";
const ORDER: &str = "the guards do not come in the order given / 守卫的次序与给出的次序不同";
const NO_ERROR: &str = "no mutex stands in the list twice: no error / 没有重复的锁，不应报错";
const SHARED: &str = "two threads hold the same mutex at once / 两个线程同时持有同一把锁";

/// A thread for each list, which locks all that is in it. The mutexes hold their own numbers.
fn each_locks_all(mutexes: usize, lists: &[&[usize]]) {
    let mutexes: Vec<Mutex<(usize, bool)>> = (0..mutexes).map(|n| Mutex::new((n, false))).collect();
    std::thread::scope(|scope| {
        for list in lists {
            let mutexes = &mutexes;
            scope.spawn(move || {
                let chosen: Vec<_> = list.iter().map(|at| &mutexes[*at]).collect();
                let Ok(mut guards) = lock_all(&chosen) else {
                    panic!("{NO_ERROR}");
                };
                let order: Vec<usize> = guards.iter().map(|guard| guard.0).collect();
                assert!(order == *list, "{ORDER}");
                for guard in &mut guards {
                    assert!(!guard.1, "{SHARED}");
                    guard.1 = true;
                }
                std::thread::yield_now();
                for guard in &mut guards {
                    guard.1 = false;
                }
            });
        }
    });
}
