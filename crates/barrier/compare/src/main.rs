//! Our barriers beside `std`'s and hurdles': nanoseconds a round, and ratios.
//!
//! ```text
//! cargo run --release --manifest-path crates/barrier/compare/Cargo.toml
//! ```
//!
//! All are measured in turn, in short samples, many times; what counts is the tenth percentile of a
//! barrier's samples, since whatever else the machine does only ever makes them longer.

use std::sync::Barrier as Start;
use std::thread;
use std::time::Instant;

use barrier::{Barrier, stages};

/// Samples of each.
const SAMPLES: usize = 41;

fn main() {
    let cores = thread::available_parallelism().map_or(0, |cores| cores.get());
    println!(
        "{cores} cores; nanoseconds a round (10th percentile of {SAMPLES} samples), and of hurdles'"
    );
    for (threads, rounds) in [(2, 5_000), (4, 500)] {
        measure(threads, rounds);
    }
}

/// A barrier's name, and a sample: the nanoseconds of a round.
type Row = (&'static str, Box<dyn Fn() -> f64>);

fn measure(threads: usize, rounds: u32) {
    let row = |name, sample: Box<dyn Fn() -> f64>| -> Row { (name, sample) };
    let n = threads as u32;
    let slow = rounds / 20;
    let rows = [
        row(
            "hurdles",
            Box::new(move || {
                let barrier = hurdles::Barrier::new(threads);
                let each: Vec<_> = (0..threads).map(|_| barrier.clone()).collect();
                run(rounds, each, |barrier| {
                    barrier.wait();
                })
            }),
        ),
        row(
            "spin, then sleep",
            Box::new(move || {
                let barrier = stages::spin_then_sleep::Barrier::new(n);
                run(rounds, vec![&barrier; threads], |barrier| {
                    barrier.wait();
                })
            }),
        ),
        row(
            "sense (spins)",
            Box::new(move || {
                let barrier = stages::sense::Barrier::new(n);
                run(rounds, vec![&barrier; threads], |barrier| {
                    barrier.wait();
                })
            }),
        ),
        row(
            "futex word",
            Box::new(move || {
                let barrier = stages::futex_word::Barrier::new(n);
                run(slow, vec![&barrier; threads], |barrier| {
                    barrier.wait();
                })
            }),
        ),
        row(
            "reference",
            Box::new(move || {
                let barrier = Barrier::new(threads);
                run(slow, vec![&barrier; threads], |barrier| {
                    barrier.wait().ok();
                })
            }),
        ),
        row(
            "turnstiles",
            Box::new(move || {
                let barrier = stages::turnstiles::Barrier::new(threads);
                run(slow, vec![&barrier; threads], |barrier| {
                    barrier.wait();
                })
            }),
        ),
        row(
            "std",
            Box::new(move || {
                let barrier = Start::new(threads);
                run(slow, vec![&barrier; threads], |barrier| {
                    barrier.wait();
                })
            }),
        ),
    ];
    let mut samples: Vec<Vec<f64>> = rows.iter().map(|_| Vec::new()).collect();
    for _ in 0..SAMPLES {
        for ((_, sample), samples) in rows.iter().zip(&mut samples) {
            samples.push(sample());
        }
    }
    let least: Vec<f64> = samples.into_iter().map(tenth).collect();
    println!("\n{threads} threads");
    for ((name, _), time) in rows.iter().zip(&least) {
        println!("  {name:<18}{time:>12.1} ns   {:>8.2}", time / least[0]);
    }
}

/// The nanoseconds of a round: all threads have begun, and then they meet so many times.
fn run<B: Send>(rounds: u32, barriers: Vec<B>, wait: impl Fn(&mut B) + Sync) -> f64 {
    let start = Start::new(barriers.len());
    let times: Vec<f64> = thread::scope(|scope| {
        let threads: Vec<_> = barriers
            .into_iter()
            .map(|mut barrier| {
                let (start, wait) = (&start, &wait);
                scope.spawn(move || {
                    start.wait();
                    // The first ones are for getting warm.
                    for _ in 0..rounds / 10 {
                        wait(&mut barrier);
                    }
                    let began = Instant::now();
                    for _ in 0..rounds {
                        wait(&mut barrier);
                    }
                    began.elapsed().as_secs_f64()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or(f64::NAN))
            .collect()
    });
    times.into_iter().fold(0.0, f64::max) / f64::from(rounds) * 1e9
}

fn tenth(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 10]
}
