//! First steps.
#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::cell::UnsafeCell;
use std::model::{Kind, Model, Tracked, outcomes};
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU32, fence};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

fn sb(o: Ordering) -> Vec<(u32, u32)> {
    outcomes(move || {
        let x = Arc::new((AtomicU32::new(0), AtomicU32::new(0)));
        let y = x.clone();
        let t = thread::spawn(move || {
            y.0.store(1, o_store(o));
            y.1.load(o_load(o))
        });
        x.1.store(1, o_store(o));
        let a = x.0.load(o_load(o));
        (t.join().unwrap(), a)
    })
    .into_iter()
    .collect()
}
fn o_store(o: Ordering) -> Ordering {
    if o == AcqRel { Release } else { o }
}
fn o_load(o: Ordering) -> Ordering {
    if o == AcqRel { Acquire } else { o }
}

#[test]
fn store_buffering() {
    assert_eq!(sb(Relaxed), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    assert_eq!(sb(AcqRel), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    assert_eq!(sb(SeqCst), [(0, 1), (1, 0), (1, 1)]);
}

struct Spin {
    locked: AtomicBool,
    data: Tracked<u32>,
    orders: (Ordering, Ordering),
}

impl Spin {
    fn run(&self) {
        while self.locked.swap(true, self.orders.0) {
            std::hint::spin_loop();
        }
        let seen = self.data.get();
        self.data.set(seen + 1);
        self.locked.store(false, self.orders.1);
    }
}

fn spin(threads: usize, orders: (Ordering, Ordering)) -> std::model::Report {
    Model::new().check(move || {
        let lock = Spin {
            locked: AtomicBool::new(false),
            data: Tracked::new(0),
            orders,
        };
        thread::scope(|s| {
            for _ in 0..threads {
                s.spawn(|| lock.run());
            }
        });
        assert_eq!(lock.data.get(), threads as u32);
    })
}

#[test]
fn spinlock() {
    for n in [2, 3] {
        let r = spin(n, (Acquire, Release));
        eprintln!("{r} {:?}", (r.executions, r.pruned, r.steps, r.states));
        assert!(r.passed(), "{r}");
    }
    for o in [(Relaxed, Release), (Acquire, Relaxed)] {
        let r = spin(2, o);
        std::eprintln!("{r}");
        assert_eq!(r.counterexample().unwrap().kind(), Kind::Race);
        let again = Model::new().replay(r.counterexample().unwrap().replay());
        let _ = again;
    }
}

#[test]
fn deadlock_of_two_mutexes() {
    let r = Model::new().check(|| {
        let a = Arc::new((Mutex::new(0), Mutex::new(0)));
        let b = a.clone();
        let t = thread::spawn(move || {
            let _x = b.1.lock().unwrap();
            let _y = b.0.lock().unwrap();
        });
        let _x = a.0.lock().unwrap();
        let _y = a.1.lock().unwrap();
        drop((_x, _y));
        t.join().unwrap();
    });
    assert_eq!(r.counterexample().expect("fails").kind(), Kind::Deadlock);
}

#[test]
fn condvar() {
    for wrong in [false, true] {
        let r = Model::new().check(move || {
            let a = Arc::new((Mutex::new(false), Condvar::new()));
            let b = a.clone();
            let t = thread::spawn(move || {
                *b.0.lock().unwrap() = true;
                b.1.notify_one();
            });
            let mut g = a.0.lock().unwrap();
            if wrong {
                if !*g {
                    g = a.1.wait(g).unwrap();
                }
            } else {
                while !*g {
                    g = a.1.wait(g).unwrap();
                }
            }
            assert!(*g);
            drop(g);
            t.join().unwrap();
        });
        assert_eq!(r.passed(), !wrong, "{r}");
    }
}

#[test]
fn spins_for_ever() {
    let r = Model::new().check(|| {
        let a = AtomicU32::new(0);
        while a.load(Relaxed) == 0 {}
    });
    assert_eq!(r.counterexample().expect("fails").kind(), Kind::SpinsForEver);
    let r = Model::new().check(|| {
        let a = AtomicU32::new(0);
        for _ in 0..100 {
            if a.load(Relaxed) == 1 {
                break;
            }
            std::hint::spin_loop();
        }
    });
    assert!(r.passed(), "{r}");
}
