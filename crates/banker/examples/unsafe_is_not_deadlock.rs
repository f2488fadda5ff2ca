//! An unsafe state in which everybody finishes nevertheless, and the same state in which they do
//! not.
//!
//! ```text
//! cargo run -p banker --example unsafe_is_not_deadlock
//! ```
//!
//! Two processes claim two of each of two resources. Granted without looking, both get one of each:
//! nothing is left, and the state is unsafe. If one of them gives something back before it asks for
//! more, all is well. If both ask, it is a deadlock. The banker cannot know which, so it refuses
//! the last step.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;

use banker::{Banker, State, rounds};

fn main() -> Result<(), Box<dyn Error>> {
    let claim = vec![vec![2, 2]; 2];
    let held = vec![vec![1, 1]; 2];
    let state = State::new(&[2, 2], &claim, &held)?;
    println!(
        "both hold one of each: safe sequence {:?}",
        rounds::safe_sequence(&state)
    );

    // As if nobody had looked, both go on.
    let mut banker = Banker::from_tables(&[2, 2], &claim, &held)?;
    banker.release(0, &[1, 1])?;
    println!(
        "P0 gives back instead of asking: safe sequence {:?}",
        banker.safe_sequence()
    );
    println!("P1 asks for the rest: {:?}", banker.request(1, &[1, 1])?);

    let mut banker = Banker::from_tables(&[2, 2], &claim, &held)?;
    println!("P0 asks for the rest: {:?}", banker.request(0, &[1, 1])?);
    println!("P1 asks for the rest: {:?}", banker.request(1, &[1, 1])?);
    println!("now each waits for the other: that is the deadlock");

    let mut banker = Banker::new(&[2, 2]);
    for claim in &claim {
        banker.admit(claim)?;
    }
    println!(
        "with the banker: P0 gets (1 1): {:?}",
        banker.request(0, &[1, 1])?
    );
    println!(
        "                 P1 asks for (1 1): {:?}",
        banker.request(1, &[1, 1])?
    );
    Ok(())
}
