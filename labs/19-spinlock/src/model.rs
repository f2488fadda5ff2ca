//! Lab 19's programs for the model: small, and without a right answer in them beyond their own
//! assertions. The names in brackets are the contract's.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

mod spinlock;

use std::model::{Tracked, counts};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use modelled::{ExitCode, Programs};
use spinlock::{RawLock, Spin, Tas, Ticket, Ttas};

fn main() -> ExitCode {
    Programs::new()
        .program("exclusion_tas", || exclusion::<Tas>(&[1, 1]))
        .program("exclusion_ttas", || exclusion::<Ttas>(&[2, 1]))
        .program("exclusion_ttas_3", || exclusion::<Ttas>(&[1, 1, 1]))
        .program("exclusion_ticket", || exclusion::<Ticket>(&[2, 1]))
        .program("exclusion_ticket_3", || exclusion::<Ticket>(&[1, 1, 1]))
        .program("visibility_tas", visibility::<Tas>)
        .program("visibility_ttas", visibility::<Ttas>)
        .program("visibility_ticket", visibility::<Ticket>)
        .program("visibility_try_ttas", visibility_by_try::<Ttas>)
        .program("visibility_try_ticket", visibility_by_try::<Ticket>)
        .program("try_lock_tas", try_lock::<Tas>)
        .program("try_lock_ttas", try_lock::<Ttas>)
        .program("try_lock_ticket", try_lock::<Ticket>)
        .program("wrap", wrap)
        .program("polite", polite)
        .program("fifo", fifo)
        .program("turns_ttas", turns::<Ttas>)
        .program("turns_ticket", turns::<Ticket>)
        .session()
}

/// [K1] So many threads, each so many times through the lock; the calling thread is the last one.
fn exclusion<L: RawLock + Send>(sections: &[usize]) {
    let spin: Spin<L, AtomicU32> = Spin::new(AtomicU32::new(0));
    let visit = |times: usize| {
        for _ in 0..times {
            let inside = spin.lock();
            // The orderings of the lock are another question: these see the newest value anyway.
            let others = inside.fetch_add(1, Relaxed);
            assert!(
                others == 0,
                "two threads are inside at once / 两个线程同时在临界区内"
            );
            inside.fetch_sub(1, Relaxed);
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

/// [K2] What one owner writes, the next one sees.
fn visibility<L: RawLock + Send>() {
    let spin: Spin<L, Tracked<u32>> = Spin::new(Tracked::new(0));
    let add = || {
        let sum = spin.lock();
        sum.set(sum.get() + 1);
    };
    thread::scope(|scope| {
        scope.spawn(add);
        add();
    });
    let sum = spin.lock().get();
    assert!(sum == 2, "an addition is lost / 丢失了一次加法");
}

/// [K2] The same for who comes in by `try_lock`.
fn visibility_by_try<L: RawLock + Send>() {
    let spin: Spin<L, Tracked<u32>> = Spin::new(Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let sum = spin.lock();
            sum.set(sum.get() + 1);
        });
        if let Some(sum) = spin.try_lock() {
            sum.set(sum.get() + 1);
        }
    });
    spin.lock().get();
}

/// [K5] It goes into a free lock, gives up on one that is held, and leaves no trace of that.
fn try_lock<L: RawLock + Send>() {
    let spin: Spin<L, Tracked<u32>> = Spin::new(Tracked::new(0));
    let held = spin.try_lock();
    assert!(
        held.is_some(),
        "try_lock does not get a free lock / 锁是空闲的，try_lock 却没有拿到"
    );
    thread::scope(|scope| {
        // The scope ends before the lock is free: who waits in here waits for ever.
        scope.spawn(|| {
            let also = spin.try_lock();
            assert!(
                also.is_none(),
                "try_lock gets a lock that is held / 锁已被占用，try_lock 却拿到了"
            );
        });
    });
    drop(held);
    thread::scope(|scope| {
        scope.spawn(|| {
            let again = spin.try_lock();
            assert!(
                again.is_some(),
                "after a try_lock in vain nobody gets the lock any more / 一次失败的 try_lock 之后，谁都拿不到锁了"
            );
        });
    });
    spin.lock().set(1);
}

/// [K7] Ten sections of a ticket lock whose numbers wrap around meanwhile.
fn wrap() {
    let near = u32::MAX - 2;
    let spin = Spin::with_raw(Ticket::from_raw(near, near), Tracked::new(0));
    let add = || {
        for _ in 0..5 {
            let sum = spin.lock();
            sum.set(sum.get() + 1);
        }
    };
    thread::scope(|scope| {
        scope.spawn(add);
        add();
    });
    let sum = spin.lock().get();
    assert!(sum == 10, "an addition is lost / 丢失了一次加法");
}

// The programs from here on count what a waiting thread does. They are executed once, on a quiet
// machine: a thread runs until it waits, and all who wait get their turns one after the other.

/// So many turns for everybody who waits.
fn turns_for_all(turns: u32) {
    let (nothing, tick) = (AtomicU32::new(0), AtomicU32::new(0));
    for turn in 0..turns {
        if turn % 1000 == 0 {
            // To the model, something goes on.
            tick.store(turn, Relaxed);
        }
        nothing.load(Relaxed);
        thread::yield_now();
    }
}

/// Three wait while the owner is busy for a thousand turns. Before each of them is in, the lock has
/// been freed three times at most.
const MOST_UPDATES: u64 = 2 + 3 * 2;

/// [K3] A waiter looks; it does not write.
fn polite() {
    let spin: Spin<Ttas, bool> = Spin::new(false);
    thread::scope(|scope| {
        let mut free = spin.lock();
        for _ in 0..3 {
            scope.spawn(|| {
                let before = counts().updates;
                let free = spin.lock();
                let updates = counts().updates - before;
                assert!(
                    *free,
                    "a waiter is in before the owner has left / 持有者还没离开，等待者就进来了"
                );
                assert!(
                    updates <= MOST_UPDATES,
                    "a waiter executes {updates} read-modify-writes, and at most {MOST_UPDATES} are needed / \
                     一个等待者执行了 {updates} 次读-改-写，最多只需要 {MOST_UPDATES} 次"
                );
            });
        }
        turns_for_all(1000);
        *free = true;
    });
}

/// The turns that lie between two who come, in one round after the other.
fn gaps() -> impl Iterator<Item = u32> {
    (1..40).chain([100, 300, 1000])
}

/// [K4] Whoever has begun to wait is before whoever comes later, however long that is.
fn fifo() {
    let rounds: Vec<(u32, Spin<Ticket, Vec<u32>>)> =
        gaps().map(|gap| (gap, Spin::new(Vec::new()))).collect();
    let (rounds, called, served) = (&rounds, &AtomicU32::new(0), &AtomicU32::new(0));
    let mut orders = Vec::new();
    thread::scope(|scope| {
        for waiter in 1..=3 {
            scope.spawn(move || {
                for (gap, spin) in rounds {
                    until(called, 10 * gap + waiter);
                    spin.lock().push(waiter);
                    served.fetch_add(1, Relaxed);
                }
            });
        }
        for (round, (gap, spin)) in rounds.iter().enumerate() {
            let mut order = spin.lock();
            // Not in the order in which they were started: a machine that lets one after the
            // other have its turn must not do the lock's work.
            for waiter in [2, 3, 1] {
                called.store(10 * gap + waiter, Relaxed);
                // Until it waits, and as long as this afterwards.
                turns_for_all(*gap);
            }
            order.push(0);
            drop(order);
            // And the owner comes back at once.
            spin.lock().push(4);
            until(served, 3 * (round as u32 + 1));
            orders.push(spin.lock().clone());
        }
    });
    for order in orders {
        assert!(
            order == [0, 2, 3, 1, 4],
            "0 has the lock, then come 2, 3, 1, then 0 again as 4: they get in as {order:?} / \
             0 持有锁，2、3、1 依次到来，0 又作为 4 再来：进入的顺序却是 {order:?}"
        );
    }
}

fn until(word: &AtomicU32, value: u32) {
    while word.load(Relaxed) != value {
        thread::yield_now();
    }
}

/// So many turns does the owner take, who should have been let run by then.
const TURNS: u32 = 12_000;

/// [K6] Each turn has a hint or a yield, and a long wait gives the processor away.
fn turns<L: RawLock + Send>() {
    let spin: Spin<L, bool> = Spin::new(false);
    thread::scope(|scope| {
        let mut free = spin.lock();
        scope.spawn(|| {
            let before = counts();
            let free = spin.lock();
            let after = counts();
            assert!(
                *free,
                "a waiter is in before the owner has left / 持有者还没离开，等待者就进来了"
            );
            let hints = after.spin_hints - before.spin_hints;
            let yields = after.yields - before.yields;
            assert!(
                hints + yields >= u64::from(TURNS) / 2,
                "in {TURNS} turns a waiter gave {hints} spin hints and yielded {yields} times / \
                 等待者在 {TURNS} 轮等待中只有 {hints} 次自旋提示和 {yields} 次让出"
            );
            assert!(
                yields > 0,
                "in {TURNS} turns a waiter never yielded / 等待者在 {TURNS} 轮等待中一次也没有让出处理器"
            );
        });
        turns_for_all(TURNS);
        *free = true;
    });
}
