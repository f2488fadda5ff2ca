//! What a lock costs: alone, between two cores, and when threads are more than cores.
//!
//! ```text
//! cargo bench -p mutex
//! ```
//!
//! All contestants take turns, round after round, in samples of a few milliseconds. Of those of one thread the
//! 10th percentile counts: what else the machine does only ever makes a sample longer. What repeats is the
//! ratio. *Operations a second* under contention mostly show how unfair a lock is, so the time of
//! a hand-over, from one thread to another one, stands beside it.

#![expect(clippy::print_stdout, reason = "a benchmark shows what it measures")]
#![expect(unsafe_code, reason = "pthread's mutexes are C")]

use std::cell::UnsafeCell;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::{Barrier, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use mutex::adaptive::Adaptive;
use mutex::counting::Counting;
use mutex::process::ProcessShared;
use mutex::robust::Robust;
use mutex::swapping::Swapping;
use mutex::three_states::ThreeStates;
use mutex::{Mutex, ReentrantMutex};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use spinlock::{Queue, RawLock, Spin, Tas, Ticket, Ttas};

/// It must stay where it is.
static ROBUST: Robust = Robust::new();

const ROUNDS: usize = 60;

fn main() {
    let all = contestants();
    alone(&all);
    together(&all, 2, 50_000);
    together(&all, 4, 25_000);
}

/// What is inside of each lock: plain loads and stores, of which the lock makes something.
#[derive(Default)]
struct Inside {
    sum: AtomicU64,
    last: AtomicUsize,
    hand_overs: AtomicU64,
}

impl Inside {
    #[inline(always)]
    fn visit(&self, me: usize) {
        self.sum.store(self.sum.load(Relaxed) + 1, Relaxed);
        if self.last.load(Relaxed) != me {
            self.last.store(me, Relaxed);
            self.hand_overs
                .store(self.hand_overs.load(Relaxed) + 1, Relaxed);
        }
    }
}

struct Contestant {
    name: &'static str,
    /// So many sections, by this thread.
    run: Box<dyn Fn(u64, usize) + Sync>,
    inside: &'static Inside,
}

fn contestant<L: Sync + 'static>(
    name: &'static str,
    lock: L,
    section: impl Fn(&L, &Inside, usize) + Sync + 'static,
) -> Contestant {
    // The benchmark ends with them.
    let inside: &'static Inside = Box::leak(Box::default());
    let run = Box::new(move |times, me| {
        for _ in 0..times {
            section(&lock, inside, me);
        }
    });
    Contestant { name, run, inside }
}

fn spin<L: RawLock + Send + 'static>(name: &'static str) -> Contestant {
    contestant(name, Spin::<L, ()>::new(()), |lock, inside, me| {
        let _guard = lock.lock();
        inside.visit(me);
    })
}

macro_rules! stage {
    ($name:literal, $new:expr) => {
        contestant($name, $new, |lock, inside, me| {
            lock.lock();
            inside.visit(me);
            lock.unlock();
        })
    };
}

fn contestants() -> Vec<Contestant> {
    vec![
        contestant("std", std::sync::Mutex::new(()), |lock, inside, me| {
            let _guard = lock.lock();
            inside.visit(me);
        }),
        contestant(
            "parking_lot",
            parking_lot::Mutex::new(()),
            |lock, inside, me| {
                let _guard = lock.lock();
                inside.visit(me);
            },
        ),
        contestant(
            "crossbeam ShardedLock",
            crossbeam::sync::ShardedLock::new(()),
            |lock, inside, me| {
                let _guard = lock.write();
                inside.visit(me);
            },
        ),
        contestant("pthread", Pthread::new(Sort::Private), Pthread::section),
        contestant(
            "pthread, shared",
            Pthread::new(Sort::Shared),
            Pthread::section,
        ),
        contestant(
            "pthread, robust",
            Pthread::new(Sort::Robust),
            Pthread::section,
        ),
        spin::<Tas>("Tas"),
        spin::<Ttas>("Ttas"),
        spin::<Ticket>("Ticket"),
        contestant("Queue", Queue::new(()), |lock, inside, me| {
            lock.with(|()| inside.visit(me));
        }),
        stage!("counting", Counting::new()),
        stage!("three states", ThreeStates::new()),
        stage!("swapping", Swapping::new()),
        contestant("Mutex", Mutex::new(()), |lock, inside, me| {
            let _guard = lock.lock();
            inside.visit(me);
        }),
        contestant(
            "ReentrantMutex",
            ReentrantMutex::new(()),
            |lock, inside, me| {
                let _guard = lock.lock();
                inside.visit(me);
            },
        ),
        stage!("adaptive", Adaptive::new()),
        stage!("process-shared", ProcessShared::new()),
        contestant("robust", &ROBUST, |lock, inside, me| {
            // Nobody dies here.
            _ = lock.lock();
            inside.visit(me);
            lock.unlock();
        }),
    ]
}

/// One thread, nobody else.
fn alone(all: &[Contestant]) {
    const TIMES: u64 = 50_000;
    let flag = AtomicBool::new(false);
    let inside = Inside::default();
    let once = || {
        for _ in 0..TIMES {
            black_box(flag.swap(true, Acquire));
            inside.visit(0);
            flag.store(false, Release);
        }
    };
    let twice = || {
        for _ in 0..TIMES {
            black_box(flag.swap(true, Acquire));
            inside.visit(0);
            black_box(flag.swap(false, Release));
        }
    };
    let mut samples = vec![Vec::new(); all.len() + 2];
    pin(0);
    for _ in 0..ROUNDS {
        samples[0].push(time(once));
        samples[1].push(time(twice));
        for (index, one) in all.iter().enumerate() {
            samples[index + 2].push(time(|| (one.run)(TIMES, 0)));
        }
    }
    let costs: Vec<f64> = samples
        .into_iter()
        .map(|samples| nanoseconds(percentile(samples)) / TIMES as f64)
        .collect();
    println!("alone                      ns    of one RMW   of two RMWs   of pthread");
    let pthread = cost_of(all, &costs[2..], "pthread");
    let names = ["one RMW, and a store", "two RMWs"].into_iter();
    for (name, cost) in names.chain(all.iter().map(|one| one.name)).zip(&costs) {
        let (once, twice) = (cost / costs[0], cost / costs[1]);
        println!(
            "{name:<22} {cost:>6.2} {once:>13.2} {twice:>13.2} {:>12.2}",
            cost / pthread
        );
    }
}

/// Several threads, two cores. With a core for each, only those samples count in which both were at work nearly
/// all the time: a thread that comes late leaves the lock to the other, and then nobody contends. What repeats
/// is the median.
fn together(all: &[Contestant], threads: usize, times: u64) {
    let mut samples = vec![Vec::new(); all.len()];
    let mut hand_overs = vec![Vec::new(); all.len()];
    for _ in 0..ROUNDS {
        for (index, one) in all.iter().enumerate() {
            let before = one.inside.hand_overs.load(Relaxed);
            let Some(took) = race(one, threads, times) else {
                continue;
            };
            let changed = one.inside.hand_overs.load(Relaxed) - before;
            samples[index].push(took);
            hand_overs[index].push(took / u32::try_from(changed.max(1)).unwrap_or(u32::MAX));
        }
    }
    let sections = (times * threads as u64) as f64;
    let counts: Vec<usize> = samples.iter().map(Vec::len).collect();
    let costs: Vec<f64> = samples
        .into_iter()
        .map(|samples| nanoseconds(median(samples)) / sections)
        .collect();
    let (std, pthread) = (cost_of(all, &costs, "std"), cost_of(all, &costs, "pthread"));
    println!(
        "\n{threads} threads, 2 cores         ns        of std    of pthread   ns a hand-over   samples"
    );
    for (index, (one, cost)) in all.iter().zip(&costs).enumerate() {
        let hand_over = nanoseconds(median(std::mem::take(&mut hand_overs[index])));
        let (of_std, of_pthread) = (cost / std, cost / pthread);
        println!(
            "{:<22} {cost:>6.1} {of_std:>13.2} {of_pthread:>13.2} {hand_over:>16.0} {:>9}",
            one.name, counts[index]
        );
    }
}

/// All threads at once; until the last one is done. Nothing if two had a core each and did not meet.
fn race(one: &Contestant, threads: usize, times: u64) -> Option<Duration> {
    let start = Barrier::new(threads);
    let runs: Vec<_> = thread::scope(|scope| {
        let start = &start;
        let racers: Vec<_> = (0..threads)
            .map(|me| {
                scope.spawn(move || {
                    pin(me % 2);
                    start.wait();
                    let began = Instant::now();
                    (one.run)(times, me);
                    (began, Instant::now())
                })
            })
            .collect();
        racers
            .into_iter()
            .filter_map(|racer| racer.join().ok())
            .collect()
    });
    let whole = runs.iter().map(|run| run.1).max()? - runs.iter().map(|run| run.0).min()?;
    // Summed up: somebody who is early or late is missing at one end.
    let at_work: Duration = runs.iter().map(|run| run.1 - run.0).sum();
    let met = threads > 2 || at_work >= whole * 2 * 4 / 5;
    met.then_some(whole)
}

fn time(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn percentile(mut samples: Vec<Duration>) -> Duration {
    samples.sort_unstable();
    samples.get(samples.len() / 10).copied().unwrap_or_default()
}

fn median(mut samples: Vec<Duration>) -> Duration {
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

fn cost_of(all: &[Contestant], costs: &[f64], name: &str) -> f64 {
    let at = all.iter().position(|one| one.name == name);
    at.and_then(|at| costs.get(at)).copied().unwrap_or(f64::NAN)
}

/// The cores that there are, before anybody is pinned: threads inherit that.
static CORES: OnceLock<Vec<usize>> = OnceLock::new();

/// The calling thread runs on this one of the cores; where that is not allowed, on any.
fn pin(core: usize) {
    let cores = CORES.get_or_init(|| {
        let all = sched_getaffinity(Pid::from_raw(0)).unwrap_or_default();
        (0..CpuSet::count())
            .filter(|cpu| all.is_set(*cpu) == Ok(true))
            .collect()
    });
    let mut one = CpuSet::new();
    if let Some(cpu) = cores.get(core)
        && one.set(*cpu).is_ok()
    {
        sched_setaffinity(Pid::from_raw(0), &one).ok();
    }
}

/// Who may use a mutex of the C library, and whether one of them may die.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Private,
    Shared,
    Robust,
}

/// The C library's mutex.
struct Pthread(Box<UnsafeCell<libc::pthread_mutex_t>>);

// SAFETY: it is made to be used by several threads.
unsafe impl Sync for Pthread {}

impl Pthread {
    fn new(sort: Sort) -> Self {
        let mutex = Box::new(UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER));
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: the call initialises what it is given.
        unsafe { libc::pthread_mutexattr_init(attributes.as_mut_ptr()) };
        if sort != Sort::Private {
            let value = libc::PTHREAD_PROCESS_SHARED;
            // SAFETY: the attributes are initialised.
            unsafe { libc::pthread_mutexattr_setpshared(attributes.as_mut_ptr(), value) };
        }
        if sort == Sort::Robust {
            let value = libc::PTHREAD_MUTEX_ROBUST;
            // SAFETY: the attributes are initialised.
            unsafe { libc::pthread_mutexattr_setrobust(attributes.as_mut_ptr(), value) };
        }
        // SAFETY: nobody uses the mutex yet, and the attributes are initialised.
        unsafe { libc::pthread_mutex_init(mutex.get(), attributes.as_ptr()) };
        Pthread(mutex)
    }

    #[inline(always)]
    fn section(&self, inside: &Inside, me: usize) {
        // SAFETY: the mutex is initialised, and stays where it is.
        unsafe { libc::pthread_mutex_lock(self.0.get()) };
        inside.visit(me);
        // SAFETY: this thread has locked it.
        unsafe { libc::pthread_mutex_unlock(self.0.get()) };
    }
}
