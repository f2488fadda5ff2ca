//! Lab 17's programs for the model: small, and without a right answer in them beyond their own
//! assertions. The names in brackets are the contract's.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[allow(dead_code, reason = "not everything is asked of this program")]
mod condvar;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod given;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod queue;
mod futex {
    #[expect(unused_imports, reason = "the student may sleep on a word, or not")]
    pub(crate) use std::futex::*;
}

use std::model::{Tracked, counts};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use condvar::Condvar;
use given::{Mutex, MutexGuard};
use modelled::{ExitCode, Programs};
use queue::{Closed, Queue, TimedOut};

const LIMIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    Programs::new()
        .program("woken_inside", || woken(true))
        .program("woken_outside", || woken(false))
        .program("relay", relay)
        .program("passed_on", passed_on)
        .program("queue_1_1", || through_queue(1, 1, 2))
        .program("queue_2_2", || through_queue(2, 2, 1))
        .program("queue_3_3", || through_queue(3, 3, 1))
        .program("waits_while", waits_while)
        .program("pops_while", pops_while)
        .program("pushes_while", pushes_while)
        .program("all_woken", all_woken)
        .program("each_woken", each_woken)
        .program("no_memory", no_memory)
        .program("quiet", quiet)
        .program("asleep", || woken(false))
        .program("notified_in_time", notified_in_time)
        .program("pop_timeout", pop_timeout)
        .program("released", released)
        .program("not_timed_out", not_timed_out)
        .program("no_herd", no_herd)
        .program("close_frees_poppers", close_frees_poppers)
        .program("close_frees_pushers", close_frees_pushers)
        .session()
}

/// Waits until the number is as large as that.
fn until<'a>(
    changed: &Condvar,
    mut number: MutexGuard<'a, u32>,
    least: u32,
) -> MutexGuard<'a, u32> {
    while *number < least {
        number = changed.wait(number);
    }
    number
}

/// [K1] A condition that another thread makes true, and says so with the mutex held, or after.
fn woken(inside: bool) {
    let (number, changed, data) = (Mutex::new(0), Condvar::new(), Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            drop(until(&changed, number.lock(), 1));
            assert!(data.get() == 7, "an old value / 读到旧值");
        });
        data.set(7);
        let mut guard = number.lock();
        *guard = 1;
        if inside {
            changed.notify_one();
            drop(guard);
        } else {
            drop(guard);
            changed.notify_one();
        }
    });
}

/// [K1] Two wait for different conditions: one for what the other one does then.
fn relay() {
    let (number, changed) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            *until(&changed, number.lock(), 1) = 2;
            changed.notify_all();
        });
        scope.spawn(|| drop(until(&changed, number.lock(), 2)));
        *number.lock() = 1;
        changed.notify_all();
    });
}

/// [K1] One wakes the next one.
fn passed_on() {
    let (token, put) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                drop(until(&put, token.lock(), 1));
                put.notify_one();
            });
        }
        *token.lock() = 1;
        put.notify_one();
    });
}

/// [K8] Each value goes through once.
fn through_queue(producers: u32, consumers: u32, each: u32) {
    let (queue, sum) = (Queue::new(1), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..consumers {
            scope.spawn(|| {
                for _ in 0..each {
                    let Some(value) = queue.pop() else {
                        panic!("pop gives None, and nobody has closed the queue / 队列没有关闭，pop 却返回 None")
                    };
                    sum.fetch_add(value, Relaxed);
                }
            });
        }
        let push = |producer: u32| {
            for turn in 0..each {
                let value = 1 << (2 * (producer * each + turn));
                if queue.push(value).is_err() {
                    panic!(
                        "push fails, and nobody has closed the queue / 队列没有关闭，push 却失败了"
                    )
                }
            }
        };
        for producer in 1..producers {
            scope.spawn(move || push(producer));
        }
        push(0);
    });
    let all = (0..producers * each)
        .map(|value| 1 << (2 * value))
        .sum::<u32>();
    assert!(
        sum.fetch_add(0, Relaxed) == all,
        "a value is lost, or came out twice / 有值丢失，或者出来了两次"
    );
}

/// [K3] A wait that ends for no reason is not what was waited for.
fn waits_while() {
    let (number, changed) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let number = changed.wait_while(number.lock(), |number| *number == 0);
            assert!(
                *number == 1,
                "wait_while ends while its condition holds / 条件仍然成立，wait_while 就返回了"
            );
        });
        *number.lock() = 1;
        changed.notify_one();
    });
}

/// [K3, K8] One pops and one pushes: only a wait for no reason can disturb them.
fn pops_while() {
    let queue = Queue::new(1);
    thread::scope(|scope| {
        scope.spawn(|| {
            assert!(
                queue.pop() == Some(1),
                "pop does not give what was pushed / pop 得到的不是放进去的值"
            );
        });
        queue.push(1).ok();
    });
}

/// [K3, K8] The same for who waits for room.
fn pushes_while() {
    let queue = Queue::new(1);
    queue.push(1).ok();
    let second = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            queue.push(2).ok();
            let popped = second.fetch_add(0, Relaxed);
            assert!(
                popped == 1,
                "a queue for one value holds two / 容量为 1 的队列里放了两个值"
            );
        });
        second.store(1, Relaxed);
        queue.pop();
    });
    assert!(
        queue.pop() == Some(2),
        "the values do not come out in their order / 值出来的顺序不对"
    );
}

/// Three that wait, each once; then something is done; and all must end.
fn three_wait(then: impl Fn(&Condvar, &Mutex<u32>)) {
    let (waiting, changed) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut waiting = waiting.lock();
                *waiting += 1;
                drop(changed.wait(waiting));
            });
        }
        // Whoever has given the mutex back waits.
        while *waiting.lock() < 3 {
            thread::yield_now();
        }
        then(&changed, &waiting);
    });
}

/// [K4] `notify_all` frees all.
fn all_woken() {
    three_wait(|changed, _| changed.notify_all());
}

/// [K4] Three times `notify_one` frees three.
fn each_woken() {
    three_wait(|changed, _| (0..3).for_each(|_| changed.notify_one()));
}

/// [K4] A notification while nobody waits is not kept. Executed once, and no wait ends for no reason.
fn no_memory() {
    let (number, changed) = (Mutex::new(0), Condvar::new());
    changed.notify_one();
    changed.notify_all();
    let (_guard, timed_out) = changed.wait_timeout(number.lock(), LIMIT);
    assert!(
        timed_out,
        "a notification from before the wait is remembered / 等待之前的通知被记住了"
    );
}

/// Turns for everybody else: executed once, on a quiet machine.
fn turns(number: u32) {
    let (nothing, tick) = (AtomicU32::new(0), AtomicU32::new(0));
    for turn in 0..number {
        if turn % 1000 == 0 {
            // To the model, something goes on.
            tick.store(turn, Relaxed);
        }
        nothing.load(Relaxed);
        thread::yield_now();
    }
}

/// [K5] Who waits sleeps.
fn quiet() {
    const MOST: u64 = 2000;
    let (number, changed) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let before = counts();
            drop(until(&changed, number.lock(), 1));
            let after = counts();
            let looks = after.spin_hints + after.yields - before.spin_hints - before.yields;
            assert!(
                looks <= MOST,
                "a waiter looks again and again instead of sleeping ({looks} turns) / \
                 等待者不睡眠，而是反复查看（{looks} 轮）"
            );
        });
        turns(12_000);
        *number.lock() = 1;
        changed.notify_one();
    });
}

/// [K6] A limit that races with a notification.
fn notified_in_time() {
    let (number, changed) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            let mut number = number.lock();
            while *number == 0 {
                let (guard, timed_out) = changed.wait_timeout(number, LIMIT);
                number = guard;
                if timed_out {
                    assert!(
                        began.elapsed() >= LIMIT,
                        "timed out before the time is over / 时限未到就报告超时"
                    );
                    break;
                }
            }
        });
        *number.lock() = 1;
        changed.notify_one();
    });
}

/// [K6, K8] A value that comes in time is popped, or stays.
fn pop_timeout() {
    let queue = Queue::new(1);
    thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            match queue.pop_timeout(LIMIT) {
                Ok(value) => assert!(
                    value == Some(1),
                    "pop_timeout does not give what was pushed / pop_timeout 得到的不是放进去的值"
                ),
                Err(TimedOut) => {
                    assert!(
                        began.elapsed() >= LIMIT,
                        "timed out before the time is over / 时限未到就报告超时"
                    );
                    assert!(
                        queue.pop() == Some(1),
                        "after a timeout the value is gone / 超时之后值不见了"
                    );
                }
            }
        });
        queue.push(1).ok();
    });
}

/// [K2] Others get the mutex while one waits, and nobody has it when the wait ends.
fn released() {
    let (data, changed) = (Mutex::new(Tracked::new(0)), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut data = data.lock();
            while data.get() == 0 {
                data = changed.wait(data);
            }
            data.set(data.get() + 1);
        });
        scope.spawn(|| {
            let (data, _) = changed.wait_timeout(data.lock(), LIMIT);
            data.set(data.get() + 1);
        });
        let data = data.lock();
        data.set(data.get() + 1);
        drop(data);
        changed.notify_all();
    });
    assert!(
        data.lock().get() == 3,
        "an addition is lost / 丢失了一次加法"
    );
}

/// [K7] A wait that ends for no reason has not timed out.
fn not_timed_out() {
    let (number, changed) = (Mutex::new(0), Condvar::new());
    let began = Instant::now();
    let (guard, timed_out) = changed.wait_timeout(number.lock(), LIMIT);
    drop(guard);
    assert!(
        !timed_out || began.elapsed() >= LIMIT,
        "a wait that ended early says that the time was over / 提前结束的等待报告了超时"
    );
}

/// [K4] `notify_one` does not wake them all. Executed once, and no wait ends for no reason.
fn no_herd() {
    let woken = AtomicU32::new(0);
    let (waiting, changed) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                let mut waiting = waiting.lock();
                *waiting += 1;
                drop(changed.wait(waiting));
                woken.fetch_add(1, Relaxed);
            });
        }
        while *waiting.lock() < 5 {
            thread::yield_now();
        }
        turns(100);
        changed.notify_one();
        turns(1000);
        let woken = woken.fetch_add(0, Relaxed);
        assert!(
            woken <= 2,
            "one notify_one woke {woken} of 5 / 一次 notify_one 唤醒了 5 个中的 {woken} 个"
        );
        changed.notify_all();
    });
}

/// [K9] Who waits to pop is told.
fn close_frees_poppers() {
    let queue = Queue::<u32>::new(1);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                assert!(
                    queue.pop().is_none(),
                    "a closed and empty queue gives a value / 已关闭的空队列给出了一个值"
                );
            });
        }
        queue.close();
    });
    assert!(
        queue.pop_timeout(LIMIT) == Ok(None),
        "pop_timeout of a closed queue must give Ok(None) at once / 队列已关闭，pop_timeout 应立刻返回 Ok(None)"
    );
}

/// [K9] Who waits to push gets the value back, and what is inside stays.
fn close_frees_pushers() {
    let queue = Queue::new(1);
    queue.push(1).ok();
    thread::scope(|scope| {
        for value in 2..4 {
            let queue = &queue;
            scope.spawn(move || {
                assert!(
                    queue.push(value) == Err(Closed(value)),
                    "push to a closed queue must give the value back / 向已关闭的队列 push，应把值还回来"
                );
            });
        }
        queue.close();
    });
    assert!(
        (queue.pop(), queue.pop()) == (Some(1), None),
        "what is in a closed queue can still be popped, and then None / 已关闭队列里剩下的值仍可取出，之后是 None"
    );
}
