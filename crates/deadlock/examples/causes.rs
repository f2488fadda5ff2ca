//! Why a deadlock comes about: by timing (the order in which things happen to run) and by space
//! (what is handed out in parts and cannot be taken back).
//!
//! ```text
//! cargo run -p deadlock --example causes
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use deadlock::{Outcome, Rag, RagError};

fn main() -> Result<(), RagError> {
    println!("by timing: P0 takes R0 then R1, P1 takes R1 then R0");
    timing("one after the other", &[(0, 0), (0, 1), (1, 1), (1, 0)])?;
    timing("switched in between", &[(0, 0), (1, 1), (0, 1), (1, 0)])?;

    println!("by space: four pages of memory, each of two programs needs three");
    space("in parts, one by one ", &[1, 1, 1])?;
    space("all three at once    ", &[3])?;

    println!("a circle of one: P0 locks what it holds");
    let mut rag = Rag::new(1, &[1]);
    rag.request(0, 0, 1)?;
    println!(
        "  {:?}, deadlocked {:?}",
        rag.request(0, 0, 1)?,
        rag.deadlocked()
    );
    Ok(())
}

/// The same requests in two orders; who has both gives them back.
fn timing(what: &str, steps: &[(usize, usize)]) -> Result<(), RagError> {
    let mut rag = Rag::new(2, &[1, 1]);
    for &(p, r) in steps {
        rag.request(p, r, 1)?;
        if rag.held(p, 0) + rag.held(p, 1) == 2 {
            rag.release(p, 0, 1)?;
            rag.release(p, 1, 1)?;
        }
    }
    println!("  {what}: deadlocked {:?}", rag.deadlocked());
    Ok(())
}

/// Both ask in turns, in pieces of this size.
fn space(what: &str, pieces: &[u32]) -> Result<(), RagError> {
    let mut rag = Rag::new(2, &[4]);
    for piece in pieces {
        for p in 0..2 {
            let waits = rag.wanted(p, 0) > 0;
            if !waits && rag.request(p, 0, *piece)? == Outcome::Granted && rag.held(p, 0) == 3 {
                rag.release(p, 0, 3)?;
            }
        }
    }
    println!("  {what}: deadlocked {:?}", rag.deadlocked());
    Ok(())
}
