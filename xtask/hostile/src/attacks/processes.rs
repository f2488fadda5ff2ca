//! Too many processes, processes that do not end, and signals to those of others.
//!
//! A signal to *everybody* is only asked for with the number 0: the kernel decides about it by the
//! same rules, and nobody dies of an answer. Real ones go to single processes by their id.
#![expect(unsafe_code, reason = "counters in memory shared with children")]

use std::{
    io::{self, Read, Write},
    num::NonZeroUsize,
    os::unix::net::UnixStream,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use hostile::Facts;
use nix::{
    errno::Errno,
    sys::{
        mman::{MapFlags, ProtFlags, mmap_anonymous},
        signal::{SigHandler, SigSet, SigmaskHow, Signal, kill, sigprocmask},
    },
    unistd::{Pid, getpgrp, getpid, setsid},
};

use super::Attacking;
use crate::{
    child,
    given::Given,
    outcome::{DONE, NONE, name, pass, told},
};

/// So many processes or threads, and no more, whatever lets them.
const MANY: usize = 400;
/// So long, and no longer.
const LONG: Duration = Duration::from_secs(60);
/// So many bytes of output.
const FLOOD: usize = 1 << 30;

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("fork-bomb", fork_bomb),
    ("fork-bomb-exponential", fork_bomb_exponential),
    ("thread-bomb", thread_bomb),
    ("busy-loop", busy_loop),
    ("busy-loop-deaf", busy_loop_deaf),
    ("sleep-forever", sleep_forever),
    ("output-flood", output_flood),
    ("daemon", daemon),
    ("kill-parent", kill_parent),
    ("kill-init", kill_init),
    ("kill-victim", kill_victim),
    ("kill-group", kill_group),
    ("kill-everybody", kill_everybody),
];

/// One parent, as many children as there can be. They wait for a pipe to close, which it does when
/// the parent ends, however that comes about.
fn fork_bomb(given: &Given) -> Facts {
    let (ours, theirs) = match UnixStream::pair() {
        Ok(pair) => pair,
        Err(error) => return Facts::of("socketpair", error),
    };
    let mut ours = Some(ours);
    let mut children = Vec::new();
    let refused = loop {
        if children.len() == given.cap(MANY) {
            break NONE_REFUSED.to_owned();
        }
        let started = child::start(|| {
            ours = None;
            (&theirs).read_exact(&mut [0]).ok();
        });
        match started {
            Ok(child) => children.push(child),
            Err(error) => break name(error),
        }
    };
    drop(ours);
    let forked = children.len();
    for child in children {
        child::wait(child);
    }
    Facts::of("forked", forked).and("errno", refused)
}

/// What is said of an attack that came to its own bound.
const NONE_REFUSED: &str = "own_bound";

/// Every process starts others, and goes on trying, for three seconds.
fn fork_bomb_exponential(given: &Given) -> Facts {
    let Some([forked, refused]) = shared_counters() else {
        return Facts::of("mmap", "failed");
    };
    let cap = given.cap(MANY) as u64;
    let until = Instant::now() + Duration::from_secs(3);
    spread(forked, refused, cap, until);
    let errno = match i32::try_from(refused.load(Ordering::Relaxed)) {
        Ok(0) | Err(_) => NONE_REFUSED.to_owned(),
        Ok(number) => name(Errno::from_raw(number)),
    };
    Facts::of("forked", forked.load(Ordering::Relaxed)).and("errno", errno)
}

/// `forked` counts; `refused` holds the error of the last try that failed.
fn spread(forked: &AtomicU64, refused: &AtomicU64, cap: u64, until: Instant) {
    let mut children = Vec::new();
    while Instant::now() < until {
        if forked.fetch_add(1, Ordering::Relaxed) >= cap {
            forked.fetch_sub(1, Ordering::Relaxed);
            pass(Duration::from_millis(50));
            continue;
        }
        match child::start(|| spread(forked, refused, cap, until)) {
            Ok(child) => children.push(child),
            Err(error) => {
                forked.fetch_sub(1, Ordering::Relaxed);
                refused.store(error as u64, Ordering::Relaxed);
                pass(Duration::from_millis(5));
            }
        }
    }
    for child in children {
        child::wait(child);
    }
}

/// Two numbers that children share.
fn shared_counters() -> Option<[&'static AtomicU64; 2]> {
    let page = NonZeroUsize::new(4096)?;
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping at an address of the kernel's choice overlaps nothing.
    let memory = unsafe { mmap_anonymous(None, page, protection, MapFlags::MAP_SHARED) }.ok()?;
    let first = memory.cast::<u64>().as_ptr();
    // SAFETY: the mapping is aligned, zeroed, a page long, and never unmapped.
    let forked = unsafe { AtomicU64::from_ptr(first) };
    // SAFETY: one page has room for more than two numbers.
    let second = unsafe { first.add(1) };
    // SAFETY: as the first.
    let refused = unsafe { AtomicU64::from_ptr(second) };
    Some([forked, refused])
}

fn thread_bomb(given: &Given) -> Facts {
    let mut threads = Vec::new();
    let refused = loop {
        if threads.len() == given.cap(MANY) {
            break NONE_REFUSED.to_owned();
        }
        let (end, wait) = mpsc::channel::<()>();
        let thread = thread::Builder::new()
            .stack_size(64 << 10)
            .spawn(move || wait.recv());
        match thread {
            Ok(thread) => threads.push((end, thread)),
            Err(error) => break crate::outcome::io_name(&error),
        }
    };
    let started = threads.len();
    for (end, thread) in threads {
        drop(end);
        // It only waited for that.
        thread.join().ok();
    }
    Facts::of("started", started).and("errno", refused)
}

fn busy_loop(_: &Given) -> Facts {
    let until = Instant::now() + LONG;
    while Instant::now() < until {}
    Facts::of("survived", LONG.as_secs())
}

/// The same, with every signal ignored that can be.
fn busy_loop_deaf(given: &Given) -> Facts {
    hear_nothing();
    busy_loop(given)
}

fn hear_nothing() {
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), None).ok();
    for signal in Signal::iterator() {
        // SAFETY: no handler is involved.
        unsafe { nix::sys::signal::signal(signal, SigHandler::SigIgn) }.ok();
    }
}

fn sleep_forever(_: &Given) -> Facts {
    pass(LONG);
    Facts::of("survived", LONG.as_secs())
}

/// The report comes after the flood; what was kept of it shows from outside.
fn output_flood(given: &Given) -> Facts {
    let block = [b'x'; 64 << 10];
    let cap = given.cap(FLOOD);
    let until = Instant::now() + LONG;
    let mut written = 0;
    while written < cap && Instant::now() < until {
        match io::stdout().write_all(&block) {
            Ok(()) => written += block.len(),
            Err(_) => break,
        }
    }
    writeln!(io::stdout()).ok();
    Facts::of("written", written)
}

/// Out of the session, with no parent, deaf, and with standard output open.
fn daemon(_: &Given) -> Facts {
    let first = child::start(|| {
        setsid().ok();
        child::start(|| {
            hear_nothing();
            nix::sys::prctl::set_pdeathsig(None).ok();
            let until = Instant::now() + LONG;
            while Instant::now() < until {
                pass(Duration::from_secs(1));
            }
        })
        .ok();
    });
    match first {
        Ok(first) => {
            child::wait(first);
            Facts::of("daemon", DONE)
        }
        Err(error) => Facts::of("daemon", name(error)),
    }
}

fn kill_parent(_: &Given) -> Facts {
    let Some(parent) = child::parent() else {
        return Facts::of("parent", "out_of_sight");
    };
    let sent = told(kill(parent, Signal::SIGKILL));
    // Time to die of it: as pid 1 of a namespace it would not, and this process gets another
    // parent if it does.
    pass(Duration::from_millis(200));
    let alive = child::parent() == Some(parent);
    Facts::of("parent", if alive { "alive" } else { "dead" }).and("sent", sent)
}

/// Pid 1 is killed only where it is not the machine's: in a namespace it takes no such signal from
/// within, and if it did, nothing here would live to tell. On the machine, the number 0 must do.
fn kill_init(given: &Given) -> Facts {
    let here = std::fs::read_link("/proc/self/ns/pid");
    let here = here.map(|here| here.to_string_lossy().into_owned());
    let elsewhere = match (&here, given.one::<String>("machine")) {
        (Ok(here), Some(machine)) => *here != machine,
        _ => false,
    };
    let init = Pid::from_raw(1);
    if !elsewhere {
        return Facts::of("init", told(kill(init, None)));
    }
    let sent = told(kill(init, Signal::SIGKILL));
    // Time to die of it.
    pass(Duration::from_millis(200));
    Facts::of("init", "alive").and("sent", sent)
}

fn kill_victim(given: &Given) -> Facts {
    let victim = given.one("victim").map(Pid::from_raw);
    let victim = victim.map_or_else(
        || NONE.to_owned(),
        |victim| told(kill(victim, Signal::SIGKILL)),
    );
    Facts::of("victim", victim)
}

/// Who else is in the own process group. It is signalled only if this process leads it, since then
/// nobody from outside can be in it.
fn kill_group(_: &Given) -> Facts {
    let leads = getpgrp() == getpid();
    let mut facts = Facts::of("leads", if leads { "yes" } else { "no" });
    if leads {
        // SAFETY: no handler is involved.
        unsafe { nix::sys::signal::signal(Signal::SIGTERM, SigHandler::SigIgn) }.ok();
        let sent = told(kill(Pid::from_raw(0), Signal::SIGTERM));
        facts.note("sent", sent);
    }
    facts
}

/// How many processes a signal to everybody would reach, beside this one and pid 1.
fn kill_everybody(given: &Given) -> Facts {
    let broadcast = told(kill(Pid::from_raw(-1), None));
    // To ask of all numbers there may be takes longer than an attack may compute. They are given one
    // after the other, so the machine's first processes and the victim's neighbours are all there.
    let victim: i32 = given.one("victim").unwrap_or(0);
    let first = 2..=65_536;
    let near = victim.saturating_sub(65_536).max(65_537)..=victim.saturating_add(1024);
    let own = getpid();
    let reached = first
        .chain(near)
        .map(Pid::from_raw)
        .filter(|pid| *pid != own && kill(*pid, None).is_ok())
        .count();
    Facts::of("broadcast", broadcast).and("reached", reached)
}
