//! Lab 20's programs for the model: small, and without a right answer in them beyond their own
//! assertions. The names in brackets are the contract's.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[allow(dead_code, reason = "not everything is asked of this program")]
mod barrier;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod phases;
mod futex {
    #[expect(unused_imports, reason = "the student may sleep on a word, or not")]
    pub(crate) use std::futex::*;
}

use std::model::{Tracked, counts};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use barrier::{Barrier, Turn};
use modelled::{ExitCode, Programs};

fn main() -> ExitCode {
    Programs::new()
        .program("early_1", || nobody_early(1))
        .program("early_2", || nobody_early(2))
        .program("early_3", || nobody_early(3))
        .program("reusable_2", || reusable(2, 3))
        .program("reusable_3", || reusable(3, 2))
        .program("reusable_4", || reusable(4, 5))
        .program("visible_2", || visible(2, 2))
        .program("visible_3", || visible(3, 1))
        .program("leader_2", || one_leader(2, 2))
        .program("leader_3", || one_leader(3, 1))
        .program("quiet", quiet)
        .program("asleep", || nobody_early(2))
        .program("broken_for_all", broken_for_all)
        .program("broken_stays_broken", broken_stays_broken)
        .program("complete_stays_complete", complete_stays_complete)
        .program("dropped", dropped)
        .program("dropped_last", dropped_last)
        .program("phases_apart", phases_apart)
        .session()
}

/// So many threads do the same; the calling thread is the last one.
fn together(threads: usize, each: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for who in 1..threads {
            let each = &each;
            scope.spawn(move || each(who));
        }
        each(0);
    });
}

/// Waits at a barrier that nobody breaks.
fn meet(barrier: &Barrier) -> Turn {
    let Ok(turn) = barrier.wait() else {
        panic!("a wait fails, though nobody has a limit / 没有人设时限，wait 却失败了")
    };
    turn
}

/// The newest value, whatever the barrier orders: that is another question.
fn newest(number: &AtomicU32) -> u32 {
    number.fetch_add(0, Relaxed)
}

/// [K1] All have come before anybody goes on.
fn nobody_early(threads: u32) {
    let (barrier, came) = (Barrier::new(threads as usize), AtomicU32::new(0));
    together(threads as usize, |_| {
        came.fetch_add(1, Relaxed);
        meet(&barrier);
        let came = newest(&came);
        assert!(
            came == threads,
            "a thread goes on when {came} of {threads} have come / \
             {threads} 个线程只到了 {came} 个，就有线程继续执行了"
        );
    });
}

/// [K2] Round after round: nobody is ahead, and nobody is left behind.
fn reusable(threads: usize, rounds: u32) {
    let barrier = Barrier::new(threads);
    let at: Vec<AtomicU32> = (0..threads).map(|_| AtomicU32::new(0)).collect();
    together(threads, |who| {
        for round in 1..=rounds {
            at[who].store(round, Relaxed);
            meet(&barrier);
            for other in &at {
                let other = newest(other);
                assert!(
                    other == round || other == round + 1,
                    "a thread has left round {round}, and another one is in round {other} / \
                     有线程已经离开第 {round} 轮，另一个线程却在第 {other} 轮"
                );
            }
        }
    });
}

/// [K3] What anybody wrote before a round, everybody reads after it.
fn visible(threads: usize, rounds: usize) {
    let barrier = Barrier::new(threads);
    let written: Vec<Tracked<usize>> = (0..threads).map(|_| Tracked::new(0)).collect();
    together(threads, |who| {
        for round in 1..=rounds {
            written[who].set(round);
            meet(&barrier);
            for other in &written {
                assert!(
                    other.get() == round,
                    "after the barrier somebody reads an old value / 过了屏障之后读到了旧值"
                );
            }
            // Nobody writes while others read.
            meet(&barrier);
        }
    });
}

/// [K4] Each round has one leader.
fn one_leader(threads: usize, rounds: usize) {
    let barrier = Barrier::new(threads);
    let leaders: Vec<AtomicU32> = (0..rounds).map(|_| AtomicU32::new(0)).collect();
    together(threads, |_| {
        for leaders in &leaders {
            if meet(&barrier) == Turn::Leader {
                leaders.fetch_add(1, Relaxed);
            }
        }
    });
    for leaders in &leaders {
        let leaders = newest(leaders);
        assert!(
            leaders == 1,
            "a round has {leaders} leaders / 某一轮有 {leaders} 个 Leader"
        );
    }
}

/// [K5] Two wait while the third takes its time: what they do meanwhile is counted. Executed once, on
/// a quiet machine: a thread runs until it waits, and all who wait get their turns.
fn quiet() {
    const TURNS: u32 = 12_000;
    const MOST_TURNS: u64 = 2000;
    const MOST_CALLS: u64 = 4;
    let (barrier, tick) = (Barrier::new(3), AtomicU32::new(0));
    let nothing = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let before = counts();
                meet(&barrier);
                let after = counts();
                let turns = after.spin_hints + after.yields - before.spin_hints - before.yields;
                assert!(
                    turns <= MOST_TURNS,
                    "a waiter looks again and again instead of sleeping ({turns} turns) / \
                     等待者不睡眠，而是反复查看（{turns} 轮）"
                );
                let calls = after.futex_calls - before.futex_calls;
                assert!(
                    calls <= MOST_CALLS,
                    "a waiter calls the futex {calls} times in one round / \
                     等待者在一轮里调用了 {calls} 次 futex"
                );
            });
        }
        for turn in 0..TURNS {
            if turn % 1000 == 0 {
                // To the model, something goes on.
                tick.store(turn, Relaxed);
            }
            nothing.load(Relaxed);
            thread::yield_now();
        }
        meet(&barrier);
    });
}

/// [K6] A limit that is over ends the round for all its parties, or for none, and not too early.
fn broken_for_all() {
    let limit = Duration::from_secs(1);
    let barrier = Barrier::new(2);
    let (mine, others) = thread::scope(|scope| {
        let other = scope.spawn(|| barrier.wait().is_err());
        let began = Instant::now();
        let mine = barrier.wait_timeout(limit).is_err();
        assert!(
            !mine || began.elapsed() >= limit,
            "the barrier breaks before the time is over / 时限未到，屏障就已损坏"
        );
        (mine, other.join().unwrap_or(true))
    });
    assert!(
        mine == others,
        "one gets Ok and the other Broken, in the same round / 同一轮里，一个得到 Ok，另一个得到 Broken"
    );
    assert!(
        barrier.is_broken() == mine,
        "is_broken does not say what wait has said / is_broken 与 wait 的结果不一致"
    );
    if mine {
        assert!(
            barrier.wait().is_err(),
            "whoever comes to a broken barrier must be told / 到达已损坏屏障的线程必须得知这一点"
        );
    }
}

/// [K6] A round that is broken stays so, though everybody else has come or dropped out afterwards.
fn broken_stays_broken() {
    let barrier = Barrier::new(3);
    let (mine, others) = thread::scope(|scope| {
        let other = scope.spawn(|| barrier.wait().is_err());
        scope.spawn(|| barrier.arrive_and_drop());
        let mine = barrier.wait_timeout(Duration::from_secs(1)).is_err();
        (mine, other.join().unwrap_or(true))
    });
    assert!(
        mine == others,
        "one gets Ok and the other Broken, in the same round / 同一轮里，一个得到 Ok，另一个得到 Broken"
    );
}

/// [K6] A round that is complete stays so, though the barrier breaks in the next one.
fn complete_stays_complete() {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| meet(&barrier));
        meet(&barrier);
        assert!(
            barrier.wait_timeout(Duration::from_secs(1)).is_err(),
            "a round is complete though one of two is missing / 两个线程缺了一个，这一轮却完成了"
        );
    });
}

/// [K7] Whoever drops out counts once, and is not waited for afterwards.
fn dropped() {
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                meet(&barrier);
                meet(&barrier);
            });
        }
        barrier.arrive_and_drop();
    });
}

/// [K7] Dropping out may complete a round; and down to one.
fn dropped_last() {
    let (barrier, left) = (Barrier::new(2), AtomicU32::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            meet(&barrier);
            let left = newest(&left);
            assert!(
                left == 1,
                "a thread goes on though the other one has neither come nor dropped out / \
                 另一个线程既没到达也没退出，就有线程继续执行了"
            );
            let turn = meet(&barrier);
            assert!(
                turn == Turn::Leader,
                "whoever is alone must be the leader / 只剩一个线程时，它就应该是 Leader"
            );
        });
        left.store(1, Relaxed);
        barrier.arrive_and_drop();
    });
}

/// [K8] What is written in one phase, the next one reads.
fn phases_apart() {
    let written = [Tracked::new(0), Tracked::new(0)];
    phases::phases(2, 2, |who, round| match round {
        0 => written[who].set(7),
        _ => {
            let seen = written[1 - who].get();
            assert!(seen == 7, "a phase begins too early / 某一轮开始得太早");
        }
    });
}
