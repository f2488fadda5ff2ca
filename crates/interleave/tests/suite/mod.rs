//! What is done with the programs: checked, counted, compared, reported.

use libtest_mimic::{Arguments, Trial};
use real::{print, println};

mod classics;
mod litmus;
mod numbers;
mod random;
mod twice;
mod visited;

/// The whole suite as tests, or as a report.
pub(crate) fn main() {
    if real::env::args().any(|argument| argument == "--report") {
        return report();
    }
    let mut arguments = Arguments::from_args();
    // One model at a time: its stacks and heaps have fixed addresses.
    arguments.test_threads = Some(1);
    let trials: Vec<Trial> = [
        litmus::trials(),
        random::trials(),
        classics::trials(),
        visited::trials(),
        twice::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        println!("{}", numbers::summary());
    }
    conclusion.exit();
}

/// Everything that the suite finds, without times.
fn report() {
    litmus::report(&mut |line| println!("{line}"));
    classics::report(&mut |line| println!("{line}"));
    print!("{}", numbers::counts());
}
