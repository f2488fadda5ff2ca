//! What the suite has counted.

use real::sync::atomic::{AtomicU64, Ordering::Relaxed};
use real::sync::{LazyLock, Mutex};
use real::time::Instant;

/// A number that is counted up.
pub(super) struct Counter(AtomicU64);

impl Counter {
    const fn new() -> Self {
        Counter(AtomicU64::new(0))
    }

    /// Counts so many more.
    pub(super) fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Classics that were checked.
pub(super) static PROGRAMS: Counter = Counter::new();
/// Wrong versions among them.
pub(super) static WRONG: Counter = Counter::new();
/// Wrong versions that the checker found to be wrong.
pub(super) static KILLS: Counter = Counter::new();
/// Right programs that were refused, and litmus results outside the allowed set.
pub(super) static FALSE_ALARMS: Counter = Counter::new();
/// Litmus tests that were executed.
pub(super) static LITMUS: Counter = Counter::new();
/// Different results that they produced.
pub(super) static OUTCOMES: Counter = Counter::new();
/// Allowed results that they did not produce.
pub(super) static MISSED: Counter = Counter::new();
/// Executions of all classics.
pub(super) static EXECUTIONS: Counter = Counter::new();

static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
static SLOWEST: Mutex<(f64, String)> = Mutex::new((0.0, String::new()));

/// Starts the clock, and notes the slowest check.
pub(super) fn timed<T>(name: &str, check: impl FnOnce() -> T) -> T {
    LazyLock::force(&BEGIN);
    let begin = Instant::now();
    let result = check();
    let seconds = begin.elapsed().as_secs_f64();
    if let Ok(mut slowest) = SLOWEST.lock()
        && seconds > slowest.0
    {
        *slowest = (seconds, name.to_owned());
    }
    result
}

/// The numbers that are the same on every machine.
pub(super) fn counts() -> String {
    format!(
        "litmus tests: {}, outcomes: {} produced, {} allowed ones missed\n\
         programs: {}, of them wrong: {}\n\
         kills: {}\n\
         false alarms: {}\n\
         executions: {}\n",
        LITMUS.get(),
        OUTCOMES.get(),
        MISSED.get(),
        PROGRAMS.get(),
        WRONG.get(),
        KILLS.get(),
        FALSE_ALARMS.get(),
        EXECUTIONS.get(),
    )
}

/// All the numbers.
pub(super) fn summary() -> String {
    let total = BEGIN.elapsed().as_secs_f64();
    let (seconds, name) = SLOWEST
        .lock()
        .map(|slowest| slowest.clone())
        .unwrap_or_default();
    format!(
        "{}total time: {total:.1} s; the longest check: {name}, {seconds:.2} s",
        counts()
    )
}
