//! The rounds are kept apart by joining the threads: dear, and right.

use std::thread;

pub fn phases(n: usize, rounds: usize, work: impl Fn(usize, usize) + Sync) {
    for round in 0..rounds {
        thread::scope(|scope| {
            for who in 0..n {
                let work = &work;
                scope.spawn(move || work(who, round));
            }
        });
    }
}
