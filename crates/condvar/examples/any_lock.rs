//! `std::condition_variable_any`: readers of a reader-writer lock wait for a new version.
//!
//! ```text
//! cargo run -p condvar --example any_lock
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::thread;

use condvar::stages::any::CondvarAny;

static VERSION: RwLock<u32> = RwLock::new(0);
static CHANGED: CondvarAny = CondvarAny::new();

fn main() {
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut version = read();
                while *version == 0 {
                    // The read guard is given away, and got again.
                    version = CHANGED.wait(version, read);
                }
                println!("a reader sees version {}", *version);
            });
        }
        *VERSION.write().unwrap_or_else(PoisonError::into_inner) = 1;
        CHANGED.notify_all();
    });
}

fn read() -> RwLockReadGuard<'static, u32> {
    VERSION.read().unwrap_or_else(PoisonError::into_inner)
}
