//! The litmus table: what is produced, what is allowed, and what the axioms say to both.

use interleave::model::Model;
use libtest_mimic::{Failed, Trial};
use real::collections::BTreeSet;

use super::numbers::{self, FALSE_ALARMS, LITMUS, MISSED, OUTCOMES};
use crate::programs::litmus::axioms;
use crate::programs::litmus::machine::execute;
use crate::programs::litmus::notation::{Outcome, Test};
use crate::programs::litmus::rows::{self, Row, Why};

/// Two tests for each row: the table against the checker, and the table against the axioms.
pub(super) fn trials() -> Vec<Trial> {
    let produced = rows::all().map(|row| {
        Trial::test(format!("litmus::{}", path(row)), || {
            compare(row).map_err(Failed::from)
        })
    });
    let allowed = rows::all().map(|row| {
        Trial::test(format!("axioms::{}", path(row)), || {
            verify(row).map_err(Failed::from)
        })
    });
    produced.chain(allowed).collect()
}

/// A line for each row.
pub(super) fn report(line: &mut dyn FnMut(String)) {
    for row in rows::all() {
        let verdict = if compare(row).is_ok() {
            "as listed"
        } else {
            "NOT AS LISTED"
        };
        let test = Test::parse(row.text);
        let produced = words(&test, &produced(&test)).join(" ");
        line(format!(
            "{}: {}: {verdict}: {produced}",
            path(row),
            row.text
        ));
    }
}

fn path(row: &Row) -> String {
    format!("{}::{}", row.family, row.name)
        .replace([' ', ','], "_")
        .replace("__", "_")
}

/// All that the checker produces. More deviations than that no row needs.
pub(super) fn produced(test: &Test) -> BTreeSet<Outcome> {
    let test = test.clone();
    Model::new().budget(8).outcomes(move || execute(&test))
}

fn words(test: &Test, outcomes: &BTreeSet<Outcome>) -> Vec<String> {
    outcomes.iter().map(|outcome| test.show(outcome)).collect()
}

fn compare(row: &Row) -> Result<(), String> {
    let test = Test::parse(row.text);
    let produced = numbers::timed(&path(row), || produced(&test));
    LITMUS.add(1);
    OUTCOMES.add(produced.len() as u64);
    MISSED.add(row.missed.len() as u64);
    let allowed: Vec<&str> = row.allowed.split_whitespace().collect();
    let produced = words(&test, &produced);
    let forbidden: Vec<_> = produced
        .iter()
        .filter(|outcome| !allowed.contains(&outcome.as_str()))
        .collect();
    if !forbidden.is_empty() {
        FALSE_ALARMS.add(1);
        return Err(format!(
            "{}: produced, but forbidden: {forbidden:?}",
            row.text
        ));
    }
    let listed = |outcome: &str| row.missed.iter().any(|missed| missed.0 == outcome);
    let stated: Vec<_> = allowed
        .into_iter()
        .filter(|outcome| !listed(outcome))
        .collect();
    if stated != produced {
        return Err(format!(
            "{}: stated {stated:?}, produced {produced:?}",
            row.text
        ));
    }
    Ok(())
}

fn verify(row: &Row) -> Result<(), String> {
    let test = Test::parse(row.text);
    let found = axioms::allowed(&test);
    let allowed: Vec<String> = found.keys().map(|outcome| test.show(outcome)).collect();
    if allowed.join(" ") != row.allowed {
        return Err(format!("{}: the axioms allow {allowed:?}", row.text));
    }
    for missed in row.missed {
        let need = found
            .iter()
            .find(|(outcome, _)| test.show(outcome) == missed.0);
        let why = need.map(|(_, need)| Why::of(*need));
        if why != Some(missed.1) {
            return Err(format!(
                "{}: {} is missed because of {why:?}",
                row.text, missed.0
            ));
        }
    }
    Ok(())
}
