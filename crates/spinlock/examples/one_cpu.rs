//! A spin lock on a single CPU: who waits keeps the owner from running.
//!
//! ```text
//! cargo run -p spinlock --example one_cpu
//! ```
//!
//! Two threads are bound to one CPU and hand a value to each other, a hundred times; each waits for
//! its turn. One that only spins burns its time slice, and the other one cannot move meanwhile: a
//! hand-over takes milliseconds. One that yields after some turns lets it run.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::hint;
use std::thread;
use std::time::{Duration, Instant};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use spinlock::{RawLock, Spin, Tas, Ticket, Ttas};

const ROUNDS: u32 = 100;
const TURNS: u32 = 256;

fn main() -> Result<(), Box<dyn Error>> {
    let all = sched_getaffinity(Pid::from_raw(0))?;
    let mut one = CpuSet::new();
    let first = (0..CpuSet::count()).find(|cpu| all.is_set(*cpu) == Ok(true));
    one.set(first.ok_or("no CPU to run on")?)?;
    sched_setaffinity(Pid::from_raw(0), &one)?;

    println!("lock     only spins   spins, then yields   (a hand-over on one CPU)");
    row::<Tas>("Tas");
    row::<Ttas>("Ttas");
    row::<Ticket>("Ticket");
    Ok(())
}

fn row<L: RawLock + Send>(name: &str) {
    let (spins, yields) = (hand_overs::<L>(u32::MAX), hand_overs::<L>(TURNS));
    println!("{name:<7} {spins:>11.1?} {yields:>20.1?}");
}

/// How long a hand-over takes if a waiter yields after so many turns.
fn hand_overs<L: RawLock + Send>(turns: u32) -> Duration {
    let turn: Spin<L, u32> = Spin::new(0);
    let player = |mine: u32| {
        let mut waited = 0;
        loop {
            let mut now = turn.lock();
            if *now >= ROUNDS {
                return;
            }
            if *now % 2 == mine {
                *now += 1;
                waited = 0;
            }
            drop(now);
            waited += 1;
            if waited < turns {
                hint::spin_loop();
            } else {
                thread::yield_now();
            }
        }
    };
    let began = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| player(0));
        scope.spawn(|| player(1));
    });
    began.elapsed() / ROUNDS
}
