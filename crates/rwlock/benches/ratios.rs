//! Our reader-writer locks beside those of `std`, `parking_lot` and crossbeam: nanoseconds an operation,
//! and ratios to `std`.
//!
//! ```text
//! cargo bench -p rwlock --bench ratios
//! ```
//!
//! All are measured in turn, in short samples, many times; what counts is the tenth percentile of a
//! lock's samples, since whatever else the machine does only ever makes them longer.

#![expect(clippy::print_stdout, reason = "a benchmark shows what it measures")]
#![expect(clippy::unwrap_used, reason = "nobody panics with a lock held")]

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Instant;

use rwlock::{RwLock, stages};

/// Samples of each.
const SAMPLES: usize = 101;
const TURNS: u32 = 30_000;

fn main() {
    let cores = thread::available_parallelism().map_or(0, |cores| cores.get());
    println!(
        "{cores} cores; nanoseconds an operation (10th percentile of {SAMPLES} samples), and of std's"
    );
    for (threads, writes) in [
        (1, None),
        (1, Some(1)),
        (2, None),
        (2, Some(10)),
        (4, None),
        (4, Some(10)),
    ] {
        let title = match writes {
            None => "all read".to_owned(),
            Some(1) => "all write".to_owned(),
            Some(nth) => format!("1 in {nth} writes"),
        };
        let is_write = |turn: u32| writes.is_some_and(|nth| turn.is_multiple_of(nth));
        let standard = std::sync::RwLock::new(0u64);
        let parking = parking_lot::RwLock::new(0u64);
        let sharded = crossbeam::sync::ShardedLock::new(0u64);
        let reference = RwLock::new(0u64);
        let word = stages::word::RwLock::new(0u64);
        let slots = stages::slots::RwLock::new(0u64);
        let mutex = std::sync::Mutex::new(0u64);
        compare(
            &format!("{threads} threads, {title}"),
            &[
                (
                    "std",
                    Box::new(|| {
                        run(threads, TURNS, |turn| match is_write(turn) {
                            true => *standard.write().unwrap() += 1,
                            false => {
                                black_box(*standard.read().unwrap());
                            }
                        })
                    }),
                ),
                (
                    "parking_lot",
                    Box::new(|| {
                        run(threads, TURNS, |turn| match is_write(turn) {
                            true => *parking.write() += 1,
                            false => {
                                black_box(*parking.read());
                            }
                        })
                    }),
                ),
                (
                    "crossbeam ShardedLock",
                    Box::new(|| {
                        run(threads, TURNS, |turn| match is_write(turn) {
                            true => *sharded.write().unwrap() += 1,
                            false => {
                                black_box(*sharded.read().unwrap());
                            }
                        })
                    }),
                ),
                (
                    "std Mutex",
                    Box::new(|| run(threads, TURNS, |_| *mutex.lock().unwrap() += 1)),
                ),
                (
                    "reference",
                    Box::new(|| {
                        run(threads, TURNS, |turn| match is_write(turn) {
                            true => *reference.write() += 1,
                            false => {
                                black_box(*reference.read());
                            }
                        })
                    }),
                ),
                (
                    "word",
                    Box::new(|| {
                        run(threads, TURNS, |turn| match is_write(turn) {
                            true => word.write(|n| *n += 1),
                            false => {
                                black_box(word.read(|n| *n));
                            }
                        })
                    }),
                ),
                (
                    "slots",
                    Box::new(|| {
                        run(threads, TURNS, |turn| match is_write(turn) {
                            true => slots.write(|n| *n += 1),
                            false => {
                                black_box(slots.read(|n| *n));
                            }
                        })
                    }),
                ),
            ],
        );
    }
}

/// A name, and a sample: the nanoseconds of one operation.
type Row<'a> = (&'static str, Box<dyn Fn() -> f64 + 'a>);

/// Measures all in turn, and prints the tenth percentile of each, and its ratio to the first.
fn compare(title: &str, rows: &[Row<'_>]) {
    let mut samples: Vec<Vec<f64>> = rows.iter().map(|_| Vec::new()).collect();
    for _ in 0..SAMPLES {
        for ((_, sample), samples) in rows.iter().zip(&mut samples) {
            let time = sample();
            if time.is_finite() {
                samples.push(time);
            }
        }
    }
    let least: Vec<f64> = samples.into_iter().map(tenth).collect();
    println!("\n{title}");
    for ((name, _), time) in rows.iter().zip(&least) {
        println!("  {name:<22}{time:>12.2} ns   {:>8.2}", time / least[0]);
    }
}

fn tenth(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 10).copied().unwrap_or(f64::NAN)
}

/// So many threads do it so often, all at once: the nanoseconds of one operation, all threads together.
/// No number if there is a core for each, and they were at work together for less than 70 % of
/// the time: then something else was measured.
fn run(threads: usize, turns: u32, operation: impl Fn(u32) + Sync) -> f64 {
    let missing = AtomicUsize::new(threads);
    let zero = Instant::now();
    let times: Vec<(f64, f64)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    (0..turns / 10).for_each(&operation);
                    // Whoever sleeps here would begin when the others are through.
                    missing.fetch_sub(1, SeqCst);
                    while missing.load(SeqCst) > 0 {
                        spin_loop();
                    }
                    let began = zero.elapsed().as_secs_f64();
                    (0..turns).for_each(&operation);
                    (began, zero.elapsed().as_secs_f64())
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or((f64::NAN, f64::NAN)))
            .collect()
    });
    let edge = |pick: fn(&(f64, f64)) -> f64, of: fn(f64, f64) -> f64| {
        times.iter().map(pick).reduce(of).unwrap_or(f64::NAN)
    };
    let all = edge(|time| time.1, f64::max) - edge(|time| time.0, f64::min);
    let together = edge(|time| time.1, f64::min) - edge(|time| time.0, f64::max);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if threads <= cores && together < all * 0.7 {
        return f64::NAN;
    }
    all / f64::from(turns) / times.len() as f64 * 1e9
}
