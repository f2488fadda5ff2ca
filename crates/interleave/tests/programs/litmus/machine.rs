//! Executes a litmus test with ordinary threads and atomics, under the checker or on the real machine.

use std::sync::atomic::{AtomicU8, Ordering, fence};
use std::thread;

use super::notation::{Act, NONE, Op, Outcome, PLACES, Test, VALUES};

/// Executes every thread of the test once, and says what was read.
///
/// # Panics
///
/// If a thread of the test panicked, which none does.
pub(crate) fn execute(test: &Test) -> Outcome {
    let memory = [const { AtomicU8::new(0) }; PLACES];
    let mut outcome = [NONE; VALUES];
    let mut filled = 0;
    thread::scope(|scope| {
        let threads: [_; 4] = std::array::from_fn(|i| {
            let operations = test.threads.get(i)?;
            Some(scope.spawn(|| play(operations, &memory)))
        });
        for (thread, operations) in threads.into_iter().flatten().zip(&test.threads) {
            let seen = thread.join().expect("a litmus thread does not panic");
            for value in &seen[..operations.iter().filter(|op| op.reads()).count()] {
                outcome[filled] = *value;
                filled += 1;
            }
        }
    });
    for &place in &test.finals {
        outcome[filled] = memory[place].load(Ordering::Relaxed);
        filled += 1;
    }
    outcome
}

fn play(operations: &[Op], memory: &[AtomicU8; PLACES]) -> Outcome {
    let mut seen = [NONE; VALUES];
    let mut filled = 0;
    for op in operations {
        let cell = &memory[op.place];
        let value = match op.act {
            Act::Load => cell.load(op.order),
            Act::Swap(value) => cell.swap(value, op.order),
            Act::Add(value) => cell.fetch_add(value, op.order),
            Act::Exchange(from, to) => {
                match cell.compare_exchange(from, to, op.order, Ordering::Relaxed) {
                    Ok(value) | Err(value) => value,
                }
            }
            Act::Store(value) => {
                cell.store(value, op.order);
                continue;
            }
            Act::Fence => {
                fence(op.order);
                continue;
            }
        };
        seen[filled] = value;
        filled += 1;
    }
    seen
}
