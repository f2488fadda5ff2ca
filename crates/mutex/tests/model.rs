//! The same source under the model checker: every interleaving, and every value that memory may give.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

/// The model's futex in the place of the real one.
mod futex {
    pub(crate) use std::futex::*;

    /// The model knows its words by themselves, so there are no links and nothing is unsafe; but the
    /// source is the same.
    #[expect(unsafe_code, reason = "as the real ones")]
    pub(crate) mod robust {
        use std::futex::robust as model;
        pub(crate) use std::futex::robust::{OWNER, OWNER_DIED, WAITERS};
        use std::ops::Deref;
        use std::sync::atomic::AtomicU32;

        #[derive(Debug, Default)]
        pub(crate) struct Word(AtomicU32);

        impl Word {
            pub(crate) const fn new() -> Self {
                Word(AtomicU32::new(0))
            }
        }

        impl Deref for Word {
            type Target = AtomicU32;

            fn deref(&self) -> &AtomicU32 {
                &self.0
            }
        }

        pub(crate) fn thread_id() -> u32 {
            std::futex::thread_id().get() as u32
        }

        /// # Safety
        ///
        /// None is needed.
        #[track_caller]
        pub(crate) unsafe fn add(word: &Word) {
            model::add(word);
        }

        #[track_caller]
        pub(crate) fn remove(word: &Word) {
            model::remove(word);
        }

        /// # Safety
        ///
        /// None is needed.
        #[track_caller]
        pub(crate) unsafe fn set_pending(word: Option<&Word>) {
            model::set_pending(word.map(|word| &**word));
        }
    }
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
#[path = "../src/robust.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod robust;
#[path = "../src/swapping.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod swapping;
#[path = "../src/three_states.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate publishes it")]
mod three_states;

use std::model::{Kind, Model, Tracked, may_die};
use std::thread;
use std::time::Duration;

use adaptive::Adaptive;
use counting::Counting;
use mutex::Mutex;
use process::ProcessShared;
use reentrant::ReentrantMutex;
use robust::{Before, Robust};
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

impl Stage for &'static Robust {
    fn new() -> Self {
        Box::leak(Box::default())
    }
    fn lock(&self) {
        assert_eq!(Robust::lock(self), Before::Left, "nobody dies");
    }
    fn unlock(&self) {
        Robust::unlock(self);
    }
}

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
    sections::<&Robust>(&[2, 2]);
}

#[test]
fn three_threads() {
    sections::<Counting>(&[1, 1, 1]);
    sections::<ThreeStates>(&[1, 1, 1]);
    sections::<Swapping>(&[1, 1, 1]);
    sections::<Adaptive>(&[1, 1, 1]);
    sections::<ProcessShared>(&[1, 1, 1]);
    sections::<&Robust>(&[1, 1, 1]);
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

/// Two numbers that are equal whenever nobody is inside.
#[derive(Default)]
struct Pair {
    lock: Robust,
    one: Tracked<u32>,
    other: Tracked<u32>,
}

impl Pair {
    /// Adds one to both, and repairs first what a dead one has left half done.
    fn add(&'static self) {
        if self.lock.lock() == Before::Died {
            self.other.set(self.one.get());
        }
        assert_eq!(self.one.get(), self.other.get(), "half an addition");
        add(&self.one);
        // A step, at which it may die.
        thread::yield_now();
        add(&self.other);
        self.lock.unlock();
    }
}

/// Some may die at any step; all others get through, and nothing is left half done.
fn deaths(mortal: &'static [bool], budget: u8) {
    Model::new()
        .budget(budget)
        .check(move || {
            let pair: &Pair = Box::leak(Box::default());
            thread::scope(|scope| {
                for &mortal in mortal {
                    scope.spawn(move || {
                        if mortal {
                            may_die();
                        }
                        pair.add();
                    });
                }
                pair.add();
            });
            pair.add();
        })
        .unwrap();
}

#[test]
fn one_may_die_at_any_step() {
    deaths(&[true], 3);
}

#[test]
fn two_may_die_at_any_step() {
    deaths(&[true, true], 2);
}

/// What is beyond help: the documentation says so, and this is the proof.
fn sleeps_on(mortal: fn(&'static Robust), others: &'static [u32]) -> Option<Kind> {
    let report = Model::new().budget(5).check(move || {
        let lock: &Robust = Box::leak(Box::default());
        // Nobody can die inside here, so there is nothing to repair.
        let visit = || {
            _ = lock.lock();
            lock.unlock();
        };
        thread::scope(|scope| {
            scope.spawn(|| {
                may_die();
                mortal(lock);
            });
            for &times in others {
                scope.spawn(move || (0..times).for_each(|_| visit()));
            }
        });
    });
    report.counterexample().map(|example| example.kind())
}

#[test]
fn who_is_woken_overtaken_and_killed_takes_the_wake_up_along() {
    // It never frees the lock, so it cannot be about to wake.
    let takes = |lock: &'static Robust| {
        _ = lock.lock();
    };
    assert_eq!(sleeps_on(takes, &[1, 2]), Some(Kind::Deadlock));
}

#[test]
fn who_frees_it_is_overtaken_and_killed_never_wakes() {
    // It sleeps for nobody else's wake-up, for it comes first.
    let visits = |lock: &'static Robust| {
        _ = lock.lock();
        lock.unlock();
    };
    assert_eq!(sleeps_on(visits, &[1, 1]), Some(Kind::Deadlock));
}
