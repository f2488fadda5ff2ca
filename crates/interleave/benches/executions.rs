//! What a search costs: executions per second, and how their number grows with threads and steps.
//!
//! ```console
//! $ cargo bench -p interleave --bench executions
//! ```
//! The times are the processor's, not the clock's, so that other programs disturb less.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;
extern crate std as real;

use std::futex;
use std::model::{Model, Report, Tracked};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Barrier, Mutex};
use std::thread;

/// A lock, as small as can be.
trait Lock: Default + Sync {
    fn lock(&self);
    fn unlock(&self);
}

#[derive(Default)]
struct TestAndSet(AtomicU32);

impl Lock for TestAndSet {
    fn lock(&self) {
        while self.0.swap(1, Acquire) == 1 {
            std::hint::spin_loop();
        }
    }

    fn unlock(&self) {
        self.0.store(0, Release);
    }
}

#[derive(Default)]
struct Ticket {
    next: AtomicU32,
    serving: AtomicU32,
}

impl Lock for Ticket {
    fn lock(&self) {
        let mine = self.next.fetch_add(1, Relaxed);
        while self.serving.load(Acquire) != mine {
            std::hint::spin_loop();
        }
    }

    fn unlock(&self) {
        let mine = self.serving.load(Relaxed);
        self.serving.store(mine.wrapping_add(1), Release);
    }
}

/// 0 free, 1 taken, 2 taken and somebody may sleep.
#[derive(Default)]
struct Sleeping(AtomicU32);

impl Lock for Sleeping {
    fn lock(&self) {
        if self.0.compare_exchange(0, 1, Acquire, Relaxed).is_ok() {
            return;
        }
        while self.0.swap(2, Acquire) != 0 {
            let _woken = futex::wait(&self.0, 2, None);
        }
    }

    fn unlock(&self) {
        if self.0.swap(0, Release) == 2 {
            futex::wake(&self.0, 1);
        }
    }
}

/// So many threads add to a counter so often, each time with the lock.
fn count<L: Lock>(threads: u32, turns: u32) {
    let (lock, counter) = (L::default(), Tracked::new(0));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..turns {
                    lock.lock();
                    counter.with_mut(|counter| *counter += 1);
                    lock.unlock();
                }
            });
        }
    });
    assert_eq!(counter.get(), threads * turns);
}

fn mutex(threads: u32, turns: u32) {
    let counter = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..turns {
                    *counter.lock().unwrap() += 1;
                }
            });
        }
    });
    assert_eq!(counter.into_inner().unwrap(), threads * turns);
}

fn barrier(threads: u32, turns: u32) {
    let barrier = Barrier::new(threads as usize);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..turns {
                    barrier.wait();
                }
            });
        }
    });
}

type Program = fn(u32, u32);

/// So many seconds has this process been executed.
fn processor_time() -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    #[expect(unsafe_code, reason = "std does not tell the processor's time")]
    // SAFETY: `time` is there to be written.
    let result = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    assert_eq!(result, 0, "every kernel has this clock");
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn main() {
    let programs: [(&str, Program); 5] = [
        ("test-and-set", count::<TestAndSet>),
        ("ticket", count::<Ticket>),
        ("futex", count::<Sleeping>),
        ("Mutex", mutex),
        ("Barrier", barrier),
    ];
    real::println!(
        "{:<14}{:>8}{:>8}{:>12}{:>10}{:>8}{:>14}{:>10}  verdict",
        "program",
        "threads",
        "turns",
        "executions",
        "pruned",
        "steps",
        "ns/execution",
        "a second"
    );
    let (mut executions, mut seconds) = (0, 0.0);
    for (name, program) in programs {
        for (threads, turns) in [(2, 1), (2, 2), (2, 4), (3, 1), (3, 2), (4, 1)] {
            let start = processor_time();
            let report: Report = Model::new().check(move || program(threads, turns));
            let elapsed = processor_time() - start;
            executions += report.executions;
            seconds += elapsed;
            real::println!(
                "{name:<14}{threads:>8}{turns:>8}{:>12}{:>10}{:>8}{:>14.0}{:>10.0}  {:.40}",
                report.executions,
                report.pruned,
                report.steps / report.executions,
                elapsed * 1e9 / report.executions as f64,
                report.executions as f64 / elapsed,
                report.to_string().lines().next().unwrap_or_default(),
            );
        }
    }
    real::println!(
        "\nall: {:.0} executions a second",
        executions as f64 / seconds
    );
}
