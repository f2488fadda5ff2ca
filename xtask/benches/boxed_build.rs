//! The build of a submission in a box, beside the same build without one. Prints figures; exits with
//! 1 if the box costs more than a twentieth.
//!
//! ```text
//! cargo bench -p xtask --bench boxed_build            # 20 rounds
//! cargo test -p xtask --bench boxed_build -- 5        # without an optimised build first
//! ```
//!
//! The two take turns, so that both meet the same moods of the machine. What is compared is the time
//! that the grader itself reports of its build; the first round is not counted. It shares the stage
//! with `cargo xtask`: grade nothing else meanwhile.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::{Command, ExitCode},
};

const FILES: [&str; 3] = ["src/map.rs", "src/counter.rs", "src/bump.rs"];
const ROUNDS: usize = 20;
/// At most so many times the bare build.
const GOAL: f64 = 1.05;

fn main() -> io::Result<ExitCode> {
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
    let mut times = [("none", Vec::new()), ("namespaces", Vec::new())];
    for round in 0..=rounds {
        for (level, times) in &mut times {
            let seconds = build(root, submission.path(), level)?;
            if round > 0 {
                times.push(seconds);
            }
        }
    }
    let mut out = io::stdout();
    writeln!(out, "{rounds} rounds, seconds    min  median     max")?;
    let mut medians = Vec::new();
    for (level, times) in &mut times {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let (least, most) = (times[0], times[times.len() - 1]);
        writeln!(out, "{level:18} {least:8.2} {median:7.2} {most:7.2}")?;
        medians.push(median);
    }
    let ratio = medians[1] / medians[0];
    writeln!(out, "in a box, by without: {ratio:.3} (at most {GOAL})")?;
    Ok(if ratio <= GOAL {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Grades at a level, and tells how long the build took.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured is what an instructor starts"
)]
fn build(root: &Path, submission: &Path, level: &str) -> io::Result<f64> {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(root)
        .args(["lab", "12", "--check", "mmap_refused", "--format", "json"])
        .args(["--isolation", level, "--submission"])
        .arg(submission)
        .output()?;
    let result: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    result["build"]["seconds"].as_f64().ok_or_else(|| {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        io::Error::other(format!("no build at level {level}: {words}{result}"))
    })
}
