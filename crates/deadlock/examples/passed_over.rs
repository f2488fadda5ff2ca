//! Starvation is no deadlock: everything moves, only one process never gets its turn.
//!
//! ```text
//! cargo run -p deadlock --example passed_over
//! ```
//!
//! P0 wants both instances at once. P1 and P2 take one each, in turns, so that there is never more
//! than one free. P0 is passed over again and again, and yet nobody would find a deadlock: as soon
//! as the two pause, it is served.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use deadlock::{Rag, RagError};

fn main() -> Result<(), RagError> {
    let mut rag = Rag::new(3, &[2]);
    rag.request(1, 0, 1)?;
    println!("P0 asks for 2 of 2: {:?}", rag.request(0, 0, 2)?);
    for round in 1..=1_000 {
        let (next, last) = if round % 2 == 0 { (1, 2) } else { (2, 1) };
        rag.request(next, 0, 1)?;
        rag.release(last, 0, 1)?;
        if [1, 10, 100, 1_000].contains(&round) {
            let passed = rag.passed_over(0).unwrap_or(0);
            println!(
                "passed over {passed:>4} times, deadlocked {:?}",
                rag.deadlocked()
            );
        }
    }
    println!("the others pause: served {:?}", rag.release(1, 0, 1)?);
    Ok(())
}
