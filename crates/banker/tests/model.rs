//! The bank in every interleaving: the same files, with a model in the place of `std`.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[expect(unreachable_pub, reason = "the library's file, in a program")]
#[path = "../src/bank.rs"]
mod bank;
#[expect(
    unreachable_pub,
    dead_code,
    reason = "the library's file, in a program"
)]
#[path = "../src/banker.rs"]
mod banker;

use std::model::Model;
use std::sync::atomic::{AtomicU32, Ordering};

use bank::Bank;
use banker::{BankError, Banker};

fn opened(total: &[u32], claims: &[&[u32]]) -> Bank {
    let mut banker = Banker::new(total);
    for claim in claims {
        banker.admit(claim).expect("a claim within the total");
    }
    Bank::new(banker)
}

/// Takes the pieces one after the other, then gives all back; never is more in use than there is.
fn customer(bank: &Bank, p: usize, pieces: &[&[u32]], used: &[AtomicU32], total: &[u32]) {
    let mut held = vec![0; total.len()];
    for piece in pieces {
        bank.acquire(p, piece).expect("within the claim");
        for r in 0..total.len() {
            let before = used[r].fetch_add(piece[r], Ordering::Relaxed);
            assert!(
                before + piece[r] <= total[r],
                "more is in use than there is"
            );
            held[r] += piece[r];
        }
    }
    for r in 0..total.len() {
        used[r].fetch_sub(held[r], Ordering::Relaxed);
    }
    bank.release(p, &held).expect("it is held");
}

/// Rows that live as long as the test.
type Rows = &'static [&'static [u32]];

fn all_finish(total: &'static [u32], claims: Rows, pieces: &'static [Rows]) {
    let report = Model::new().check(move || {
        let bank = opened(total, claims);
        let used: Vec<AtomicU32> = total.iter().map(|_| AtomicU32::new(0)).collect();
        std::thread::scope(|scope| {
            for (p, pieces) in pieces.iter().enumerate() {
                let (bank, used) = (&bank, &used);
                scope.spawn(move || customer(bank, p, pieces, used, total));
            }
        });
    });
    report.unwrap();
}

#[test]
fn crossing_claims_all_finish() {
    all_finish(
        &[1, 1],
        &[&[1, 1], &[1, 1]],
        &[&[&[1, 0], &[0, 1]], &[&[0, 1], &[1, 0]]],
    );
}

#[test]
fn three_threads_all_finish() {
    all_finish(
        &[3],
        &[&[2], &[3], &[2]],
        &[&[&[2]], &[&[3]], &[&[1], &[1]]],
    );
}

#[test]
fn an_error_does_not_wait() {
    Model::new()
        .check(|| {
            let bank = opened(&[2], &[&[1]]);
            let error = BankError::ExceedsClaim {
                r: 0,
                need: 1,
                asked: 2,
            };
            assert_eq!(bank.acquire(0, &[2]), Err(error));
            assert_eq!(bank.acquire(0, &[1]), Ok(()));
            assert_eq!(bank.release(0, &[1]), Ok(()));
        })
        .unwrap();
}
