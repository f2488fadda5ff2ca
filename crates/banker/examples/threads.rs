//! Three threads that would deadlock without the banker: each takes the first resource and then the
//! second, in another order. With it, all finish, however they are scheduled.
//!
//! ```text
//! cargo run -p banker --example threads
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::thread;

use banker::{Bank, Banker};

const TIMES: u32 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut banker = Banker::new(&[1, 1, 1]);
    let forks = [[0, 1], [1, 2], [2, 0]];
    for [left, right] in forks {
        banker.admit(&both(left, right))?;
    }
    let bank = Bank::new(banker);
    thread::scope(|scope| {
        let dine = |p: usize, [left, right]: [usize; 2]| {
            let bank = &bank;
            scope.spawn(move || {
                for _ in 0..TIMES {
                    bank.acquire(p, &both(left, left))?;
                    bank.acquire(p, &both(right, right))?;
                    bank.release(p, &both(left, right))?;
                }
                Ok::<(), banker::BankError>(())
            })
        };
        let diners = [0, 1, 2].map(|p| dine(p, forks[p]));
        for (p, diner) in diners.into_iter().enumerate() {
            match diner.join() {
                Ok(served) => served?,
                Err(_) => return Err("a diner has panicked".into()),
            }
            println!("P{p} was served {TIMES} times");
        }
        Ok(())
    })
}

fn both(a: usize, b: usize) -> Vec<u32> {
    (0..3).map(|r| u32::from(r == a || r == b)).collect()
}
