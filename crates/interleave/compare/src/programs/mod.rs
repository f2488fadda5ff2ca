//! The programs that take part: those on atomics and threads alone. One with a futex, a time-out or a thread's death
//! exists in interleave only.

pub(crate) mod classics;
#[path = "../../../tests/programs/program.rs"]
pub(crate) mod program;
#[path = "../../../tests/programs/support.rs"]
pub(crate) mod support;

/// Without an argument lists the programs; with one, checks that program, and prints how many executions and microseconds
/// that took.
pub(crate) fn main(check: impl Fn(fn()) -> u64) {
    use real::println;

    let name = real::env::args().nth(1);
    for program in classics::all() {
        let right = program.expected == program::Expected::Passes;
        match &name {
            None => println!(
                "{} {}",
                program.path(),
                if right { "right" } else { "wrong" }
            ),
            Some(name) if *name == program.path() => {
                let begin = real::time::Instant::now();
                let executions = check(program.run);
                println!("checked {executions} {}", begin.elapsed().as_micros());
            }
            Some(_) => {}
        }
    }
}
