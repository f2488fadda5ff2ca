//! From a one-line edit to the verdict, beside the bare build of the same edit: what grading adds to
//! the wait for the compiler. Prints figures and asserts nothing; what they were on one machine is in
//! `docs/measurements.md`.
//!
//! ```text
//! cargo bench -p xtask --bench edit_to_verdict            # 15 rounds
//! cargo bench -p xtask --bench edit_to_verdict -- 50
//! cargo test -p xtask --bench edit_to_verdict             # the same, without an optimised build first
//! ```
//!
//! The three ways take turns, so that all of them meet the same moods of the machine. Everything is
//! warm: the first round is not counted. It measures `cargo xtask` as students start it, and shares the
//! stage with it: grade nothing else meanwhile.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const LAB: &str = "labs/12-mmap";
const FILES: [&str; 3] = ["src/map.rs", "src/counter.rs", "src/bump.rs"];
/// The line after which the edit goes.
const AT: &str = "    pub fn add(&self, n: u64) -> io::Result<u64> {\n";
const ROUNDS: usize = 15;

fn main() -> io::Result<()> {
    let rounds = env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(ROUNDS);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = root.unwrap_or(Path::new("."));
    let submission = tempfile::tempdir()?;
    fs::create_dir(submission.path().join("src"))?;
    for file in FILES {
        fs::copy(
            root.join("crates/mmap").join(file),
            submission.path().join(file),
        )?;
    }
    let bench = Bench {
        stage: target(root).join("interlock/stage/0"),
        counter: fs::read_to_string(root.join("crates/mmap/src/counter.rs"))?,
        submission: submission.path().to_owned(),
        root: root.to_owned(),
    };
    let mut ways: [(&str, Way, Vec<Duration>); 3] = [
        ("cargo build", Bench::build, Vec::new()),
        ("first verdict", Bench::first_verdict, Vec::new()),
        ("cargo xtask lab 12", Bench::whole_lab, Vec::new()),
    ];
    // Builds whatever is not built yet, the stage among it.
    bench.whole_lab(0)?;
    for round in 0..=rounds {
        for (number, (_, way, times)) in ways.iter_mut().enumerate() {
            let time = way(&bench, 1 + 3 * round + number)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    print(rounds, ways.map(|(name, _, times)| (name, times)))
}

type Way = fn(&Bench, usize) -> io::Result<Duration>;

struct Bench {
    root: PathBuf,
    /// Where submissions are built.
    stage: PathBuf,
    submission: PathBuf,
    /// The reference, before any edit.
    counter: String,
}

impl Bench {
    /// The reference with one line more; a different one each time.
    fn edit(&self, number: usize, file: &Path) -> io::Result<()> {
        let edit = format!("{AT}        std::hint::black_box({number});\n");
        fs::write(file, self.counter.replacen(AT, &edit, 1))
    }

    /// The compiler alone.
    fn build(&self, number: usize) -> io::Result<Duration> {
        self.edit(number, &self.stage.join(LAB).join("src/counter.rs"))?;
        let mut cargo = cargo(&self.stage);
        cargo
            .args(["build", "--quiet", "--bin", "lab12-driver"])
            .arg("--target-dir")
            .arg(self.stage.join("target"));
        time(cargo)
    }

    fn first_verdict(&self, number: usize) -> io::Result<Duration> {
        self.grade(number, &["--check", "any_offset"])
    }

    fn whole_lab(&self, number: usize) -> io::Result<Duration> {
        self.grade(number, &[])
    }

    fn grade(&self, number: usize, arguments: &[&str]) -> io::Result<Duration> {
        self.edit(number, &self.submission.join("src/counter.rs"))?;
        let mut cargo = cargo(&self.root);
        cargo
            .args(["xtask", "lab", "12", "--seed", "1", "--submission"])
            .arg(&self.submission)
            .args(arguments);
        time(cargo)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is measured is what a student starts"
)]
fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    cargo
}

/// How long a program takes that must end well.
fn time(mut command: Command) -> io::Result<Duration> {
    let began = Instant::now();
    let status = command.status()?;
    let time = began.elapsed();
    if status.success() {
        Ok(time)
    } else {
        Err(io::Error::other(format!("{command:?}: {status}")))
    }
}

/// Cargo's target folder.
fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

fn print(rounds: usize, ways: [(&str, Vec<Duration>); 3]) -> io::Result<()> {
    let mut out = io::stdout();
    let seconds = |time: Duration| time.as_secs_f64();
    writeln!(
        out,
        "{rounds} rounds, seconds        min  median     max   median / cargo build"
    )?;
    let mut bare = None;
    for (name, mut times) in ways {
        times.sort_unstable();
        let [Some(min), Some(median), Some(max)] = [
            times.first().copied(),
            times.get(times.len() / 2).copied(),
            times.last().copied(),
        ] else {
            return Ok(());
        };
        let bare = seconds(*bare.get_or_insert(median));
        writeln!(
            out,
            "{name:22} {:>7.2} {:>7.2} {:>7.2}   {:.1}",
            seconds(min),
            seconds(median),
            seconds(max),
            seconds(median) / bare,
        )?;
    }
    Ok(())
}
