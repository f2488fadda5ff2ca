//! The same deadlock, and the ways out of it: kill all, kill one by one, preempt, roll back.
//!
//! ```text
//! cargo run -p deadlock --example recovery
//! ```
//!
//! P0 and P1 cross, P2 waits behind them. P1 has two checkpoints; at the later one it held already
//! what P0 wants, so it is not far enough back.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use deadlock::{Rag, RagError, Strategy};

fn main() -> Result<(), RagError> {
    let mut rag = Rag::new(3, &[1, 1, 1]);
    rag.request(1, 2, 1)?;
    rag.checkpoint(1)?;
    rag.request(1, 1, 1)?;
    rag.checkpoint(1)?;
    for (p, r) in [(0, 0), (0, 1), (1, 0), (2, 0)] {
        rag.request(p, r, 1)?;
    }
    println!("deadlocked: {:?}", rag.deadlocked());
    show(&rag);
    let cost = vec![9, 4, 7];
    for strategy in [
        Strategy::KillAll,
        Strategy::KillOneByOne { cost: cost.clone() },
        Strategy::Preempt { cost: cost.clone() },
        Strategy::Rollback { cost },
    ] {
        let mut rag = rag.clone();
        println!("\n{strategy:?}");
        for action in rag.recover(strategy) {
            println!("  {action:?}");
        }
        show(&rag);
    }
    Ok(())
}

fn show(rag: &Rag) {
    for p in 0..3 {
        let row = |of: fn(&Rag, usize, usize) -> u32| [0, 1, 2].map(|r| of(rag, p, r));
        println!(
            "  P{p} holds {:?}, waits for {:?}",
            row(Rag::held),
            row(Rag::wanted)
        );
    }
}
