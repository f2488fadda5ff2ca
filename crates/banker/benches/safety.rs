//! The stages of the safety test beside each other, as ratios.
//!
//! ```text
//! cargo bench -p banker
//! cargo bench -p banker -- --large     also 100 000 processes; minutes
//! ```
//!
//! Rounds of all stages are interleaved, and of each the 10th percentile counts: what else the
//! machine does only ever makes it longer. *Easy*: everybody can finish in its turn. *Reverse*: the
//! last process must finish first, then the last but one. *Shuffled*: as reverse, but in a random
//! order, which no direction of a scan helps. And one request to a banker that keeps its sequence,
//! beside a test from the beginning.

#![expect(clippy::print_stdout, reason = "a benchmark shows what it measures")]

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use banker::{BankError, Incremental, State, adaptive, compacting, rounds, watching};

/// A stage.
type Test = fn(&State) -> Option<Vec<usize>>;

const STAGES: [(&str, Test); 4] = [
    ("rounds", rounds::safe_sequence),
    ("compacting", compacting::safe_sequence),
    ("watching", watching::safe_sequence),
    ("adaptive", adaptive::safe_sequence),
];

fn main() -> Result<(), Box<dyn Error>> {
    let large = env::args().any(|argument| argument == "--large");
    println!(
        "order      processes  resources  stage              µs   of compacting   times as fast as rounds"
    );
    for (name, order) in [
        ("easy", None),
        ("reverse", Some(false)),
        ("shuffled", Some(true)),
    ] {
        for n in [1_000, 10_000, 100_000] {
            // Ten billion rows, and the processor's for half a minute.
            if n > 10_000 && !(large || order.is_none()) {
                continue;
            }
            for m in [8, 64] {
                if n > 10_000 && m > 8 {
                    continue;
                }
                let state = chain(n, m, order)?;
                compare(name, &state);
            }
        }
    }
    one_request()?;
    Ok(())
}

/// Everybody holds one of each. At an easy state nobody needs more than there is; else the k-th
/// needs k.
fn chain(n: usize, m: usize, order: Option<bool>) -> Result<State, BankError> {
    let mut ranks: Vec<u32> = match order {
        None => vec![0; n],
        Some(_) => (0..n as u32).rev().collect(),
    };
    if order == Some(true) {
        let mut seed = 7_u64;
        for at in (1..n).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ranks.swap(at, (seed >> 33) as usize % (at + 1));
        }
    }
    let claim: Vec<Vec<u32>> = ranks.iter().map(|rank| vec![rank + 1; m]).collect();
    State::new(&vec![n as u32; m], &claim, &vec![vec![1; m]; n])
}

fn compare(name: &str, state: &State) {
    let (n, m) = (state.processes(), state.resources());
    let quadratic = name != "easy";
    // So that all of it stays below some seconds.
    let times = match (quadratic, n) {
        (true, 100_000) => 1,
        (true, 10_000) => 5,
        (true, _) => 60,
        (false, _) => 2_000_000 / n,
    };
    let mut took: [Vec<f64>; 4] = Default::default();
    for _ in 0..times {
        for ((_, test), took) in STAGES.iter().zip(&mut took) {
            let began = Instant::now();
            let sequence = test(black_box(state));
            took.push(began.elapsed().as_secs_f64() * 1e6);
            assert_eq!(black_box(sequence).map(|order| order.len()), Some(n));
        }
    }
    let took = took.map(|mut took| percentile(&mut took));
    for ((stage, _), this) in STAGES.iter().zip(took) {
        println!(
            "{name:9} {n:>10} {m:>10}  {stage:10} {this:>10.1} {:>15.2} {:>25.1}",
            this / took[1],
            took[0] / this
        );
    }
}

/// The 10th percentile.
fn percentile(took: &mut [f64]) -> f64 {
    took.sort_by(f64::total_cmp);
    took[took.len() / 10]
}

/// A request and a release, of a process somewhere in the middle.
fn one_request() -> Result<(), BankError> {
    for n in [1_000_usize, 10_000] {
        let m = 8;
        let mut bank = Incremental::new(&vec![2 * n as u32; m]);
        for p in 0..n {
            bank.admit(&vec![(n - p) as u32; m])?;
        }
        for p in 0..n {
            bank.request(p, &vec![1; m])?;
        }
        let claim: Vec<Vec<u32>> = (0..n).map(|p| vec![(n - p) as u32; m]).collect();
        let held = vec![vec![1; m]; n];
        let state = State::new(&vec![2 * n as u32; m], &claim, &held)?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let more = vec![1; m];
        for _ in 0..200 {
            let began = Instant::now();
            bank.request(n / 2, &more)?;
            bank.release(n / 2, &more)?;
            ours.push(began.elapsed().as_secs_f64() * 1e6);
            let began = Instant::now();
            black_box(adaptive::safe_sequence(black_box(&state)));
            theirs.push(began.elapsed().as_secs_f64() * 1e6);
        }
        let (ours, theirs) = (percentile(&mut ours), percentile(&mut theirs));
        println!(
            "request   {n:>10} {m:>10}  incremental {ours:>9.3}; a whole adaptive test takes {:.0} times as long",
            theirs / ours
        );
    }
    Ok(())
}
