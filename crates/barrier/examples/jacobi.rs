//! Heat in a rod, by four threads: the result is the serial one, to the last bit.
//!
//! ```text
//! cargo run -p barrier --example jacobi
//! ```
//!
//! In each round every cell becomes the mean of its neighbours' values *of the round before*. So there
//! are two rows, one read and one written, which change places; a thread that was a round ahead would
//! read numbers of two rounds at once. Each cell is an atomic only because threads share the rows: what
//! orders the accesses is the barrier, and `Relaxed` is enough.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

const CELLS: usize = 402;
const ROUNDS: usize = 500;
const THREADS: usize = 4;

type Row = Vec<AtomicU64>;

fn main() {
    let (serial, parallel) = (rod(), rod());
    for round in 0..ROUNDS {
        step(&serial, round, 1..CELLS - 1);
    }
    let share = (CELLS - 2).div_ceil(THREADS);
    barrier::phases(THREADS, ROUNDS, |who, round| {
        let first = 1 + who * share;
        step(&parallel, round, first..(first + share).min(CELLS - 1));
    });
    let (a, b) = (&serial[ROUNDS % 2], &parallel[ROUNDS % 2]);
    let different = a.iter().zip(b).filter(|(a, b)| get(a) != get(b)).count();
    println!("after {ROUNDS} rounds, cell 10: serial {:.12}", get(&a[10]));
    println!("                        four threads {:.12}", get(&b[10]));
    println!("cells that differ: {different} of {CELLS}");
}

/// Cold, with one hot end; and a row for the next round.
fn rod() -> [Row; 2] {
    let row = || -> Row {
        let heat = |cell| if cell == 0 { 100.0f64 } else { 0.0 };
        (0..CELLS)
            .map(|cell| AtomicU64::new(heat(cell).to_bits()))
            .collect()
    };
    [row(), row()]
}

fn step(rows: &[Row; 2], round: usize, cells: std::ops::Range<usize>) {
    let (from, to) = (&rows[round % 2], &rows[(round + 1) % 2]);
    for cell in cells {
        let mean = (get(&from[cell - 1]) + get(&from[cell + 1])) / 2.0;
        to[cell].store(mean.to_bits(), Relaxed);
    }
}

fn get(cell: &AtomicU64) -> f64 {
    f64::from_bits(cell.load(Relaxed))
}
