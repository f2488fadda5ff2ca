//! Whose time it was that passed. A machine that is busy with others takes turns away, for which nobody
//! in a box is to blame: neither who had to wait for a CPU, nor who slept until somebody who had to
//! wait for one had done his part, as a parent does that waits for its child, or cargo for rustc. How
//! much time is too much is not said here, but where one listens.

use std::{
    collections::HashMap,
    fs,
    num::NonZero,
    thread,
    time::{Duration, Instant},
};

use nix::unistd::Pid;

use super::look::{family, tasks_of};

/// What a task, or several together, had of the CPUs. See `/proc/PID/task/TID/schedstat`,
/// `Documentation/scheduler/sched-stats.rst` of the kernel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shares {
    ran: Duration,
    /// How long it could have run, and another did.
    waited: Duration,
}

impl Shares {
    fn of(task: Pid) -> Option<Self> {
        let line = fs::read_to_string(format!("/proc/{task}/schedstat")).ok()?;
        let mut fields = line.split(' ');
        let mut next = || Some(Duration::from_nanos(fields.next()?.parse().ok()?));
        Some(Self {
            ran: next()?,
            waited: next()?,
        })
    }

    fn add(self, other: Self) -> Self {
        Self {
            ran: self.ran + other.ran,
            waited: self.waited + other.waited,
        }
    }

    fn since(self, before: Self) -> Self {
        Self {
            ran: self.ran.saturating_sub(before.ran),
            waited: self.waited.saturating_sub(before.waited),
        }
    }

    /// How much of a time was the own one of those who had these shares. What they waited for a CPU
    /// was not; but where one waited, another of them may have had that CPU, so it is no less than it
    /// takes to run for so long on all CPUs at once.
    fn own_of(self, passed: Duration, cpus: u32) -> Duration {
        passed
            .saturating_sub(self.waited)
            .max(self.ran / cpus)
            .min(passed)
    }
}

/// The turns that a process and all that it has started had since it was asked for something.
#[derive(Debug)]
pub(crate) struct Turns {
    since: Instant,
    /// What each task had had before.
    before: HashMap<Pid, Shares>,
    /// What each was last seen to have.
    seen: HashMap<Pid, Shares>,
    /// What those had that were seen, and are there no more.
    gone: Shares,
}

impl Turns {
    /// Of a process that has just been started.
    pub(crate) fn new() -> Self {
        Self {
            since: Instant::now(),
            before: HashMap::new(),
            seen: HashMap::new(),
            gone: Shares::default(),
        }
    }

    /// From now on.
    pub(crate) fn of(process: Pid) -> Self {
        let before = look_at(process);
        Self {
            before,
            ..Self::new()
        }
    }

    /// How much time has passed.
    pub(crate) fn passed(&self) -> Duration {
        self.since.elapsed()
    }

    /// Looks at all of them. Who ends takes along what it had since the last look.
    pub(crate) fn look(&mut self, process: Pid) {
        let seen = look_at(process);
        for (task, last) in &self.seen {
            if !seen.contains_key(task) {
                self.gone = self.gone.add(last.since(self.had_before(*task)));
            }
        }
        self.seen = seen;
    }

    /// How much of the time was their own, as far as it has been looked at: to run, or to sleep while
    /// none of them waited for a CPU.
    pub(crate) fn own(&self) -> Duration {
        let had = self
            .seen
            .iter()
            .map(|(task, now)| now.since(self.had_before(*task)));
        let all = had.fold(self.gone, Shares::add);
        let cpus = thread::available_parallelism().map_or(1, NonZero::get);
        all.own_of(self.passed(), u32::try_from(cpus).unwrap_or(u32::MAX))
    }

    fn had_before(&self, task: Pid) -> Shares {
        self.before.get(&task).copied().unwrap_or_default()
    }
}

/// All tasks of a process and of its descendants.
fn look_at(process: Pid) -> HashMap<Pid, Shares> {
    let tasks = family(process).into_iter().flat_map(tasks_of);
    tasks
        .filter_map(|task| Some((task, Shares::of(task)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CPUS: u32 = 2;

    /// Seconds of each.
    fn own(passed: u64, ran: u64, waited: u64) -> u64 {
        let shares = Shares {
            ran: Duration::from_secs(ran),
            waited: Duration::from_secs(waited),
        };
        shares.own_of(Duration::from_secs(passed), CPUS).as_secs()
    }

    #[test]
    fn who_sleeps_or_runs_uses_its_own_time() {
        assert_eq!(own(10, 0, 0), 10);
        assert_eq!(own(10, 10, 0), 10);
        assert_eq!(own(10, 4, 0), 10);
    }

    #[test]
    fn who_waits_for_a_cpu_does_not() {
        assert_eq!(own(10, 2, 8), 2);
        // A parent that sleeps, and a child that waits; one after the other, or both at once.
        assert_eq!(own(10, 1, 9), 1);
        assert_eq!(own(10, 1, 18), 0);
    }

    #[test]
    fn who_waits_for_each_other_keeps_all_cpus_busy() {
        // Four that are always ready, with two CPUs for themselves; then with half of that.
        assert_eq!(own(10, 20, 20), 10);
        assert_eq!(own(10, 10, 30), 5);
    }

    #[test]
    fn what_a_task_had_before_does_not_count() {
        let task = Pid::from_raw(1);
        let had = |ran, waited| Shares {
            ran: Duration::from_secs(ran),
            waited: Duration::from_secs(waited),
        };
        let mut turns = Turns::new();
        turns.since = Instant::now()
            .checked_sub(Duration::from_secs(100))
            .expect("a clock that may be set back");
        turns.before.insert(task, had(50, 500));
        turns.seen.insert(task, had(55, 560));
        turns.gone = had(1, 10);
        assert_eq!(turns.own().as_secs(), 30);
    }
}
