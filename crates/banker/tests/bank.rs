//! The bank with real threads.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use banker::{Bank, Banker};

const TOTAL: [u32; 2] = [4, 3];

#[test]
fn everybody_is_served_many_times() {
    let mut banker = Banker::new(&TOTAL);
    for _ in 0..4 {
        banker.admit(&[3, 2]).unwrap();
    }
    let bank = Bank::new(banker);
    let used = [AtomicU32::new(0), AtomicU32::new(0)];
    thread::scope(|scope| {
        for p in 0..4 {
            let (bank, used) = (&bank, &used);
            scope.spawn(move || {
                for _ in 0..500 {
                    for piece in [[1, 0], [0, 2], [2, 0]] {
                        bank.acquire(p, &piece).unwrap();
                        for r in 0..2 {
                            let before = used[r].fetch_add(piece[r], Ordering::Relaxed);
                            assert!(before + piece[r] <= TOTAL[r]);
                        }
                    }
                    used[0].fetch_sub(3, Ordering::Relaxed);
                    used[1].fetch_sub(2, Ordering::Relaxed);
                    bank.release(p, &[3, 2]).unwrap();
                }
            });
        }
    });
}
