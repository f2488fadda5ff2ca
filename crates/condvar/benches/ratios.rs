//! Our condition variables beside those of `std` and `parking_lot`: nanoseconds, and ratios to `std`.
//!
//! ```text
//! cargo bench -p condvar --bench ratios
//! ```
//!
//! All are measured in turn, in short samples, many times; what counts is the tenth percentile of the
//! samples, since whatever else the machine does only ever makes them longer.

#![expect(clippy::print_stdout, reason = "a benchmark shows what it measures")]
#![expect(clippy::unwrap_used, reason = "nobody panics with a lock held")]

use std::hint::spin_loop;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Instant;

use condvar::{Condvar, Mutex, Queue, stages};

/// Samples of each.
const SAMPLES: usize = 101;

fn main() {
    let cores = thread::available_parallelism().map_or(0, |cores| cores.get());
    println!("{cores} cores; nanoseconds (10th percentile of {SAMPLES} samples), and of std's");
    notify();
    queue();
}

/// A notification while nobody waits.
fn notify() {
    const TURNS: u32 = 50_000;
    let standard = std::sync::Condvar::new();
    let parking = parking_lot::Condvar::new();
    let reference = Condvar::new();
    let counter = stages::counter::Condvar::new();
    let threads = stages::parking::Condvar::new();
    compare(
        "notify_one, and nobody waits",
        &[
            ("std", Box::new(|| run(1, TURNS, |_| standard.notify_one()))),
            (
                "parking_lot",
                Box::new(|| {
                    run(1, TURNS, |_| {
                        parking.notify_one();
                    })
                }),
            ),
            (
                "reference",
                Box::new(|| run(1, TURNS, |_| reference.notify_one())),
            ),
            (
                "counter",
                Box::new(|| run(1, TURNS, |_| counter.notify_one())),
            ),
            (
                "parking",
                Box::new(|| run(1, TURNS, |_| threads.notify_one())),
            ),
        ],
    );
}

/// A round trip: two threads take turns, by one condition variable.
fn queue() {
    const TURNS: u32 = 300;
    let standard = (std::sync::Mutex::new(0u32), std::sync::Condvar::new());
    let parking = (parking_lot::Mutex::new(0u32), parking_lot::Condvar::new());
    let reference = (Mutex::new(0u32), Condvar::new());
    let counter = (Mutex::new(0u32), stages::counter::Condvar::new());
    compare(
        "two threads take turns, one hand-over",
        &[
            (
                "std",
                Box::new(|| {
                    ping_pong(TURNS, |who| {
                        let (turn, changed) = &standard;
                        let mut turn = changed
                            .wait_while(turn.lock().unwrap(), |turn| *turn % 2 != who)
                            .unwrap();
                        *turn += 1;
                        drop(turn);
                        changed.notify_one();
                    })
                }),
            ),
            (
                "parking_lot",
                Box::new(|| {
                    ping_pong(TURNS, |who| {
                        let (turn, changed) = &parking;
                        let mut turn = turn.lock();
                        changed.wait_while(&mut turn, |turn| *turn % 2 != who);
                        *turn += 1;
                        drop(turn);
                        changed.notify_one();
                    })
                }),
            ),
            (
                "reference",
                Box::new(|| {
                    ping_pong(TURNS, |who| {
                        let (turn, changed) = &reference;
                        let mut turn = changed.wait_while(turn.lock(), |turn| *turn % 2 != who);
                        *turn += 1;
                        drop(turn);
                        changed.notify_one();
                    })
                }),
            ),
            (
                "counter",
                Box::new(|| {
                    ping_pong(TURNS, |who| {
                        let (turn, changed) = &counter;
                        let mut turn = turn.lock();
                        while *turn % 2 != who {
                            turn = changed.wait(turn);
                        }
                        *turn += 1;
                        drop(turn);
                        changed.notify_one();
                    })
                }),
            ),
        ],
    );
    let bounded = std::sync::mpsc::sync_channel::<u32>(16);
    let (sender, receiver) = (bounded.0, std::sync::Mutex::new(bounded.1));
    let ours = Queue::new(16);
    compare(
        "one pushes and one pops, 16 places, one value",
        &[
            (
                "std sync_channel",
                Box::new(|| {
                    ping_pong(2000, |who| match who {
                        0 => sender.send(1).unwrap(),
                        _ => {
                            receiver.lock().unwrap().recv().unwrap();
                        }
                    })
                }),
            ),
            (
                "Queue",
                Box::new(|| {
                    ping_pong(2000, |who| match who {
                        0 => ours.push(1).unwrap(),
                        _ => {
                            ours.pop().unwrap();
                        }
                    })
                }),
            ),
        ],
    );
}

/// Two threads, so many turns each; the nanoseconds of one.
fn ping_pong(turns: u32, turn: impl Fn(u32) + Sync) -> f64 {
    let start = Barrier::new(2);
    let began = thread::scope(|scope| {
        for who in 0..2 {
            let (start, turn) = (&start, &turn);
            scope.spawn(move || {
                start.wait();
                for _ in 0..turns {
                    turn(who);
                }
            });
        }
        Instant::now()
    });
    began.elapsed().as_secs_f64() / f64::from(turns) / 2.0 * 1e9
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
