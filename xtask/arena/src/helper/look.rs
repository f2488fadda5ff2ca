//! What /proc says of a task. The kernel names the system call of a task only while the task is off
//! the CPU and stays off it, so a number there together with state S is a sleep without a race.

use std::{fs, time::Duration};

use nix::unistd::Pid;

use super::pipes;

/// A sleep in a system call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sleep {
    /// The call's number.
    pub(crate) call: i64,
    /// Its six arguments.
    pub(crate) arguments: [u64; 6],
}

/// The call in which a task sleeps; `None` if it runs, is stopped, or has gone.
pub(crate) fn asleep_in(task: Pid) -> Option<Sleep> {
    let line = fs::read_to_string(format!("/proc/{task}/syscall")).ok()?;
    let mut fields = line.split_whitespace();
    let call = fields.next()?.parse().ok()?;
    let mut arguments = [0; 6];
    for argument in &mut arguments {
        *argument = u64::from_str_radix(fields.next()?.trim_start_matches("0x"), 16).ok()?;
    }
    let stat = fs::read_to_string(format!("/proc/{task}/stat")).ok()?;
    stat.rsplit_once(") ")?
        .1
        .starts_with('S')
        .then_some(Sleep { call, arguments })
}

impl Sleep {
    /// Whether the call ends by itself, after a time.
    pub(crate) fn is_timed(&self) -> bool {
        let [_, operation, third, fourth, fifth, _] = self.arguments;
        let no_time_out = |milliseconds: u64| (milliseconds as i32) < 0;
        match self.call {
            libc::SYS_nanosleep | libc::SYS_clock_nanosleep => true,
            libc::SYS_futex => {
                let waits = matches!(
                    i32::try_from(operation & 0x7f),
                    Ok(libc::FUTEX_WAIT | libc::FUTEX_WAIT_BITSET | libc::FUTEX_LOCK_PI)
                );
                waits && fourth != 0
            }
            libc::SYS_semtimedop => fourth != 0,
            libc::SYS_ppoll | libc::SYS_rt_sigtimedwait => third != 0,
            libc::SYS_pselect6 | libc::SYS_mq_timedsend | libc::SYS_mq_timedreceive => fifth != 0,
            libc::SYS_epoll_pwait => !no_time_out(fourth),
            #[cfg(target_arch = "x86_64")]
            libc::SYS_poll => !no_time_out(third),
            #[cfg(target_arch = "x86_64")]
            libc::SYS_select => fifth != 0,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_epoll_wait => !no_time_out(fourth),
            _ => false,
        }
    }

    /// Whether only another task of the box can end the call: a lock, or a child's end. A read or a
    /// write may depend on somebody outside, so it is not one of these.
    pub(crate) fn is_for_the_box_to_end(&self) -> bool {
        let command = i32::try_from(self.arguments[1]).unwrap_or(-1);
        let waits = match self.call {
            libc::SYS_futex | libc::SYS_flock | libc::SYS_wait4 | libc::SYS_waitid => true,
            libc::SYS_fcntl => matches!(command, libc::F_SETLKW | libc::F_OFD_SETLKW),
            libc::SYS_semop | libc::SYS_semtimedop => true,
            _ => false,
        };
        waits && !self.is_timed()
    }
}

/// The CPU time that a process has used so far, from the first field of `/proc/PID/schedstat`.
#[cfg_attr(
    not(target_arch = "x86_64"),
    expect(dead_code, reason = "nothing is stepped there")
)]
pub(crate) fn cpu_time(process: Pid) -> Duration {
    let nanoseconds = fs::read_to_string(format!("/proc/{process}/schedstat"))
        .ok()
        .and_then(|line| line.split(' ').next()?.parse().ok());
    // A process that has gone uses none.
    nanoseconds.map_or(Duration::ZERO, Duration::from_nanos)
}

/// A process and its descendants.
pub(crate) fn family(process: Pid) -> Vec<Pid> {
    let mut all = vec![process];
    let mut asked = 0;
    while let Some(parent) = all.get(asked) {
        all.extend(crate::orphans::children_of(parent.as_raw().unsigned_abs()));
        asked += 1;
    }
    all
}

/// The tasks of a process; none if it has gone.
pub(crate) fn tasks_of(process: Pid) -> Vec<Pid> {
    let tasks = fs::read_dir(format!("/proc/{process}/task"));
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    let numbers = tasks.into_iter().flatten().flatten().filter_map(number);
    numbers.map(Pid::from_raw).collect()
}

/// The name of a system call.
pub(crate) fn call_name(number: i64) -> String {
    u32::try_from(number)
        .ok()
        .and_then(|number| syscalls::Sysno::new(number as usize))
        .map_or_else(
            || format!("system call {number}"),
            |call| call.name().to_owned(),
        )
}

/// A task as it stands, for deciding that nothing will ever happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) task: Pid,
    pub(crate) sleep: Sleep,
    /// How often it has been on and off the CPU.
    switches: u64,
    /// Whether it catches a signal that a timer or somebody outside could send.
    catches: bool,
    /// Whether its sleep is for another task of the box to end.
    waits_for_the_box: bool,
}

impl Stand {
    /// Whether nothing but another task of the box can make it go on.
    pub(crate) fn needs_another(&self) -> bool {
        self.waits_for_the_box && !self.catches
    }
}

/// How all tasks of a process and of its descendants stand; `None` if one of them is not asleep.
pub(crate) fn stands(process: Pid) -> Option<Vec<Stand>> {
    let mut all = Vec::new();
    for process in family(process) {
        for task in fs::read_dir(format!("/proc/{process}/task")).ok()? {
            let task = Pid::from_raw(task.ok()?.file_name().to_str()?.parse().ok()?);
            let status = fs::read_to_string(format!("/proc/{task}/status")).ok()?;
            if field(&status, "State:")?.starts_with('Z') {
                continue;
            }
            all.push(stand(task, &status)?);
        }
    }
    Some(all)
}

/// Those tasks of a process and of its descendants that are asleep.
pub(crate) fn tasks_asleep(process: Pid) -> Vec<Stand> {
    let tasks = family(process).into_iter().flat_map(tasks_of);
    let stand = |task| {
        // Who has gone meanwhile does not sleep.
        let status = fs::read_to_string(format!("/proc/{task}/status")).ok()?;
        stand(task, &status)
    };
    tasks.filter_map(stand).collect()
}

fn stand(task: Pid, status: &str) -> Option<Stand> {
    let number = |name| field(status, name)?.parse::<u64>().ok();
    let caught = u64::from_str_radix(field(status, "SigCgt:")?, 16).ok()?;
    // Rust's run-time catches these two to report a stack overflow; nobody sends them.
    let harmless = [libc::SIGSEGV, libc::SIGBUS]
        .iter()
        .fold(0, |set, signal| set | 1 << (signal - 1));
    let sleep = asleep_in(task)?;
    Some(Stand {
        task,
        sleep,
        waits_for_the_box: sleep.is_for_the_box_to_end() || pipes::waits_for_the_box(task, &sleep),
        switches: number("voluntary_ctxt_switches:")? + number("nonvoluntary_ctxt_switches:")?,
        catches: caught & !harmless & 0x7fff_ffff != 0,
    })
}

fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}
