//! What is pruned is not missed: the same results with and without the set of visited states.

use interleave::model::Model;
use libtest_mimic::{Failed, Trial};
use real::collections::BTreeSet;

use crate::programs::classics::all;
use crate::programs::litmus::machine::execute;
use crate::programs::litmus::notation::{Outcome, Test};
use crate::programs::litmus::{random, rows};
use crate::programs::program::Expected;

/// Programs that have more executions than this without the set are left out.
const EXECUTIONS_AT_MOST: u64 = 60_000;

/// The table's rows, random programs, and the classics' verdicts.
pub(super) fn trials() -> Vec<Trial> {
    let both = |name: String, test: Test| {
        Trial::test(name, move || {
            for budget in 1..=3 {
                let (with, without) = (results(&test, budget, true), results(&test, budget, false));
                if with != without {
                    return Err(Failed::from(format!(
                        "budget {budget}: {with:?}, {without:?}"
                    )));
                }
            }
            Ok(())
        })
    };
    let listed = rows::all().filter(|row| row.text.len() < 30).map(|row| {
        both(
            format!("visited::{}: {}", row.family, row.name),
            Test::parse(row.text),
        )
    });
    let rolled = (0..40).map(|seed| both(format!("visited::random {seed}"), random::test(seed)));
    listed
        .chain(rolled)
        .chain([Trial::test("visited::classics", verdicts)])
        .collect()
}

fn results(test: &Test, budget: u8, reduction: bool) -> BTreeSet<Outcome> {
    let test = test.clone();
    Model::new()
        .budget(budget)
        .reduction(reduction)
        .outcomes(move || execute(&test))
}

/// A right program passes without the set, too, and a wrong one fails, at the budget at which it fails with it.
fn verdicts() -> Result<(), Failed> {
    let mut compared = 0;
    for program in all() {
        let run = program.run;
        let check = |reduction| {
            Model::new()
                .budget(program.budget.min(2))
                .executions(EXECUTIONS_AT_MOST)
                .free_choice(false)
                .reduction(reduction)
                .check(run)
        };
        let (with, without) = (check(true), check(false));
        if matches!(without.verdict, interleave::model::Verdict::Cut { .. }) {
            continue;
        }
        compared += 1;
        let found = |report: &interleave::model::Report| report.counterexample().map(|c| c.kind());
        let budget = |replay: &str| replay.split(':').next().map(str::to_owned);
        let at = |report: &interleave::model::Report| {
            report
                .counterexample()
                .and_then(|found| budget(found.replay()))
        };
        if with.passed() != without.passed()
            || found(&with).is_some() != found(&without).is_some()
            || at(&with) != at(&without)
        {
            let path = program.path();
            return Err(Failed::from(format!(
                "{path}:\nwith: {with}\nwithout: {without}"
            )));
        }
    }
    let enough = all()
        .iter()
        .filter(|program| program.expected != Expected::Passes)
        .count();
    if compared < enough {
        return Err(Failed::from(format!(
            "only {compared} programs were compared"
        )));
    }
    Ok(())
}
