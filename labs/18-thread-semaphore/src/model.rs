//! Lab 18's programs for the model: small, and without a right answer in them beyond their own
//! assertions. The names in brackets are the contract's.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[allow(dead_code, reason = "not everything is asked of this program")]
mod pool;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod semaphore;
mod futex {
    #[expect(unused_imports, reason = "the student may sleep on a word, or not")]
    pub(crate) use std::futex::*;
}

use std::model::Tracked;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use modelled::{ExitCode, Programs};
use pool::Pool;
use semaphore::{AcquireError, Permit, Semaphore};

const LIMIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    Programs::new()
        .program("limit_2_1", || limit(2, 1))
        .program("limit_3_2", || limit(3, 2))
        .program("limit_4_2", || limit(4, 2))
        .program("both_inside", both_inside)
        .program("visible", visible)
        .program("woken_2_1", || woken(2, 1, 1))
        .program("woken_3_1", || woken(3, 1, 1))
        .program("woken_two_of_two", woken_two_of_two)
        .program("crossed", crossed)
        .program("crossed_three", || woken(3, 3, 2))
        .program("gives_up", gives_up)
        .program("in_time_or_not", in_time_or_not)
        .program("closed", closed)
        .program("closed_while_held", closed_while_held)
        .program("pool_2_1", || pool(2, 1))
        .program("pool_3_2", || pool(3, 2))
        .session()
}

/// Units of a semaphore that nobody closes.
fn take(semaphore: &Semaphore, units: u32) -> Permit<'_> {
    match semaphore.acquire(units) {
        Ok(permit) => permit,
        Err(AcquireError::Closed) => {
            panic!("Closed, and nobody has closed it / 没有人关闭，却返回 Closed")
        }
        Err(AcquireError::TooMany { want, max }) => {
            panic!("TooMany: {want} of {max} / 返回了 TooMany：要 {want}，共 {max}")
        }
    }
}

/// So many threads do the same; the calling thread is the last one.
fn together(threads: u32, each: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(&each);
        }
        each();
    });
}

/// [K1] Never more inside than there are units.
fn limit(threads: u32, units: u32) {
    let (semaphore, inside) = (Semaphore::new(units), AtomicU32::new(0));
    together(threads, || {
        let permit = take(&semaphore, 1);
        let others = inside.fetch_add(1, Relaxed);
        assert!(
            others < units,
            "more threads are inside than there are units / 里面的线程比许可数还多"
        );
        inside.fetch_sub(1, Relaxed);
        drop(permit);
    });
}

/// [K1] Two units let two in at once: each waits for the other one, inside.
fn both_inside() {
    let (semaphore, inside) = (Semaphore::new(2), AtomicU32::new(0));
    together(2, || {
        let permit = take(&semaphore, 1);
        inside.fetch_add(1, Relaxed);
        while inside.load(Relaxed) < 2 {
            thread::yield_now();
        }
        drop(permit);
    });
}

/// [K2] What one did inside, the next one sees.
fn visible() {
    let (semaphore, value) = (Semaphore::new(1), Tracked::new(0));
    together(2, || {
        let permit = take(&semaphore, 1);
        value.set(value.get() + 1);
        drop(permit);
    });
    assert!(value.get() == 2, "an addition is lost / 丢失了一次加法");
}

/// [K3, K5] So many threads, so many units each: all come through, and all units come back.
fn woken(threads: u32, units: u32, each: u32) {
    let semaphore = Semaphore::new(units);
    together(threads, || drop(take(&semaphore, each)));
    all_are_back(&semaphore, units);
}

fn all_are_back(semaphore: &Semaphore, units: u32) {
    let available = semaphore.available();
    assert!(
        available == units,
        "{available} of {units} units are free when nobody holds any / \
         没有人持有许可时，{units} 个中只有 {available} 个可用"
    );
}

/// [K3] Two units come back at once, and two wait for one each.
fn woken_two_of_two() {
    let (semaphore, inside) = (Semaphore::new(2), AtomicU32::new(0));
    let both = take(&semaphore, 2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let permit = take(&semaphore, 1);
                inside.fetch_add(1, Relaxed);
                // Each stays until the other one is in.
                while inside.load(Relaxed) < 2 {
                    thread::yield_now();
                }
                drop(permit);
            });
        }
        drop(both);
    });
}

/// [K5] Two threads, two of three units each.
fn crossed() {
    woken(2, 3, 2);
}

/// [K6] Whoever gives up keeps nobody waiting.
fn gives_up() {
    let semaphore = Semaphore::new(2);
    let held = take(&semaphore, 1);
    thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            match semaphore.acquire_timeout(2, LIMIT) {
                Ok(None) => assert!(
                    began.elapsed() >= LIMIT,
                    "it gives up before the time is over / 时限未到就放弃了"
                ),
                Ok(Some(_)) => panic!(
                    "2 units are given out, and 1 of 2 is held / 两个许可中有一个被占用，却给出了两个"
                ),
                Err(_) => panic!("an error, and nothing is wrong / 没有任何问题，却返回了错误"),
            }
        });
        // There is a unit for this one, as soon as the other one has gone.
        scope.spawn(|| drop(take(&semaphore, 1)));
    });
    drop(held);
    all_are_back(&semaphore, 2);
}

/// [K6] Units that come when the time is over are taken, or left.
fn in_time_or_not() {
    let semaphore = Semaphore::new(1);
    let held = take(&semaphore, 1);
    thread::scope(|scope| {
        scope.spawn(|| {
            if let Ok(Some(permit)) = semaphore.acquire_timeout(1, LIMIT) {
                assert!(
                    semaphore.available() == 0,
                    "a unit is held and free at once / 同一个许可既被持有又可用"
                );
                drop(permit);
            }
        });
        drop(held);
    });
    all_are_back(&semaphore, 1);
}

/// [K7] Closing frees those who wait; who has got a unit has got it.
fn closed() {
    let semaphore = Semaphore::new(1);
    let held = take(&semaphore, 1);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                assert!(
                    matches!(semaphore.acquire(1), Err(AcquireError::Closed)),
                    "acquire of a closed semaphore must say Closed / 信号量已关闭，acquire 应返回 Closed"
                );
            });
        }
        semaphore.close();
    });
    drop(held);
    all_are_back(&semaphore, 1);
}

/// [K7] Closing races with a unit that comes back.
fn closed_while_held() {
    let semaphore = Semaphore::new(1);
    let held = take(&semaphore, 1);
    thread::scope(|scope| {
        scope.spawn(|| drop(semaphore.acquire(1)));
        scope.spawn(|| semaphore.close());
        drop(held);
    });
    all_are_back(&semaphore, 1);
}

/// [K8] Nobody has what another one has.
fn pool(threads: u32, items: usize) {
    let pool = Pool::new((0..items).map(|_| Tracked::new(0)).collect());
    together(threads, || {
        let item = pool.get();
        item.set(item.get() + 1);
        drop(item);
    });
    let all: Vec<_> = (0..items).map(|_| pool.get()).collect();
    let sum: u32 = all.iter().map(|item| item.get()).sum();
    assert!(
        sum == threads,
        "what was changed in an item is lost / 对池中物品的修改丢失了"
    );
}
