//! What looking at system calls costs: a call that is noted, a call that is not in a program whose
//! others are, and each kind of exploration. Exits with 1 if calls that are not noted take more than
//! 1.6 times as long as in a program that nobody traces; what they took on one machine is in
//! `docs/measurements.md`.
//!
//! ```text
//! cargo bench -p arena --bench calls            # 10 rounds
//! cargo bench -p arena --bench calls -- 50
//! ```
//!
//! The call is `close(-1)`, which does nothing and fails, so that nearly all that is measured is the
//! way into the kernel and back. The program measures itself. The ways take turns, so that all of
//! them meet the same moods of the machine; the first round is not counted.
//!
//! The explorations are those of a number in a file to which processes add: by one instruction, and
//! under a lock of the kernel's.
#![expect(
    unsafe_code,
    reason = "calls without the library's help, and a mapped number"
)]

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, Write},
    os::fd::AsRawFd,
    path::PathBuf,
    process::ExitCode,
    ptr,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use arena::{
    Arena, Disturbance, Exploration, Explored, Heard, How, Measure, ProcessId, Program, Schedule,
    Settings,
};
use driver::{Answer, Question, Roles};
use probe::Family;

const ROUNDS: usize = 10;
/// How many calls a program makes that are not noted, and how many that are.
const FREE: u32 = 300_000;
const NOTED: u32 = 1000;
/// What a call that is not noted may take, by the same in a program that is not traced.
const GOAL: f64 = 1.6;
const LONG: Duration = Duration::from_secs(120);

fn main() -> io::Result<ExitCode> {
    if let Some(code) = arena::role() {
        return Ok(code);
    }
    let first = env::args().nth(1);
    if matches!(first.as_deref(), Some("calls" | "session")) {
        let mut number = None;
        return Ok(Roles::new()
            .program("calls", calls)
            .session(move |question| answer(question, &mut number)));
    }
    let rounds = env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(ROUNDS);
    let code = of_calls(rounds)?;
    if cfg!(target_arch = "x86_64") {
        of_explorations()?;
    }
    Ok(code)
}

/// The program: so many calls, and how many nanoseconds each of them took.
fn calls(arguments: Vec<OsString>) -> ExitCode {
    let count = arguments.first().and_then(|it| it.to_str()?.parse().ok());
    let count: u32 = count.unwrap_or(FREE);
    let began = Instant::now();
    for _ in 0..count {
        // SAFETY: there is no such descriptor, so nothing is closed.
        unsafe { libc::close(-1) };
    }
    let each = began.elapsed().as_nanos() / u128::from(count);
    match writeln!(io::stdout(), "{each}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// A driver that adds to a number in a file.
fn answer(question: &Question<'_>, number: &mut Option<(&'static AtomicU64, File)>) -> Answer {
    match (question.word(), number) {
        ("open", number) => match mapped(&question.path(0)) {
            Ok(opened) => {
                *number = Some(opened);
                Answer::ok()
            }
            Err(error) => Answer::io(&error),
        },
        ("get", Some((number, _))) => Answer::ok().with(number.load(Ordering::SeqCst)),
        ("atomic", Some((number, _))) => {
            let n = question.number(0);
            let sum = question.operation(|| number.fetch_add(n, Ordering::SeqCst) + n);
            Answer::ok().with(sum)
        }
        ("locked", Some((number, file))) => {
            let n = question.number(0);
            let sum = question.operation(|| {
                file.lock().ok();
                let sum = number.load(Ordering::SeqCst) + n;
                number.store(sum, Ordering::SeqCst);
                file.unlock().ok();
                sum
            });
            Answer::ok().with(sum)
        }
        _ => question.unknown(),
    }
}

fn mapped(path: &std::path::Path) -> io::Result<(&'static AtomicU64, File)> {
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path)?;
    file.set_len(8)?;
    let (prot, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
    // SAFETY: without MAP_FIXED the kernel takes addresses that nobody uses.
    let base = unsafe { libc::mmap(ptr::null_mut(), 8, prot, flags, file.as_raw_fd(), 0) };
    if base == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the start of a page is aligned, and the mapping is never unmapped.
    Ok((unsafe { AtomicU64::from_ptr(base.cast()) }, file))
}

/// One way to run the program: which calls are noted, and how many it makes.
struct Way {
    name: &'static str,
    families: &'static [Family],
    count: u32,
    nanoseconds: Vec<u64>,
}

fn of_calls(rounds: usize) -> io::Result<ExitCode> {
    let way = |name, families, count| Way {
        name,
        families,
        count,
        nanoseconds: Vec::new(),
    };
    let mut ways = [
        way("no call is noted", &[], FREE),
        way("others are noted, not this one", &[Family::Rename], FREE),
        way("noted", &[Family::Close], NOTED),
    ];
    let this = env::current_exe()?;
    for round in 0..=rounds {
        for way in &mut ways {
            let each = one(&this, way)?;
            if round > 0 {
                way.nanoseconds.push(each);
            }
        }
    }
    let mut out = io::stdout();
    writeln!(
        out,
        "{rounds} rounds, ns a call                 min  median     max"
    )?;
    let mut medians = Vec::new();
    for way in &mut ways {
        way.nanoseconds.sort_unstable();
        let all = &way.nanoseconds;
        let (min, max) = (all.first().copied(), all.last().copied());
        let median = all.get(all.len() / 2).copied().unwrap_or_default();
        let [min, max] = [min, max].map(Option::unwrap_or_default);
        writeln!(out, "{:32} {min:>9} {median:>7} {max:>7}", way.name)?;
        medians.push(median);
    }
    let factor = medians[1] as f64 / medians[0].max(1) as f64;
    let (verdict, code) = match factor <= GOAL {
        true => ("reached", ExitCode::SUCCESS),
        false => ("missed", ExitCode::FAILURE),
    };
    writeln!(
        out,
        "not noted, by untraced: {factor:.2} (goal {GOAL}): {verdict}\n"
    )?;
    Ok(code)
}

/// The nanoseconds of each call in one run.
fn one(this: &PathBuf, way: &Way) -> io::Result<u64> {
    let mut arena = arena(this)?;
    let program = Program::new(this).arg("calls").arg(way.count.to_string());
    let process = arena
        .spawn(&program.traced(way.families))
        .map_err(io::Error::other)?;
    let ended = arena.wait(process, LONG).map_err(io::Error::other)?;
    if ended.how != How::Exited(0) {
        return Err(io::Error::other(ended.printed));
    }
    ended.stdout.trim().parse().map_err(io::Error::other)
}

fn arena(this: &PathBuf) -> io::Result<Arena> {
    Arena::start(&Settings::default().seeing(this)).map_err(io::Error::other)
}

/// Each exploration once: what it did, and how long it took.
fn of_explorations() -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(
        out,
        "exploration                      instructions  rounds  missed   steps   stops      ms"
    )?;
    for (operation, words) in [("atomic", "one instruction"), ("locked", "flock")] {
        let kinds = [
            ("three processes", Kind::Held),
            ("killed", Kind::Killed),
            ("signals", Kind::Signalled),
        ];
        for (kind, what) in kinds {
            let began = Instant::now();
            let explored = what.explore(operation)?;
            let rounds = explored.ones + explored.twos + explored.threes;
            let rounds = rounds + explored.kills + explored.signals;
            writeln!(
                out,
                "{:32} {:>12} {rounds:>7} {:>7} {:>7} {:>7} {:>7}",
                format!("{words}, {kind}"),
                explored.instructions,
                explored.missed,
                explored.steps,
                explored.stops,
                began.elapsed().as_millis()
            )?;
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Kind {
    Held,
    Killed,
    Signalled,
}

impl Kind {
    fn explore(self, operation: &str) -> io::Result<Explored> {
        let mut arena = arena(&env::current_exe()?)?;
        let mut all = Explored::default();
        match self {
            Self::Held | Self::Signalled => {
                let (processes, disturbance) = match self {
                    Self::Signalled => (1, Disturbance::Signal(libc::SIGWINCH)),
                    _ => (3, Disturbance::Nothing),
                };
                let processes = live_set(&mut arena, processes, "number")?;
                let one = exploration(processes, operation, None, disturbance);
                all.add(&arena.explore(&one, |_| {}).map_err(io::Error::other)?);
            }
            Self::Killed => {
                let mut measured = None;
                for a in 0.. {
                    for met in [false, true] {
                        let schedule = Schedule::Killed { a, met };
                        let processes = live_set(&mut arena, 3, &format!("{a:03}-{met}"))?;
                        let disturbance = Disturbance::Kill { measured };
                        let one = exploration(processes, operation, Some(schedule), disturbance);
                        let mut died = false;
                        let explored = arena
                            .explore(&one, |outcome| died |= outcome.schedule == schedule)
                            .map_err(io::Error::other)?;
                        measured = Some(Measure {
                            instructions: explored.instructions,
                            calls: explored.calls,
                        });
                        all.add(&explored);
                        if !died {
                            return Ok(all);
                        }
                    }
                }
            }
        }
        Ok(all)
    }
}

fn exploration(
    processes: Vec<ProcessId>,
    operation: &str,
    only: Option<Schedule>,
    disturbance: Disturbance,
) -> Exploration {
    Exploration {
        processes,
        operation: format!("{operation} $random"),
        after: "get".to_owned(),
        seed: 4177,
        only,
        recorded: false,
        disturbance,
    }
}

/// Stepped drivers that share a number in a file.
fn live_set(arena: &mut Arena, count: usize, file: &str) -> io::Result<Vec<ProcessId>> {
    let path = arena.path(file);
    let open = format!("1 open {}", driver::escape(&path.to_string_lossy()));
    let mut processes = Vec::new();
    for _ in 0..count {
        let program = Program::new(env::current_exe()?).session(0).stepped();
        let process = arena.spawn(&program).map_err(io::Error::other)?;
        arena.hear(process, LONG).map_err(io::Error::other)?;
        arena.tell(process, &open).map_err(io::Error::other)?;
        match arena.hear(process, LONG).map_err(io::Error::other)? {
            Heard::Line(line) if line == "1 ok" => processes.push(process),
            other => return Err(io::Error::other(format!("{other:?}"))),
        }
    }
    Ok(processes)
}
