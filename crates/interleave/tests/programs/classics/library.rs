//! The library's own primitives, used rightly and wrongly.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::*};
use std::sync::{
    Arc, Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, PoisonError, RwLock, mpsc,
};
use std::thread;
use std::time::{Duration, Instant};

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::world::Tracked;

static CALLS: AtomicU32 = AtomicU32::new(0);
static TOTAL: Mutex<u32> = Mutex::new(0);
static LAZY: LazyLock<u32> = LazyLock::new(|| CALLS.fetch_add(1, Relaxed) + 1);
static CELL: OnceLock<u32> = OnceLock::new();
static ONCE: Once = Once::new();

thread_local! {
    static MINE: Cell<u32> = const { Cell::new(0) };
    static LIST: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Statics begin anew in every execution. (On real threads this is the only execution that counts calls.)
fn statics() {
    let before = *TOTAL.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| *TOTAL.lock().unwrap_or_else(PoisonError::into_inner) += 1);
        }
    });
    assert_eq!(
        *TOTAL.lock().unwrap_or_else(PoisonError::into_inner),
        before + 2
    );
}

fn initialises_once() {
    thread::scope(|scope| {
        for value in 0..2 {
            scope.spawn(move || {
                let lazy = *LAZY;
                let cell = *CELL.get_or_init(|| value);
                assert_eq!(lazy, 1, "initialised once");
                assert!(cell < 2);
                assert_eq!(CELL.get(), Some(&cell));
            });
        }
    });
}

fn once() {
    let value = Tracked::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                if !ONCE.is_completed() {
                    ONCE.call_once(|| value.set(1));
                }
            });
        }
    });
}

fn locals() {
    thread::scope(|scope| {
        for i in 0..2 {
            scope.spawn(move || {
                assert_eq!(MINE.get(), 0);
                MINE.set(i + 1);
                LIST.with_borrow_mut(|list| list.push(i));
                thread::yield_now();
                assert_eq!(MINE.get(), i + 1);
                assert_eq!(LIST.with_borrow(Vec::len), 1);
            });
        }
    });
}

fn channel(bound: Option<usize>) {
    thread::scope(|scope| {
        let received: u32 = match bound {
            None => {
                let (sender, receiver) = mpsc::channel();
                for value in 1..=2 {
                    let sender = sender.clone();
                    scope.spawn(move || _ = sender.send(value));
                }
                drop(sender);
                receiver.iter().sum()
            }
            Some(bound) => {
                let (sender, receiver) = mpsc::sync_channel(bound);
                scope.spawn(move || (1..=2).for_each(|value| _ = sender.send(value)));
                receiver.iter().sum()
            }
        };
        assert_eq!(received, 3);
    });
}

/// A sender is kept, so the receiver waits for one more.
fn channel_never_closes() {
    let (sender, receiver) = mpsc::channel::<u32>();
    thread::scope(|scope| {
        let theirs = sender.clone();
        scope.spawn(move || _ = theirs.send(1));
        assert_eq!(receiver.iter().sum::<u32>(), 1);
    });
    drop(sender);
}

/// A buffer of one place between a producer and a consumer.
fn bounded_buffer(wait_once: bool, notify: bool) {
    let (place, changed) = (Mutex::new(None), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            for value in 1..=2 {
                let mut guard = place.lock().unwrap_or_else(PoisonError::into_inner);
                while guard.is_some() {
                    guard = changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
                }
                *guard = Some(value);
                if notify {
                    changed.notify_all();
                }
            }
        });
        for expected in 1..=2 {
            let mut guard = place.lock().unwrap_or_else(PoisonError::into_inner);
            if wait_once {
                if guard.is_none() {
                    guard = changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
                }
            } else {
                guard = changed
                    .wait_while(guard, |place| place.is_none())
                    .unwrap_or_else(PoisonError::into_inner);
            }
            assert_eq!(guard.take(), Some(expected));
            changed.notify_all();
        }
    });
}

fn barrier() {
    let (barrier, places) = (Barrier::new(3), [const { Tracked::new(0_u32) }; 3]);
    let leaders = AtomicUsize::new(0);
    let work = |me: usize| {
        places[me].set(1);
        if barrier.wait().is_leader() {
            leaders.fetch_add(1, Relaxed);
        }
        assert!(places.iter().all(|place| place.get() == 1));
    };
    thread::scope(|scope| {
        let work = &work;
        scope.spawn(move || work(1));
        scope.spawn(move || work(2));
        work(0);
    });
    assert_eq!(leaders.into_inner(), 1);
}

fn barrier_of_too_many() {
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        scope.spawn(|| barrier.wait());
        barrier.wait();
    });
}

fn read_write() {
    let lock = RwLock::new((0_u32, 0_u32));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let pair = lock.read().unwrap_or_else(PoisonError::into_inner);
                assert_eq!(pair.0, pair.1);
            });
        }
        let mut pair = lock.write().unwrap_or_else(PoisonError::into_inner);
        pair.0 += 1;
        pair.1 += 1;
    });
}

/// A read lock is given up for a write lock, and somebody writes in between.
fn upgrade() {
    let lock = RwLock::new(0_u32);
    let add = || {
        let seen = *lock.read().unwrap_or_else(PoisonError::into_inner);
        *lock.write().unwrap_or_else(PoisonError::into_inner) = seen + 1;
    };
    thread::scope(|scope| {
        scope.spawn(add);
        add();
    });
    assert_eq!(lock.into_inner().unwrap_or_else(PoisonError::into_inner), 2);
}

/// A time-out and a notification: either may come first, and both are handled.
fn time_out() {
    let (ready, changed) = (Mutex::new(false), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            *ready.lock().unwrap_or_else(PoisonError::into_inner) = true;
            changed.notify_one();
        });
        let guard = ready.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, result) = changed
            .wait_timeout_while(guard, Duration::from_millis(20), |ready| !*ready)
            .unwrap_or_else(PoisonError::into_inner);
        assert_eq!(*guard, !result.timed_out());
    });
}

/// The time-out is taken for impossible.
fn time_out_ignored() {
    let (ready, changed) = (Mutex::new(false), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            *ready.lock().unwrap_or_else(PoisonError::into_inner) = true;
            changed.notify_one();
        });
        let guard = ready.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, _) = changed
            .wait_timeout_while(guard, Duration::from_secs(3600), |ready| !*ready)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(*guard, "an hour was not enough");
    });
}

/// Polls the clock: time passes while everybody waits.
fn deadline() {
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(5) {
        thread::yield_now();
    }
    assert!(start.elapsed() >= Duration::from_millis(5));
}

fn park_with_time_out() {
    let flag = AtomicU32::new(0);
    thread::scope(|scope| {
        let sleeper = scope.spawn(|| {
            while flag.load(Acquire) == 0 {
                thread::park_timeout(Duration::from_millis(1));
            }
        });
        flag.store(1, Release);
        sleeper.thread().unpark();
    });
}

/// The token is one, not a count: two unparks before a park are one.
fn two_unparks() {
    let parked = thread::spawn(|| {
        thread::park();
        thread::park();
    });
    parked.thread().unpark();
    parked.thread().unpark();
    assert!(parked.join().is_ok());
}

/// The order of a map with the library's random keys is the same in every execution.
fn map_order() {
    let mut map = HashMap::new();
    for i in 0..8 {
        map.insert(i, AtomicU32::new(i));
    }
    thread::scope(|scope| {
        scope.spawn(|| {
            map.values()
                .for_each(|value| _ = value.fetch_add(1, Relaxed));
        });
        map.values()
            .for_each(|value| _ = value.fetch_add(1, Relaxed));
    });
    assert!(
        map.iter()
            .all(|(key, value)| value.load(Relaxed) == key + 2)
    );
}

fn eight_threads() {
    let total = Arc::new(AtomicU32::new(0));
    let threads: Vec<_> = (0..7)
        .map(|_| {
            let total = Arc::clone(&total);
            thread::spawn(move || total.fetch_add(1, Relaxed))
        })
        .collect();
    let mut seen: Vec<u32> = threads
        .into_iter()
        .filter_map(|thread| thread.join().ok())
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6]);
}

/// Threads that never meet on anything.
fn named_threads() {
    let thread = thread::Builder::new().name("worker".into()).spawn(|| {
        assert_eq!(thread::current().name(), Some("worker"));
    });
    assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
}

/// Two numbers that nobody guards.
fn unguarded() {
    let number = Tracked::new(0);
    thread::scope(|scope| {
        scope.spawn(|| number.set(1));
        number.set(2);
    });
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("a static mutex", statics),
        right("LazyLock and OnceLock", initialises_once),
        right("Once", once),
        right("thread locals", locals),
        right("channel", || channel(None)),
        right("channel of one place", || channel(Some(1))),
        right("rendezvous", || channel(Some(0))),
        right("bounded buffer", || bounded_buffer(false, true)),
        right("barrier", barrier),
        right("readers and a writer", read_write),
        right("time-out", time_out),
        right("deadline", deadline),
        right("park with a time-out", park_with_time_out),
        right("a map in order", map_order).to(2),
        right("eight threads", eight_threads).to(1),
        right("named threads", named_threads),
        wrong(Order, "unguarded", Race, unguarded),
        wrong(Atomicity, "read, then write", Panic, upgrade),
        wrong(Logic, "if for while", Panic, || bounded_buffer(true, true)),
        wrong(Logic, "an hour is enough", Panic, time_out_ignored),
        wrong(WakeUp, "does not notify", Stuck, || {
            bounded_buffer(false, false);
        }),
        wrong(
            WakeUp,
            "the channel stays open",
            Stuck,
            channel_never_closes,
        ),
        wrong(WakeUp, "a barrier of too many", Stuck, barrier_of_too_many),
        wrong(WakeUp, "unparks do not add up", Stuck, two_unparks),
    ]
}
