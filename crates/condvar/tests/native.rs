//! The condition variables and the queue under real threads.

use std::thread;
use std::time::{Duration, Instant};

use condvar::{Closed, Condvar, Mutex, MutexGuard, Queue, TimedOut, stages};

type Wait<C> = for<'a> fn(&C, MutexGuard<'a, u32>) -> MutexGuard<'a, u32>;

/// Two threads take turns.
fn ping_pong<C: Sync>(make: fn() -> C, wait: Wait<C>, notify: fn(&C)) {
    const TURNS: u32 = 2000;
    let (turn, changed) = (Mutex::new(0), make());
    thread::scope(|scope| {
        for who in 0..2 {
            let (turn, changed) = (&turn, &changed);
            scope.spawn(move || {
                let mut mine = turn.lock();
                while *mine < TURNS {
                    if *mine % 2 == who {
                        *mine += 1;
                        notify(changed);
                    } else {
                        mine = wait(changed, mine);
                    }
                }
            });
        }
    });
    assert_eq!(*turn.lock(), TURNS);
}

#[test]
fn threads_take_turns() {
    ping_pong(Condvar::new, Condvar::wait, Condvar::notify_one);
    use stages::{counter, parking};
    ping_pong(
        counter::Condvar::new,
        counter::Condvar::wait,
        counter::Condvar::notify_one,
    );
    ping_pong(
        parking::Condvar::new,
        parking::Condvar::wait,
        parking::Condvar::notify_one,
    );
}

#[test]
fn a_notification_is_not_remembered() {
    let (mutex, changed) = (Mutex::new(()), Condvar::new());
    changed.notify_one();
    changed.notify_all();
    let limit = Duration::from_millis(20);
    let began = Instant::now();
    let (guard, timed_out) = changed.wait_timeout(mutex.lock(), limit);
    drop(guard);
    assert!(timed_out);
    assert!(began.elapsed() >= limit);
}

#[test]
fn producers_and_consumers() {
    const EACH: u32 = 5000;
    let queue = Queue::new(3);
    let sum: u32 = thread::scope(|scope| {
        let producers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| (0..EACH).for_each(|n| queue.push(n).unwrap())))
            .collect();
        let consumers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| std::iter::from_fn(|| queue.pop()).sum::<u32>()))
            .collect();
        for producer in producers {
            producer.join().unwrap();
        }
        queue.close();
        consumers.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(sum, 3 * EACH * (EACH - 1) / 2);
}

#[test]
fn a_closed_queue_gives_what_it_has_and_takes_nothing() {
    let queue = Queue::new(2);
    queue.push('a').unwrap();
    queue.close();
    assert_eq!(queue.push('b'), Err(Closed('b')));
    assert_eq!(queue.pop(), Some('a'));
    assert_eq!(queue.pop(), None);
    assert_eq!(queue.pop_timeout(Duration::MAX), Ok(None));
}

#[test]
fn a_pop_does_not_wait_for_longer_than_it_should_nor_shorter() {
    let queue = Queue::<u32>::new(1);
    let limit = Duration::from_millis(20);
    let began = Instant::now();
    assert_eq!(queue.pop_timeout(limit), Err(TimedOut));
    assert!(began.elapsed() >= limit);
}

#[test]
fn any_lock_will_do() {
    use std::sync::RwLock;
    let (number, changed) = (RwLock::new(0), stages::any::CondvarAny::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            // Readers wait, and a writer notifies.
            scope.spawn(|| {
                let mut guard = number.read().unwrap();
                while *guard == 0 {
                    guard = changed.wait(guard, || number.read().unwrap());
                }
                assert_eq!(*guard, 7);
            });
        }
        *number.write().unwrap() = 7;
        changed.notify_all();
    });
}
