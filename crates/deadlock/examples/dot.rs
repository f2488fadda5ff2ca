//! The graph as a picture: a cycle that is no deadlock, one that is, and the same after somebody
//! was killed.
//!
//! ```text
//! cargo run -p deadlock --example dot | dot -Tsvg > rag.svg
//! cargo run -p deadlock --example dot -- FOLDER      before.svg, after.svg, without Graphviz
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use deadlock::{Rag, Strategy, picture};

fn main() -> Result<(), Box<dyn Error>> {
    // R1 has two instances. P2 holds one of them and waits for nothing: it will give it back.
    let mut rag = Rag::new(3, &[1, 2]);
    for (p, r) in [(0, 0), (1, 1), (2, 1), (0, 1), (1, 0)] {
        rag.request(p, r, 1)?;
    }
    let harmless = rag.clone();
    // Now P2 waits, too.
    rag.request(2, 0, 1)?;
    let mut recovered = rag.clone();
    recovered.recover(Strategy::KillOneByOne {
        cost: vec![3, 2, 1],
    });

    match env::args_os().nth(1).map(PathBuf::from) {
        None => {
            println!("// a cycle, and nobody is deadlocked");
            print!("{}", picture::dot(&harmless));
            println!("// the same, and P2 waits: all are deadlocked");
            print!("{}", picture::dot(&rag));
            println!("// after P2, the cheapest, was killed");
            print!("{}", picture::dot(&recovered));
        }
        Some(folder) => {
            fs::write(
                folder.join("before.svg"),
                picture::svg(&rag, "Before: all are deadlocked"),
            )?;
            fs::write(
                folder.join("after.svg"),
                picture::svg(&recovered, "After: P2 was killed"),
            )?;
        }
    }
    Ok(())
}
