//! The classics: right versions pass, wrong ones fail as expected.

use interleave::model::{Kind, Model, Report, Verdict};
use libtest_mimic::{Failed, Trial};

use super::numbers::{self, EXECUTIONS, FALSE_ALARMS, KILLS, PROGRAMS, WRONG};
use crate::programs::classics::all;
use crate::programs::program::{Expected, Failure, Program};

/// A passing check must not take longer than this many executions: that is about three seconds.
const EXECUTIONS_AT_MOST: u64 = 1_000_000;

/// A test for each program.
pub(super) fn trials() -> Vec<Trial> {
    let trial = |program: Program| {
        Trial::test(format!("classics::{}", program.path()), move || {
            let report = check(&program);
            judge(&program, &report).map_err(Failed::from)
        })
    };
    all().into_iter().map(trial).collect()
}

/// A line for each program, and the counterexample of each wrong one.
pub(super) fn report(line: &mut dyn FnMut(String)) {
    for program in all() {
        let report = check(&program);
        let verdict = match judge(&program, &report) {
            Ok(()) => "as expected",
            Err(_) => "NOT AS EXPECTED",
        };
        line(format!(
            "{} ({} executions): {verdict}",
            program.path(),
            report.executions
        ));
        line(format!("{report}\n"));
    }
}

fn check(program: &Program) -> Report {
    let run = program.run;
    let report = numbers::timed(&program.path(), || {
        Model::new()
            .budget(program.budget)
            .executions(EXECUTIONS_AT_MOST)
            .check(run)
    });
    PROGRAMS.add(1);
    EXECUTIONS.add(report.executions);
    match (program.expected, &report.verdict) {
        (Expected::Passes, Verdict::Failed(_)) => FALSE_ALARMS.add(1),
        (Expected::Passes, _) => {}
        (_, Verdict::Failed(_)) => {
            WRONG.add(1);
            KILLS.add(1);
        }
        (_, _) => WRONG.add(1),
    }
    report
}

fn judge(program: &Program, report: &Report) -> Result<(), String> {
    match program.expected {
        Expected::Passes | Expected::Missed(_) if report.passed() => Ok(()),
        Expected::Passes => Err(format!("a right program is refused:\n{report}")),
        Expected::Missed(why) => Err(format!("this is no longer missed ({why}):\n{report}")),
        Expected::Fails(flaw, failure) => match report.counterexample() {
            None => Err(format!("a flaw of kind {flaw:?} is missed: {report}")),
            Some(found) if found.kind() != kind(failure) => Err(format!(
                "expected {failure:?}, found {}:\n{report}",
                found.kind()
            )),
            Some(_) => Ok(()),
        },
    }
}

fn kind(failure: Failure) -> Kind {
    match failure {
        Failure::Race => Kind::Race,
        Failure::Endless => Kind::NoEnd,
        Failure::Freed => Kind::UseAfterFree,
        Failure::Panic => Kind::Panic,
        Failure::Stuck => Kind::Deadlock,
        Failure::Spins => Kind::SpinsForEver,
    }
}
