//! The request algorithm: decisions, and errors that change nothing.

use banker::{BankError, Banker, Decision, Why};
use proptest::prelude::*;

mod common;

use common::tables;

/// The state of the books: five processes, three resources.
fn textbook() -> Banker {
    let rows = |rows: [[u32; 3]; 5]| rows.map(|row| row.to_vec());
    let claim = rows([[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]]);
    let allocation = rows([[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]]);
    Banker::from_tables(&[10, 5, 7], &claim, &allocation).expect("tables that fit together")
}

#[test]
fn textbook_decisions() {
    let mut banker = textbook();
    assert_eq!(banker.available(), [3, 3, 2]);
    assert_eq!(banker.need(0), [7, 4, 3]);
    assert_eq!(banker.safe_sequence(), Some(vec![1, 3, 4, 0, 2]));
    assert_eq!(banker.request(1, &[1, 0, 2]), Ok(Decision::Granted));
    assert_eq!(banker.available(), [2, 3, 0]);
    let not_there = Decision::MustWait(Why::NotAvailable);
    assert_eq!(banker.request(4, &[3, 3, 0]), Ok(not_there));
    let not_safe = Decision::MustWait(Why::Unsafe);
    assert_eq!(banker.request(0, &[0, 2, 0]), Ok(not_safe));
}

#[test]
fn errors_change_nothing() {
    let mut banker = textbook();
    let before = banker.clone();
    let dimension = |got| BankError::Dimension { want: 3, got };
    let exceeds = BankError::ExceedsClaim {
        r: 1,
        need: 2,
        asked: u32::MAX,
    };
    assert_eq!(banker.request(1, &[1, u32::MAX, 9]), Err(exceeds));
    assert_eq!(banker.request(5, &[]), Err(BankError::UnknownProcess(5)));
    assert_eq!(banker.request(1, &[1, 1]), Err(dimension(2)));
    let not_held = BankError::NotHeld { r: 1, held: 0 };
    assert_eq!(banker.release(1, &[2, 1, 0]), Err(not_held));
    assert_eq!(banker.release(1, &[2, 0, 0, 0]), Err(dimension(4)));
    assert_eq!(
        banker.admit(&[1, 6, 8]),
        Err(BankError::ExceedsTotal { r: 1 })
    );
    assert_eq!(banker.admit(&[]), Err(dimension(0)));
    assert_eq!(banker.leave(9), Err(BankError::UnknownProcess(9)));
    assert_eq!(banker, before);
}

#[test]
fn who_has_left_is_unknown_and_its_number_stays_free() {
    let mut banker = textbook();
    assert_eq!(banker.leave(2), Ok(()));
    assert_eq!(banker.available(), [6, 3, 4]);
    assert_eq!(banker.leave(2), Err(BankError::UnknownProcess(2)));
    assert_eq!(banker.admit(&[0, 0, 0]), Ok(5));
    let mut sequence = banker.safe_sequence().unwrap();
    sequence.sort_unstable();
    assert_eq!(sequence, [0, 1, 3, 4, 5]);
    assert!(banker.need(2).is_empty() && banker.allocation(2).is_empty());
}

proptest! {
    /// Granted exactly if it is there and the state afterwards is safe; otherwise nothing changes.
    #[test]
    fn a_request_is_granted_if_the_state_stays_safe(
        tables in tables(5, 3),
        p in 0..5_usize,
        parts in prop::collection::vec(0..=4_u32, 3),
    ) {
        prop_assume!(p < tables.claim.len());
        let mut banker = Banker::from_tables(&tables.total, &tables.claim, &tables.allocation).unwrap();
        let req: Vec<u32> = banker.need(p).iter().zip(parts).map(|(n, part)| n * part / 4).collect();
        let before = banker.clone();
        let decision = banker.request(p, &req).unwrap();
        let there = req.iter().zip(tables.available()).all(|(asked, there)| *asked <= there);
        let mut after = tables.clone();
        for (held, asked) in after.allocation[p].iter_mut().zip(&req) {
            *held += asked;
        }
        let expected = if !there {
            Decision::MustWait(Why::NotAvailable)
        } else if after.safe_by_trying_everything() {
            Decision::Granted
        } else {
            Decision::MustWait(Why::Unsafe)
        };
        prop_assert_eq!(decision, expected);
        if decision == Decision::Granted {
            prop_assert_eq!(banker.allocation(p), after.allocation[p].clone());
            prop_assert_eq!(banker.available(), after.available());
            prop_assert_eq!(banker.release(p, &req), Ok(()));
        }
        prop_assert_eq!(banker, before);
    }
}
