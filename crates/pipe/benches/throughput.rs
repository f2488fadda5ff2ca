//! 1 GiB through pipelines of 3, 30 and 300 stages: `Pipeline` beside a shell, as a ratio.
//!
//! ```text
//! cargo bench -p pipe
//! ```
//!
//! Both start the same programs, `head -c 1073741824 /dev/zero | cat | … | wc -c`, in turn, and the best
//! time of each counts: what else the machine does only ever makes it longer. A ratio of 1 is what must come out: once the stages run,
//! nobody stands between them. `capture` is measured apart, since its bytes pass through this process
//! twice. That nothing is left or grows is for `tests/nothing_grows.rs` to say.

#![expect(clippy::print_stdout, reason = "a benchmark shows what it measures")]

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use pipe::{Exit, Pipeline, Stage, capture};

const GIBIBYTE: u64 = 1 << 30;
/// With so many stages a whole gibibyte would take minutes.
const LESS: u64 = GIBIBYTE / 16;

fn main() -> Result<(), Box<dyn Error>> {
    println!("stages       MiB   Pipeline   MiB/s      shell   MiB/s   ratio");
    for (stages, bytes, rounds) in [(3, GIBIBYTE, 7), (30, GIBIBYTE, 2), (300, LESS, 2)] {
        let programs = programs(stages, bytes);
        let shell = [stage(&["sh", "-c", &written(&programs)])];
        let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
        for _ in 0..rounds {
            ours = ours.min(time(&programs, bytes)?);
            theirs = theirs.min(time(&shell, bytes)?);
        }
        let mebibytes = bytes >> 20;
        let rate = |time: Duration| mebibytes as f64 / time.as_secs_f64();
        println!(
            "{stages:>6} {mebibytes:>9} {:>8.2} s {:>7.0} {:>8.2} s {:>7.0}    {:.2}",
            ours.as_secs_f64(),
            rate(ours),
            theirs.as_secs_f64(),
            rate(theirs),
            theirs.as_secs_f64() / ours.as_secs_f64(),
        );
    }
    let input = vec![b'x'; 256 << 20];
    let began = Instant::now();
    let captured = capture(&[stage(&["cat"])], &input)?;
    let took = began.elapsed().as_secs_f64();
    assert_eq!(captured.stdout.len(), input.len());
    println!("capture of 256 MiB through cat: {:.0} MiB/s", 256.0 / took);
    Ok(())
}

fn programs(stages: usize, bytes: u64) -> Vec<Stage> {
    let mut programs = vec![stage(&["head", "-c", &bytes.to_string(), "/dev/zero"])];
    programs.extend((2..stages).map(|_| stage(&["cat"])));
    programs.push(stage(&["wc", "-c"]));
    programs
}

fn stage(words: &[&str]) -> Stage {
    Stage {
        argv: words.iter().map(OsString::from).collect(),
    }
}

/// As a shell reads it.
fn written(programs: &[Stage]) -> String {
    let commands: Vec<String> = programs
        .iter()
        .map(|stage| stage.argv.join(" ".as_ref()).to_string_lossy().into_owned())
        .collect();
    commands.join(" | ")
}

/// How long it takes to start all stages, to move the bytes, and to wait for everybody.
fn time(stages: &[Stage], bytes: u64) -> Result<Duration, Box<dyn Error>> {
    let (mut reads, writes) = io::pipe()?;
    let began = Instant::now();
    let pipeline = Pipeline::start(
        stages,
        File::open("/dev/null")?.into(),
        OwnedFd::from(writes),
    )?;
    let mut counted = String::new();
    reads.read_to_string(&mut counted)?;
    let ends = pipeline.wait()?;
    let took = began.elapsed();
    assert_eq!(counted.trim(), bytes.to_string(), "bytes were lost");
    assert!(ends.iter().all(|end| *end == Exit::Code(0)), "{ends:?}");
    Ok(took)
}
