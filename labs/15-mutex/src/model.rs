//! Lab 15's programs for the model: small, and without a right answer in them beyond their own
//! assertions. The names in brackets are the contract's.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

mod mutex;
mod reentrant;

/// The futex of the model, where `driver.rs` has the real one.
mod futex {
    #[allow(unused_imports, reason = "it is the student's to use")]
    pub use std::futex::*;
}

use std::model::{Tracked, counts};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use modelled::{ExitCode, Programs};
use mutex::Mutex;
use reentrant::ReentrantMutex;

fn main() -> ExitCode {
    Programs::new()
        .program("exclusion", || exclusion(&[2, 2]))
        .program("exclusion_3", || exclusion(&[1, 1, 1]))
        .program("exclusion_try", exclusion_by_try)
        .program("visibility", visibility)
        .program("visibility_try", visibility_by_try)
        .program("visibility_timed", visibility_by_time)
        .program("wake_up", || wake_up(&[2, 1]))
        .program("wake_up_3", || wake_up(&[1, 1, 1]))
        .program("waiter_sleeps", waiter_sleeps)
        .program("gives_up", gives_up)
        .program("gives_up_and_leaves", gives_up_and_leaves)
        .program("gives_up_beside_another", gives_up_beside_another)
        .program("deadline", deadline)
        .program("no_time", no_time)
        .program("levels", levels)
        .program("levels_in_any_order", levels_in_any_order)
        .program("levels_by_try", levels_by_try)
        .program("owner_changes", owner_changes)
        .session()
}

const INSIDE: &str = "two threads are inside at once / 两个线程同时在临界区内";

/// [K1] So many threads, each so many times through the mutex; the calling thread is the last one.
fn exclusion(sections: &[usize]) {
    let mutex = Mutex::new(AtomicU32::new(0));
    let visit = |times: usize| {
        for _ in 0..times {
            stay(&mutex.lock());
        }
    };
    let (last, others) = sections.split_last().unwrap_or((&0, &[]));
    thread::scope(|scope| {
        for times in others {
            scope.spawn(move || visit(*times));
        }
        visit(*last);
    });
}

/// Is inside for a moment. The orderings of the mutex are another question: these operations see the
/// newest value anyway.
fn stay(inside: &AtomicU32) {
    assert!(inside.fetch_add(1, Relaxed) == 0, "{INSIDE}");
    inside.fetch_sub(1, Relaxed);
}

/// [K1, K4] The same with `try_lock`, which also tells what is free and what is not.
fn exclusion_by_try() {
    let mutex = Mutex::new(AtomicU32::new(0));
    let first = mutex.try_lock();
    assert!(
        first.is_some(),
        "try_lock does not get a free mutex / 互斥锁是空闲的，try_lock 却没有拿到"
    );
    thread::scope(|scope| {
        scope.spawn(|| {
            let also = mutex.try_lock();
            assert!(also.is_none(), "{INSIDE}");
        });
    });
    drop(first);
    thread::scope(|scope| {
        scope.spawn(|| stay(&mutex.lock()));
        if let Some(inside) = mutex.try_lock() {
            stay(&inside);
        }
    });
    let last = mutex.try_lock();
    assert!(
        last.is_some(),
        "everybody has left, and try_lock gets nothing / 所有线程都已离开，try_lock 却拿不到锁"
    );
}

fn add(sum: &Tracked<u32>) {
    sum.set(sum.get() + 1);
}

/// [K2] What one owner writes, the next one sees, also if it had to sleep.
fn visibility() {
    let mutex = Mutex::new(Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| add(&mutex.lock()));
        add(&mutex.lock());
    });
    let sum = mutex.lock().get();
    assert!(sum == 2, "an addition is lost / 丢失了一次加法");
}

/// [K2] The same for who comes in by `try_lock`.
fn visibility_by_try() {
    let mutex = Mutex::new(Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| add(&mutex.lock()));
        if let Some(sum) = mutex.try_lock() {
            add(&sum);
        }
    });
    mutex.lock().get();
}

/// [K2] The same for who comes in by `lock_timeout`.
fn visibility_by_time() {
    let mutex = Mutex::new(Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| add(&mutex.lock()));
        if let Some(sum) = mutex.lock_timeout(Duration::from_millis(1)) {
            add(&sum);
        }
    });
    mutex.lock().get();
}

/// [K3] Nobody is left asleep.
fn wake_up(sections: &[usize]) {
    let mutex = Mutex::new(());
    let visit = |times: usize| {
        for _ in 0..times {
            drop(mutex.lock());
        }
    };
    let (last, others) = sections.split_last().unwrap_or((&0, &[]));
    thread::scope(|scope| {
        for times in others {
            scope.spawn(move || visit(*times));
        }
        visit(*last);
    });
}

/// So many turns does the owner take while somebody waits.
const TURNS: u32 = 3000;

/// [K6] Executed once, on a quiet machine: whoever waits for long sleeps.
fn waiter_sleeps() {
    let mutex = Mutex::new(false);
    thread::scope(|scope| {
        let mut free = mutex.lock();
        assert!(
            counts().updates > 0,
            "lock takes a free mutex without a read-modify-write of its own / lock 没有用自己的读-改-写就拿到了锁"
        );
        scope.spawn(|| {
            let before = counts();
            let free = mutex.lock();
            let after = counts();
            assert!(
                *free,
                "a waiter is in before the owner has left / 持有者还没离开，等待者就进来了"
            );
            let updates = after.updates - before.updates;
            let calls = after.futex_calls - before.futex_calls;
            let turns =
                after.spin_hints + after.yields - before.spin_hints - before.yields;
            assert!(
                calls > 0 && turns < u64::from(TURNS) / 2,
                "a waiter turns {turns} times, and calls the futex {calls} times: it does not sleep / \
                 等待者转了 {turns} 轮，调用 futex {calls} 次：它没有睡眠"
            );
            assert!(
                updates <= 1000 && calls <= 20,
                "a waiter executes {updates} read-modify-writes and {calls} futex calls for one wait / \
                 等待者为一次等待执行了 {updates} 次读-改-写和 {calls} 次 futex 调用"
            );
        });
        let nothing = AtomicU32::new(0);
        for _ in 0..TURNS {
            nothing.load(Relaxed);
            thread::yield_now();
        }
        *free = true;
    });
}

const TIME: Duration = Duration::from_millis(10);

/// [K5] Never before its time, whatever wakes it; and the mutex works afterwards.
fn gives_up() {
    let mutex = Mutex::new(AtomicU32::new(0));
    let inside = mutex.lock();
    inside.fetch_add(1, Relaxed);
    thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            let late = mutex.lock_timeout(TIME);
            assert!(late.is_none(), "{INSIDE}");
            assert!(
                began.elapsed() >= TIME,
                "lock_timeout gives up before its time is over / lock_timeout 没到时间就放弃了"
            );
            let also = mutex.try_lock();
            assert!(also.is_none(), "{INSIDE}");
        });
    });
    inside.fetch_sub(1, Relaxed);
    drop(inside);
    thread::scope(|scope| {
        scope.spawn(|| stay(&mutex.lock()));
        stay(&mutex.lock());
    });
}

/// [K1, K5] The owner leaves while another one is about to give up.
fn gives_up_and_leaves() {
    let mutex = Mutex::new(AtomicU32::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(inside) = mutex.lock_timeout(TIME) {
                stay(&inside);
            }
        });
        stay(&mutex.lock());
        stay(&mutex.lock());
    });
    assert!(
        mutex.try_lock().is_some(),
        "everybody has left, and try_lock gets nothing / 所有线程都已离开，try_lock 却拿不到锁"
    );
}

/// [K3, K5] One gives up, another one sleeps on: the wake-up must not be lost with the first.
fn gives_up_beside_another() {
    let mutex = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| drop(mutex.lock_timeout(TIME)));
        scope.spawn(|| drop(mutex.lock()));
        drop(mutex.lock());
    });
}

/// [K5] Executed once, on a quiet machine: half of the time is over when it is woken in vain; it waits
/// for the other half, and not for the whole.
fn deadline() {
    let mutex = Mutex::new(());
    thread::scope(|scope| {
        let first = mutex.lock();
        let waiter = scope.spawn(|| {
            let began = Instant::now();
            let guard = mutex.lock_timeout(2 * TIME);
            (guard.is_some(), began.elapsed())
        });
        thread::sleep(TIME);
        // The lock is free for no time at all, unless it is handed over.
        drop(first);
        let second = mutex.try_lock();
        thread::sleep(10 * TIME);
        drop(second);
        if let Ok((false, waited)) = waiter.join() {
            assert!(
                waited >= 2 * TIME,
                "lock_timeout gives up before its time is over / lock_timeout 没到时间就放弃了"
            );
            assert!(
                waited < 3 * TIME,
                "lock_timeout waits longer than it was asked to / lock_timeout 等待的时间超过了要求"
            );
        }
    });
}

/// [K5] With no time at all it is `try_lock`.
fn no_time() {
    let mutex = Mutex::new(Tracked::new(0));
    let now = mutex.lock_timeout(Duration::ZERO);
    assert!(
        now.is_some(),
        "lock_timeout(0) does not get a free mutex / 互斥锁是空闲的，lock_timeout(0) 却没有拿到"
    );
    thread::scope(|scope| {
        // The scope ends before the mutex is free: who waits in here waits for ever.
        scope.spawn(|| {
            let also = mutex.lock_timeout(Duration::ZERO);
            assert!(also.is_none(), "{INSIDE}");
        });
    });
    drop(now);
    // A time that no clock can hold.
    let long = mutex.lock_timeout(Duration::MAX);
    assert!(
        long.is_some(),
        "lock_timeout(Duration::MAX) does not get a free mutex / 互斥锁是空闲的，lock_timeout(Duration::MAX) 却没有拿到"
    );
}

fn is_depth(mutex: &ReentrantMutex<Tracked<u32>>, should: usize) {
    let depth = mutex.depth();
    assert!(
        depth == should,
        "depth() is {depth} for a thread that has {should} guards / 线程持有 {should} 个守卫，depth() 却是 {depth}"
    );
}

/// [K7] Three levels deep, while another thread wants to come in.
fn levels() {
    let mutex = ReentrantMutex::new(Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let sum = mutex.lock();
            is_depth(&mutex, 1);
            add(&sum);
        });
        let first = mutex.lock();
        let second = mutex.lock();
        let third = mutex.lock();
        is_depth(&mutex, 3);
        add(&first);
        drop(third);
        drop(second);
        is_depth(&mutex, 1);
        add(&first);
        drop(first);
        is_depth(&mutex, 0);
    });
    let sum = mutex.lock().get();
    assert!(sum == 3, "an addition is lost / 丢失了一次加法");
}

/// [K7] The guards are dropped in another order.
fn levels_in_any_order() {
    let mutex = ReentrantMutex::new(Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| add(&mutex.lock()));
        let first = mutex.lock();
        let second = mutex.lock();
        drop(first);
        is_depth(&mutex, 1);
        add(&second);
        drop(second);
    });
    let sum = mutex.lock().get();
    assert!(sum == 2, "an addition is lost / 丢失了一次加法");
}

/// [K7] The owner gets in by `try_lock`, another thread does not.
fn levels_by_try() {
    let mutex = ReentrantMutex::new(Tracked::new(0));
    let first = mutex.lock();
    let second = mutex.try_lock();
    assert!(
        second.is_some(),
        "the owner does not get in by try_lock / 持有者用 try_lock 进不来"
    );
    thread::scope(|scope| {
        scope.spawn(|| {
            is_depth(&mutex, 0);
            let also = mutex.try_lock();
            assert!(also.is_none(), "{INSIDE}");
        });
    });
    drop(first);
    drop(second);
    thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(sum) = mutex.try_lock() {
                add(&sum);
                is_depth(&mutex, 1);
            }
        });
        add(&mutex.lock());
    });
    is_depth(&mutex, 0);
}

/// [K7] One goes as another one comes, and that one locks again.
fn owner_changes() {
    let mutex = ReentrantMutex::new(Tracked::new(0));
    let twice = || {
        let first = mutex.lock();
        let second = mutex.lock();
        add(&second);
        drop(second);
        is_depth(&mutex, 1);
        drop(first);
    };
    thread::scope(|scope| {
        scope.spawn(twice);
        twice();
    });
}
