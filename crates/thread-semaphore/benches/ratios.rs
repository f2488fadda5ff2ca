//! Our semaphores beside glibc's `sem_t`: nanoseconds an operation, and ratios to it.
//!
//! ```text
//! cargo bench -p thread-semaphore --bench ratios
//! ```
//!
//! All are measured in turn, in short samples, many times; what counts is the tenth percentile of a
//! semaphore's samples, since whatever else the machine does only ever makes them longer. An operation
//! is to acquire one unit and to release it.

#![expect(clippy::print_stdout, reason = "a benchmark shows what it measures")]
#![expect(unsafe_code, reason = "sem_t has no wrapper in std")]

use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Instant;

use thread_semaphore::{Semaphore, stages};

/// Samples of each.
const SAMPLES: usize = 101;
const TURNS: u32 = 30_000;

/// glibc's, for the threads of one process.
struct Glibc(Box<UnsafeCell<libc::sem_t>>);

// SAFETY: a semaphore is there to be shared.
unsafe impl Sync for Glibc {}

impl Glibc {
    fn new(units: u32) -> Self {
        // SAFETY: all zeroes are bytes of a sem_t, which is not used before sem_init.
        let zero = unsafe { std::mem::zeroed() };
        let semaphore = Glibc(Box::new(UnsafeCell::new(zero)));
        // SAFETY: it has its place in the heap, and stays there.
        unsafe { libc::sem_init(semaphore.0.get(), 0, units) };
        semaphore
    }

    fn acquire(&self) {
        // SAFETY: it has been initialised. EINTR does not happen here: no handler is installed.
        unsafe { libc::sem_wait(self.0.get()) };
    }

    fn release(&self) {
        // SAFETY: it has been initialised.
        unsafe { libc::sem_post(self.0.get()) };
    }
}

fn main() {
    let cores = thread::available_parallelism().map_or(0, |cores| cores.get());
    println!(
        "{cores} cores; nanoseconds an operation (10th percentile of {SAMPLES} samples), and of sem_t's"
    );
    for (threads, units) in [(1, 1), (2, 1), (4, 1), (4, 2)] {
        let glibc = Glibc::new(units);
        let word = stages::word::Semaphore::new(units);
        let barging = stages::barging::Semaphore::new(units);
        let queued = stages::queued::Semaphore::new(units);
        let reference = Semaphore::new(units);
        // In order, each of those who wait is woken for its turn.
        let fair = if threads > units as usize {
            TURNS / 30
        } else {
            TURNS
        };
        compare(
            &format!("{threads} threads, {units} units"),
            &[
                (
                    "sem_t",
                    Box::new(|| {
                        run(threads, TURNS, |_| {
                            glibc.acquire();
                            glibc.release();
                        })
                    }),
                ),
                (
                    "word",
                    Box::new(|| {
                        run(threads, TURNS, |_| {
                            word.acquire();
                            word.release();
                        })
                    }),
                ),
                (
                    "barging",
                    Box::new(|| {
                        run(threads, TURNS, |_| {
                            barging.acquire();
                            barging.release();
                        })
                    }),
                ),
                (
                    "queued (fair)",
                    Box::new(|| {
                        run(threads, fair, |_| {
                            queued.acquire(1);
                            queued.release(1);
                        })
                    }),
                ),
                (
                    "reference (fair)",
                    Box::new(|| {
                        run(threads, fair, |_| {
                            drop(reference.acquire(1));
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
