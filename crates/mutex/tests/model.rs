//! The same source under the model checker: every interleaving, and every value that memory may give.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

/// The model's futex in the place of the real one.
mod futex {
    pub(crate) use std::futex::*;
}

#[path = "../src/adaptive.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod adaptive;
#[path = "../src/counting.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod counting;
#[path = "../src/mutex.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod mutex;
#[path = "../src/process.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod process;
#[path = "../src/reentrant.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod reentrant;
#[path = "../src/swapping.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod swapping;
#[path = "../src/three_states.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod three_states;

use std::model::{Kind, Model, Tracked};
use std::thread;
use std::time::Duration;

use adaptive::Adaptive;
use counting::Counting;
use mutex::Mutex;
use process::ProcessShared;
use reentrant::ReentrantMutex;
use swapping::Swapping;
use three_states::ThreeStates;

/// The stages have no payload of their own.
trait Stage: Sync {
    fn new() -> Self;
    fn lock(&self);
    fn unlock(&self);
}

macro_rules! stages {
    ($($stage:ty),*) => { $(
        impl Stage for $stage {
            fn new() -> Self {
                <$stage>::new()
            }
            fn lock(&self) {
                self.lock();
            }
            fn unlock(&self) {
                self.unlock();
            }
        }
    )* };
}

stages!(Counting, ThreeStates, Swapping, Adaptive, ProcessShared);

fn add(sum: &Tracked<u32>) {
    sum.set(sum.get() + 1);
}

/// So many threads, each so many times through a stage.
fn sections<S: Stage + 'static>(threads: &'static [u32]) {
    Model::new()
        .check(move || {
            let (stage, sum) = (S::new(), Tracked::new(0));
            let (stage, sum) = (&stage, &sum);
            thread::scope(|scope| {
                for &times in threads {
                    scope.spawn(move || {
                        for _ in 0..times {
                            stage.lock();
                            add(sum);
                            stage.unlock();
                        }
                    });
                }
            });
            assert_eq!(sum.get(), threads.iter().sum());
        })
        .unwrap();
}

#[test]
fn two_threads_twice() {
    sections::<Counting>(&[2, 2]);
    sections::<ThreeStates>(&[2, 2]);
    sections::<Swapping>(&[2, 2]);
    sections::<Adaptive>(&[2, 2]);
    sections::<ProcessShared>(&[2, 2]);
}

#[test]
fn three_threads() {
    sections::<Counting>(&[1, 1, 1]);
    sections::<ThreeStates>(&[1, 1, 1]);
    sections::<Swapping>(&[1, 1, 1]);
    sections::<Adaptive>(&[1, 1, 1]);
    sections::<ProcessShared>(&[1, 1, 1]);
}

/// What makes the first mutex wrong in the end: the number of attempts wraps around.
#[test]
fn attempts_that_wrap_around_let_two_in() {
    let report = Model::new().check(|| {
        let (stage, sum) = (Counting::after(u32::MAX), Tracked::new(0));
        let visit = || {
            stage.lock();
            add(&sum);
            stage.unlock();
        };
        thread::scope(|scope| {
            // The word says that somebody has been inside for a long time.
            let _inside = &sum;
            scope.spawn(visit);
            scope.spawn(visit);
            sum.get();
            stage.unlock();
        });
    });
    let kind = report.counterexample().map(|example| example.kind());
    assert_eq!(kind, Some(Kind::Race));
}

#[test]
fn a_mutex_keeps_its_payload() {
    Model::new()
        .check(|| {
            let sum = Mutex::new(Tracked::new(0));
            thread::scope(|scope| {
                scope.spawn(|| add(&sum.lock()));
                scope.spawn(|| add(&sum.lock()));
                if let Some(sum) = sum.try_lock() {
                    add(&sum);
                }
            });
            assert!(sum.lock().get() >= 2);
        })
        .unwrap();
}

#[test]
fn who_gives_up_leaves_no_trace() {
    Model::new()
        .check(|| {
            let sum = Mutex::new(Tracked::new(0));
            thread::scope(|scope| {
                scope.spawn(|| {
                    if let Some(sum) = sum.lock_timeout(Duration::from_millis(1)) {
                        add(&sum);
                    }
                });
                scope.spawn(|| add(&sum.lock()));
                add(&sum.lock());
            });
            assert!(sum.try_lock().is_some_and(|sum| sum.get() >= 2));
        })
        .unwrap();
}

#[test]
fn a_recursive_mutex_lets_its_owner_in() {
    Model::new()
        .check(|| {
            let sum = ReentrantMutex::new(Tracked::new(0));
            let visit = || {
                let first = sum.lock();
                let second = sum.try_lock().expect("the owner");
                assert_eq!(sum.depth(), 2);
                drop(first);
                add(&second);
            };
            thread::scope(|scope| {
                scope.spawn(visit);
                visit();
            });
            assert_eq!(sum.depth(), 0);
            assert_eq!(sum.lock().get(), 2);
        })
        .unwrap();
}
