//! A number for each thread. It is no system call: `gettid` costs a hundred times as much as the lock
//! that asks.

use std::cell::Cell;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static LAST: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// 0: it has not asked yet. Without a destructor, so that destructors may ask as well.
    static MINE: Cell<u64> = const { Cell::new(0) };
}

/// A number that no other thread of this process has or had.
///
/// It is not the kernel's number of the thread, and a child that is forked goes on with its
/// parent's: nothing to put into memory that processes share.
pub fn thread_id() -> NonZeroU64 {
    MINE.with(|mine| {
        if mine.get() == 0 {
            mine.set(LAST.fetch_add(1, Relaxed) + 1);
        }
        // 2^64 threads are more than there will be.
        NonZeroU64::new(mine.get()).unwrap_or(NonZeroU64::MAX)
    })
}
