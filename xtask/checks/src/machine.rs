//! The program that `main!` makes of a lab's checks. It is five things, by how it is started: the
//! arena's helper; one of the lab's helper programs; the author of the lab's exam questions; one
//! check for the grader, ended by a completion record; or, for `cargo test`, an ordinary test
//! program.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    path::PathBuf,
    process::ExitCode,
};

use arena::Level;
use libtest_mimic::{Arguments, Failed};
use serde::Serialize;

use crate::{Drill, Judgement, Record, Trial, Verdict, drill};

/// A check: its name and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    name: &'static str,
    judge: fn(&mut Trial) -> Judgement,
}

impl Check {
    /// For [`main!`](crate::main!).
    pub const fn new(name: &'static str, judge: fn(&mut Trial) -> Judgement) -> Self {
        Self { name, judge }
    }

    fn record(self, mut trial: Trial) -> Record {
        let result = (self.judge)(&mut trial);
        let result = result.and_then(|()| trial.not_searched().map_or(Ok(()), Err));
        let mut record = trial.record;
        if let Err(failure) = result {
            let failure = *failure.0;
            record = Record {
                work: record.work,
                measured: record.measured,
                in_process: record.in_process || failure.in_process,
                ..failure
            };
        }
        record
    }
}

/// A program of the lab's, for the student's code to start: its name and what it does with its
/// arguments.
#[derive(Debug, Clone, Copy)]
pub struct Helper {
    name: &'static str,
    main: fn(Vec<OsString>) -> ExitCode,
}

impl Helper {
    /// For [`main!`](crate::main!).
    pub const fn new(name: &'static str, main: fn(Vec<OsString>) -> ExitCode) -> Self {
        Self { name, main }
    }

    /// Becomes the program. It has the signals that it was executed with, and not those that Rust's
    /// run-time has changed since: what a helper does about SIGPIPE is for its parent to say.
    fn become_it(self, arguments: Vec<OsString>) -> ExitCode {
        match arena::restore_sigpipe() {
            Ok(()) => (self.main)(arguments),
            Err(error) => complain(&format!("{}: {error}", self.name)),
        }
    }
}

/// Makes the program of a lab's checks: `checks::main![exact_count, every_interleaving];`
///
/// After a semicolon come the lab's helper programs, functions like a student's `main`:
/// `checks::main![three_stages; copy, endless];` See [`Scene::helper`](crate::Scene::helper).
///
/// After an arrow comes the function that makes up questions on paper, if the lab has one:
/// `checks::main![textbook => paper];` See [`Paper`](crate::Paper).
#[macro_export]
macro_rules! main {
    ($($check:ident),+ $(,)? $(; $($helper:ident),+ $(,)?)? $(=> $drill:path $(,)?)?) => {
        fn main() -> ::std::process::ExitCode {
            let checks = [$($crate::Check::new(::std::stringify!($check), $check)),+];
            let helpers: &[$crate::Helper] =
                &[$($($crate::Helper::new(::std::stringify!($helper), $helper)),+)?];
            let drills: &[$crate::Drill] = &[$($drill)?];
            $crate::run(::std::env!("CARGO_PKG_NAME"), &checks, helpers, drills.first().copied())
        }
    };
}

/// How the grader starts one check. Its standard input is a socket: the grader writes a nonce, and
/// the check's last act is to write a line with that nonce and its record.
#[derive(Debug, Default)]
struct Order {
    grade: String,
    driver: PathBuf,
    model: Option<PathBuf>,
    programs: Option<Vec<String>>,
    source: PathBuf,
    seed: u64,
    deadline: u64,
    replay: Option<String>,
    isolation: Option<Level>,
}

/// The last line of a check that was started by the grader.
#[derive(Serialize)]
struct Completion<'a> {
    nonce: &'a str,
    record: &'a Record,
}

/// The first argument of a helper program; its name is the next.
pub(crate) const HELPER: &str = "--as";
/// The first argument of whoever wants questions on paper; the next are seeds.
const DRILL: &str = "--drill";

/// Without `--seed`: any would do, and this one makes runs comparable.
const SEED: u64 = 4177;
/// Without `--deadline`, in seconds.
const DEADLINE: u64 = 60;

/// What the program of a lab's checks does.
pub fn run(package: &str, checks: &[Check], helpers: &[Helper], drill: Option<Drill>) -> ExitCode {
    if let Some(code) = arena::role() {
        return code;
    }
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    if let Some((DRILL, seeds)) = arguments
        .split_first()
        .map(|(first, rest)| (first.as_str(), rest))
    {
        return match write_papers(drill, seeds) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => complain(&error.to_string()),
        };
    }
    let mut given = env::args_os().skip(1);
    if given.next().is_some_and(|first| first == HELPER) {
        let name = given.next().unwrap_or_default();
        return match helpers.iter().find(|helper| name == helper.name) {
            Some(helper) => helper.become_it(given.collect()),
            None => complain(&format!("no helper program is named {}", name.display())),
        };
    }
    match Order::read(&arguments) {
        Some(Ok(order)) => match grade(checks, helpers, &order) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => complain(&error.to_string()),
        },
        Some(Err(wrong)) => complain(&wrong),
        None => test(package, checks, helpers),
    }
}

fn complain(what: &str) -> ExitCode {
    // Without a standard error there is nobody to tell.
    writeln!(io::stderr(), "{what}").ok();
    ExitCode::from(2)
}

/// The papers of these seeds as JSON; of a lab that has none, nothing but `null`.
fn write_papers(drill: Option<Drill>, seeds: &[String]) -> io::Result<()> {
    let parsed: Result<Vec<u64>, _> = seeds.iter().map(|seed| seed.parse()).collect();
    let seeds = parsed.map_err(|_| io::Error::other("a seed that is no number"))?;
    let papers = drill.map(|drill| drill::papers(drill, &seeds));
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &papers)?;
    out.write_all(b"\n")
}

impl Order {
    /// `None` if this is not for the grader.
    fn read(arguments: &[String]) -> Option<Result<Self, String>> {
        if arguments.first()? != "--grade" {
            return None;
        }
        let mut order = Self {
            seed: SEED,
            deadline: DEADLINE,
            ..Self::default()
        };
        for pair in arguments.chunks(2) {
            let [option, value] = pair else {
                return Some(Err(format!("{} needs a value", pair[0])));
            };
            let number = || {
                value
                    .parse()
                    .map_err(|_| format!("{option} {value}: not a number"))
            };
            match option.as_str() {
                "--grade" => order.grade.clone_from(value),
                "--driver" => order.driver = value.into(),
                "--model" => order.model = Some(value.into()),
                "--programs" => {
                    order.programs = Some(value.split(',').map(str::to_owned).collect());
                    order
                        .programs
                        .iter_mut()
                        .for_each(|names| names.retain(|name| !name.is_empty()));
                }
                "--source" => order.source = value.into(),
                "--replay" => order.replay = Some(value.clone()),
                "--isolation" => match value.parse() {
                    Ok(level) => order.isolation = Some(level),
                    Err(wrong) => return Some(Err(format!("{option} {value}: {wrong}"))),
                },
                "--seed" => match number() {
                    Ok(seed) => order.seed = seed,
                    Err(wrong) => return Some(Err(wrong)),
                },
                "--deadline" => match number() {
                    Ok(deadline) => order.deadline = deadline,
                    Err(wrong) => return Some(Err(wrong)),
                },
                _ => return Some(Err(format!("unknown option {option}"))),
            }
        }
        Some(Ok(order))
    }
}

/// One check, and its completion record.
fn grade(checks: &[Check], helpers: &[Helper], order: &Order) -> io::Result<()> {
    let unknown = || io::Error::other(format!("no check is named {}", order.grade));
    let check = checks
        .iter()
        .find(|check| check.name == order.grade)
        .ok_or_else(unknown)?;
    let mut socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut nonce = String::new();
    BufReader::new(&socket).read_line(&mut nonce)?;
    let mut trial = Trial::new(
        order.driver.clone(),
        order.source.clone(),
        order.seed,
        order.deadline,
    );
    trial.programs.clone_from(&order.model);
    trial.model.listed.clone_from(&order.programs);
    trial.replay.clone_from(&order.replay);
    trial.isolation = order.isolation;
    trial.has_helpers = !helpers.is_empty();
    let record = check.record(trial);
    let completion = Completion {
        nonce: nonce.trim_end(),
        record: &record,
    };
    // In one piece: serde writes every quotation mark by itself, and the timeline of a check may have
    // ten thousand calls.
    let mut line = serde_json::to_vec(&completion)?;
    line.push(b'\n');
    socket.write_all(&line)
}

/// An ordinary test program, on the driver that cargo has just built.
fn test(package: &str, checks: &[Check], helpers: &[Helper]) -> ExitCode {
    let number = package.split('-').next().unwrap_or(package);
    let source = env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from);
    let driver = built(&format!("{number}-driver"));
    let model = Some(built(&format!("{number}-model"))).filter(|model| model.is_file());
    let has_helpers = !helpers.is_empty();
    let trials = checks.iter().map(|check| {
        let (check, driver, source) = (*check, driver.clone(), source.clone());
        let model = model.clone();
        libtest_mimic::Trial::test(check.name, move || {
            if let Err(error) = File::open(&driver) {
                return Err(Failed::from(format!(
                    "{}: {error}; build it first",
                    driver.display()
                )));
            }
            let mut trial = Trial::new(driver, source, SEED, DEADLINE);
            trial.has_helpers = has_helpers;
            trial.programs = model;
            let record = check.record(trial);
            if record.verdict == Verdict::Passed {
                Ok(())
            } else {
                Err(Failed::from(summary(&record)))
            }
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// A program of the lab's package, as cargo has built it beside the checks.
fn built(program: &str) -> PathBuf {
    env::var_os(format!("CARGO_BIN_EXE_{program}")).map_or_else(
        // …/target/debug/deps/checks-0123 stands one folder below the programs.
        || {
            env::current_exe()
                .ok()
                .and_then(|exe| Some(exe.parent()?.parent()?.join(program)))
                .unwrap_or_default()
        },
        PathBuf::from,
    )
}

/// The record in a few plain lines; the grader shows it better.
fn summary(record: &Record) -> String {
    let mut lines = vec![format!("{:?}", record.verdict)];
    lines.extend(
        record
            .headline
            .iter()
            .chain(&record.detail)
            .map(|text| text.en.clone()),
    );
    lines.extend(
        record
            .interleaving
            .iter()
            .map(|run| run.conclusion.en.clone()),
    );
    lines.extend(
        record
            .story
            .iter()
            .filter_map(|story| story.page.as_ref())
            .map(|page| page.en.clone()),
    );
    lines.join("\n")
}
