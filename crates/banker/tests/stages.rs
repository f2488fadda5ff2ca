//! All stages of the safety test say the same as trying every order, and what they return works.

use banker::{
    BankError, Banker, Decision, Incremental, State, adaptive, compacting, explain, rounds,
    watching,
};
use proptest::prelude::*;

mod common;

use common::{Tables, tables};

/// A stage.
type Test = fn(&State) -> Option<Vec<usize>>;

const STAGES: [(&str, Test); 4] = [
    ("rounds", rounds::safe_sequence),
    ("compacting", compacting::safe_sequence),
    ("watching", watching::safe_sequence),
    ("adaptive", adaptive::safe_sequence),
];

fn state(tables: &Tables) -> State {
    State::new(&tables.total, &tables.claim, &tables.allocation).expect("tables that fit together")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn safe_is_what_some_order_proves(tables in tables(6, 3)) {
        let safe = tables.safe_by_trying_everything();
        let banker = Banker::from_tables(&tables.total, &tables.claim, &tables.allocation).unwrap();
        let walk = explain::walk(&state(&tables));
        let mut found = vec![
            ("the reference", banker.safe_sequence()),
            ("explain", walk.sequence()),
        ];
        found.extend(STAGES.map(|(name, test)| (name, test(&state(&tables)))));
        for (name, sequence) in found {
            prop_assert_eq!(sequence.is_some(), safe, "{}", name);
            if let Some(sequence) = sequence {
                prop_assert!(tables.works(&sequence), "{}: {:?}", name, sequence);
            }
        }
    }

    #[test]
    fn large_states_are_as_the_simplest_stage_says(tables in tables(200, 5)) {
        let naive = rounds::safe_sequence(&state(&tables));
        for (name, test) in STAGES {
            let sequence = test(&state(&tables));
            prop_assert_eq!(sequence.is_some(), naive.is_some(), "{}", name);
            prop_assert!(sequence.is_none_or(|order| tables.works(&order)), "{}", name);
        }
    }

    /// Everything that can be asked of a banker, in any order, right or wrong.
    #[test]
    fn the_incremental_banker_answers_as_the_reference(
        total in prop::collection::vec(1..=6_u32, 1..=3),
        acts in prop::collection::vec((0..10_u8, 0..8_usize, prop::collection::vec(0..=4_u32, 3)), 1..80),
    ) {
        let mut plain = Banker::new(&total);
        let mut fast = Incremental::new(&total);
        for (act, p, mut row) in acts {
            row.truncate(total.len());
            match act {
                0 | 1 => prop_assert_eq!(fast.admit(&row), plain.admit(&row)),
                2 => prop_assert_eq!(fast.leave(p), plain.leave(p)),
                3..=4 => prop_assert_eq!(fast.release(p, &row), plain.release(p, &row)),
                _ => prop_assert_eq!(fast.request(p, &row), plain.request(p, &row)),
            }
            prop_assert_eq!(fast.available(), plain.available());
            let order = fast.safe_sequence();
            let mut work = plain.available();
            let mut named = Vec::new();
            for p in &order {
                named.push(*p);
                let need = plain.need(*p);
                prop_assert_eq!(need.len(), total.len(), "{} has left", p);
                prop_assert!(need.iter().zip(&work).all(|(need, work)| need <= work), "{:?}", order);
                for (work, held) in work.iter_mut().zip(plain.allocation(*p)) {
                    *work += held;
                }
            }
            named.sort_unstable();
            let live = (0..100).filter(|p| !plain.need(*p).is_empty());
            prop_assert_eq!(named, live.collect::<Vec<_>>());
        }
    }
}

/// Many claims, of which few fit at a time: long walks along the order, and refusals.
#[test]
fn many_processes_at_an_incremental_banker() {
    let mut plain = Banker::new(&[40, 40]);
    let mut fast = Incremental::new(&[40, 40]);
    let mut seed = 7_u64;
    let mut below = |limit: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % limit
    };
    let (mut granted, mut refused) = (0, 0);
    for _ in 0..60 {
        let claim = [10 + below(31) as u32, 10 + below(31) as u32];
        assert_eq!(plain.admit(&claim), fast.admit(&claim));
    }
    for _ in 0..6_000 {
        let p = below(60) as usize;
        let row = [below(4) as u32, below(4) as u32];
        if below(5) == 0 {
            let all = plain.allocation(p);
            assert_eq!(plain.release(p, &all), Ok(()));
            assert_eq!(fast.release(p, &all), Ok(()));
        } else {
            let decision = plain.request(p, &row);
            assert_eq!(decision, fast.request(p, &row));
            match decision {
                Ok(Decision::Granted) => granted += 1,
                Ok(Decision::MustWait(_)) => refused += 1,
                Err(_) => {}
            }
        }
    }
    assert!(granted > 500 && refused > 500, "{granted} and {refused}");
}

#[test]
fn tables_that_do_not_fit_together_are_typed_errors() {
    let tables = |claim: &[&[u32]], allocation: &[&[u32]]| {
        let rows = |rows: &[&[u32]]| rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>();
        State::new(&[3, 3], &rows(claim), &rows(allocation)).unwrap_err()
    };
    let dimension = |want, got| BankError::Dimension { want, got };
    assert_eq!(tables(&[&[1, 1]], &[]), dimension(1, 0));
    assert_eq!(tables(&[&[1]], &[&[1, 1]]), dimension(2, 1));
    assert_eq!(tables(&[&[1, 1]], &[&[1, 1, 1]]), dimension(2, 3));
    assert_eq!(
        tables(&[&[1, 4]], &[&[0, 0]]),
        BankError::ExceedsTotal { r: 1 }
    );
    let exceeds = BankError::ExceedsClaim {
        r: 0,
        need: 1,
        asked: 2,
    };
    assert_eq!(tables(&[&[1, 1]], &[&[2, 0]]), exceeds);
    let held = tables(&[&[2, 2], &[2, 2]], &[&[2, 2], &[1, 2]]);
    assert_eq!(held, BankError::ExceedsTotal { r: 1 });
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    const MOST: u32 = u32::MAX;
    let tables = Tables {
        total: vec![MOST, MOST],
        claim: vec![vec![MOST, MOST], vec![MOST, 1]],
        allocation: vec![vec![MOST - 1, 0], vec![0, 0]],
    };
    for (name, test) in STAGES {
        let sequence = test(&state(&tables)).unwrap();
        assert!(tables.works(&sequence), "{name}");
    }
    let mut fast = Incremental::new(&[MOST]);
    let p = fast.admit(&[MOST]).unwrap();
    assert_eq!(fast.request(p, &[MOST]), Ok(Decision::Granted));
    let error = BankError::ExceedsClaim {
        r: 0,
        need: 0,
        asked: MOST,
    };
    assert_eq!(fast.request(p, &[MOST]), Err(error));
    assert_eq!(fast.release(p, &[MOST]), Ok(()));
}
