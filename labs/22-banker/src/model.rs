//! Lab 22's programs for the model: threads at the bank. They know no right answer beyond their own
//! assertions.

#![allow(dead_code, reason = "the driver asks for the rest of the banker")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

mod bank;
mod banker;

use modelled::Programs;
use std::sync::atomic::{AtomicU32, Ordering};

use bank::Bank;
use banker::{BankError, Banker};

fn main() -> modelled::ExitCode {
    Programs::new()
        .program("one_piece", || {
            served(&[1], &[&[1], &[1]], &[&[&[1]], &[&[1]]]);
        })
        .program("crossing", || {
            let crossing: [Pieces<'_>; 2] = [&[&[1, 0], &[0, 1]], &[&[0, 1], &[1, 0]]];
            served(&[1, 1], &[&[1, 1], &[1, 1]], &crossing);
        })
        .program("in_pieces", || {
            let pieces: [Pieces<'_>; 3] = [&[&[2]], &[&[3]], &[&[1], &[1]]];
            served(&[3], &[&[2], &[3], &[2]], &pieces);
        })
        .program("two_resources", || {
            let pieces: [Pieces<'_>; 3] = [&[&[1, 0], &[0, 1]], &[&[0, 1], &[1, 0]], &[&[1, 1]]];
            served(&[1, 1], &[&[1, 1], &[1, 1], &[1, 1]], &pieces);
        })
        .program("error_at_once", || {
            let bank = opened(&[2], &[&[1]]);
            let error = BankError::ExceedsClaim {
                r: 0,
                need: 1,
                asked: 2,
            };
            assert!(bank.acquire(0, &[2]) == Err(error), "{TOO_MUCH}");
            assert!(bank.acquire(0, &[1]) == Ok(()), "{WITHIN}");
            let held = BankError::NotHeld { r: 0, held: 1 };
            assert!(bank.release(0, &[2]) == Err(held), "{NOT_HELD}");
            assert!(bank.release(0, &[1]) == Ok(()), "{GIVEN_BACK}");
        })
        .session()
}

const TOO_MUCH: &str = "acquire of more than the claim must be an error, at once / acquire 超出最大需求时必须立即返回错误";
const WITHIN: &str = "acquire within the claim has failed / 没有超出最大需求的 acquire 失败了";
const NOT_HELD: &str =
    "release of more than is held must be an error / release 多于持有量时必须返回错误";
const GIVEN_BACK: &str = "release of what is held has failed: acquire had not got it / release 持有的资源失败：acquire 没有真正得到它";
const IN_USE: &str = "more is in use than there is / 使用中的资源超过了总量";

/// What a thread asks for, one after the other.
type Pieces<'a> = &'a [&'a [u32]];

fn opened(total: &[u32], claims: &[&[u32]]) -> Bank {
    let mut banker = Banker::new(total);
    for claim in claims {
        assert!(banker.admit(claim).is_ok(), "{WITHIN}");
    }
    Bank::new(banker)
}

/// A thread for each process; all must be served, and never is more in use than there is.
fn served(total: &[u32], claims: &[&[u32]], pieces: &[Pieces<'_>]) {
    let bank = opened(total, claims);
    let used: Vec<AtomicU32> = total.iter().map(|_| AtomicU32::new(0)).collect();
    std::thread::scope(|scope| {
        for (p, pieces) in pieces.iter().enumerate() {
            let (bank, used) = (&bank, &used);
            scope.spawn(move || customer(bank, p, pieces, used, total));
        }
    });
}

/// Takes the pieces one after the other, then gives all back.
fn customer(bank: &Bank, p: usize, pieces: Pieces<'_>, used: &[AtomicU32], total: &[u32]) {
    let mut held = vec![0; total.len()];
    for piece in pieces {
        assert!(bank.acquire(p, piece) == Ok(()), "{WITHIN}");
        for (r, &n) in piece.iter().enumerate() {
            let before = used[r].fetch_add(n, Ordering::Relaxed);
            assert!(before + n <= total[r], "{IN_USE}");
            held[r] += n;
        }
    }
    for (r, &n) in held.iter().enumerate() {
        used[r].fetch_sub(n, Ordering::Relaxed);
    }
    assert!(bank.release(p, &held) == Ok(()), "{GIVEN_BACK}");
}
