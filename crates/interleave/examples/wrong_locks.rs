//! What the model shows of four locks that are wrong, and pass every stress test on x86.
//!
//! ```console
//! $ cargo run -p interleave --example wrong_locks
//! $ cargo run -p interleave --example wrong_locks -- zh
//! ```
//!
//! The first takes the lock in two steps. The second releases it with `Relaxed`: its owner's writes
//! may not be seen by the next one. The third forgets that there was a second sleeper. The fourth
//! looks whether it may go on, and then goes to sleep, which are two steps too.
#![expect(clippy::print_stdout, reason = "a program")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;
extern crate std as real;

use std::futex;
use std::model::{Language, Model, Tracked};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
use std::sync::{Condvar, Mutex};
use std::thread;

/// So many threads add one to a counter, each inside the lock.
fn inside(threads: u32, lock: impl Fn(&AtomicU32) + Sync, unlock: impl Fn(&AtomicU32) + Sync) {
    let (state, counter) = (AtomicU32::new(0), Tracked::new(0));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                lock(&state);
                counter.set(counter.get() + 1);
                unlock(&state);
            });
        }
    });
    assert_eq!(counter.get(), threads);
}

fn in_two_steps(state: &AtomicU32) {
    while state.load(Acquire) == 1 {
        std::hint::spin_loop();
    }
    state.store(1, Relaxed);
}

fn spin(state: &AtomicU32) {
    while state.swap(1, Acquire) == 1 {
        std::hint::spin_loop();
    }
}

fn release(order: Ordering) -> impl Fn(&AtomicU32) {
    move |state| state.store(0, order)
}

fn sleep_and_take_one(state: &AtomicU32) {
    let mut found = state.compare_exchange(0, 1, Acquire, Relaxed);
    while found.is_err() {
        if state.swap(2, Acquire) == 0 {
            return;
        }
        let _woken = futex::wait(state, 2, None);
        found = state.compare_exchange(0, 1, Acquire, Relaxed);
    }
}

fn wake(state: &AtomicU32) {
    if state.swap(0, Release) == 2 {
        futex::wake(state, 1);
    }
}

/// Whoever waits looks at the gate, and goes to sleep; whoever opens it does not ask for the lock.
fn look_then_sleep() {
    let (open, lock, bell) = (AtomicU32::new(0), Mutex::new(()), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            open.store(1, Release);
            bell.notify_one();
        });
        let mut guard = lock.lock();
        while open.load(Acquire) == 0 {
            guard = match guard {
                Ok(guard) => bell.wait(guard),
                Err(_) => return,
            };
        }
    });
}

type Program = Box<dyn Fn()>;

fn main() {
    let chinese = real::env::args().any(|argument| argument == "zh");
    let language = if chinese {
        Language::Chinese
    } else {
        Language::English
    };
    let programs: [(&str, Program); 4] = [
        (
            "in two steps",
            Box::new(|| inside(2, in_two_steps, release(Release))),
        ),
        ("relaxed", Box::new(|| inside(2, spin, release(Relaxed)))),
        (
            "forgetful",
            Box::new(|| inside(3, sleep_and_take_one, wake)),
        ),
        ("look, then sleep", Box::new(look_then_sleep)),
    ];
    for (name, program) in programs {
        let report = Model::new().check(program);
        match report.counterexample() {
            Some(shown) => {
                let page = shown.page(language);
                real::println!("== {name}, {} executions\n{page}\n", report.executions);
            }
            None => real::println!("== {name}: {report}\n"),
        }
    }
}
