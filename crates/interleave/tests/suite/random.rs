//! Random litmus tests against the axioms.
//!
//! Whatever is produced must be allowed. And as long as nothing is `SeqCst`, whatever is allowed and needs no more than
//! executing operations one after the other must be produced: there the checker is exact.

use libtest_mimic::{Failed, Trial};
use real::sync::atomic::Ordering::SeqCst;

use super::litmus::produced;
use super::numbers::FALSE_ALARMS;
use crate::programs::litmus::axioms::{self, Need};
use crate::programs::litmus::notation::Test;
use crate::programs::litmus::random;

/// So many in a test, so that a failure is found by a short one.
const EACH: u64 = 100;

/// Tests of a hundred random programs each. `INTERLEAVE_RANDOM` in the environment asks for more of them.
pub(super) fn trials() -> Vec<Trial> {
    let asked = real::env::var("INTERLEAVE_RANDOM")
        .ok()
        .and_then(|times| times.parse().ok());
    let trial = |i: u64| {
        Trial::test(format!("random::{}", i * EACH), move || {
            (i * EACH..(i + 1) * EACH)
                .try_for_each(compare)
                .map_err(Failed::from)
        })
    };
    (0..asked.unwrap_or(5)).map(trial).collect()
}

fn compare(seed: u64) -> Result<(), String> {
    let test = random::test(seed);
    let (produced, allowed) = (produced(&test), axioms::allowed(&test));
    let text = || format!("program {seed}: {:?}", test.threads);
    if let Some(forbidden) = produced
        .iter()
        .find(|outcome| !allowed.contains_key(*outcome))
    {
        FALSE_ALARMS.add(1);
        return Err(format!(
            "{} produces {}, which is forbidden",
            text(),
            test.show(forbidden)
        ));
    }
    let missed = allowed
        .iter()
        .find(|(outcome, need)| **need == Need::Nothing && !produced.contains(*outcome));
    match missed {
        Some((outcome, _)) if !has_strong(&test) => {
            Err(format!("{} misses {}", text(), test.show(outcome)))
        }
        _ => Ok(()),
    }
}

fn has_strong(test: &Test) -> bool {
    test.threads.iter().flatten().any(|op| op.order == SeqCst)
}
