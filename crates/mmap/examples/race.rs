//! `(*counter)++` by several processes, without a lock, beside the exact counter.
//!
//! ```text
//! cargo run -p mmap --example race
//! ```
//!
//! Four processes wait at a gate, then each adds 1 many times: once as load, add, store, once by
//! `Counter::add`. The first loses updates whenever two processes are between load and store at the
//! same time. How many differs from run to run, and now and then it is none: that a program came
//! out right proves nothing.

#![expect(unsafe_code, reason = "the race is a plain access to shared memory")]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use mmap::{Counter, Map};
use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

const PROCESSES: u64 = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut lost_any = false;
    println!("each adds   expected   load, add, store     lost   Counter::add   lost");
    for (round, times) in [1_000, 1_000, 1_000, 10_000, 100_000]
        .into_iter()
        .enumerate()
    {
        let expected = PROCESSES * times;

        let shared = Map::anon_bsd(size_of::<u64>())?;
        let number = shared.as_ptr().cast::<u64>();
        together(|| {
            for _ in 0..times {
                // SAFETY: aligned and mapped. Others write at the same time: that is the point.
                let value = unsafe { number.read_volatile() };
                // SAFETY: as above.
                unsafe { number.write_volatile(value + 1) };
            }
        })?;
        // SAFETY: as above, and all writers have ended.
        let racy = unsafe { number.read_volatile() };

        let counter = Counter::open(&folder.path().join(format!("counter{round}")))?;
        together(|| {
            for _ in 0..times {
                counter.add(1).ok();
            }
        })?;
        let exact = counter.get();

        lost_any |= racy != expected;
        let (lost, lost_exact) = (expected - racy, expected - exact);
        println!(
            "{times:>9}   {expected:>8}   {racy:>16}   {lost:>6}   {exact:>12}   {lost_exact:>4}"
        );
    }
    println!(
        "{}",
        if lost_any {
            "updates were lost where the addition is three steps"
        } else {
            "no update was lost this time, which proves nothing: run it again"
        }
    );
    Ok(())
}

/// Runs `work` in all processes at once: nobody starts before the gate opens.
fn together(work: impl Fn()) -> Result<(), Box<dyn Error>> {
    let gate = Map::anon_bsd(2 * size_of::<AtomicU32>())?;
    let here = gate.as_ptr().cast::<u32>();
    // SAFETY: aligned, mapped as long as `gate`, and used as an atomic only.
    let waiting = unsafe { AtomicU32::from_ptr(here) };
    // SAFETY: as above, for the second word.
    let open = unsafe { AtomicU32::from_ptr(here.wrapping_add(1)) };
    let children = (0..PROCESSES)
        .map(|_| {
            fork::start(|| {
                waiting.fetch_add(1, Ordering::SeqCst);
                while open.load(Ordering::SeqCst) == 0 {
                    thread::yield_now();
                }
                work();
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    while u64::from(waiting.load(Ordering::SeqCst)) < PROCESSES {
        thread::yield_now();
    }
    open.store(1, Ordering::SeqCst);
    for child in children {
        waitpid(child, None)?;
    }
    Ok(())
}
