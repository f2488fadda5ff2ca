//! `Counter` with a lock of its own making: Drepper's second futex mutex, for several processes.
//!
//! Zeros are a free lock and a counter at 0, so a new file needs no initialisation but its size.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::map::{Map, Mode};

/// The contents of the file.
#[repr(C)]
struct Shared {
    /// | value | meaning |
    /// |---|---|
    /// | 0 | free |
    /// | 1 | held, nobody sleeps |
    /// | 2 | held, somebody may sleep: the holder must wake one |
    lock: AtomicU32,
    /// Written under `lock`.
    value: AtomicU64,
}

/// A shared number.
#[derive(Debug)]
pub struct Counter {
    map: Map,
}

impl Counter {
    /// Opens the counter in the file `path`; an old value is kept.
    pub fn open(path: &Path) -> io::Result<Counter> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let size = size_of::<Shared>();
        if file.metadata()?.len() < size as u64 {
            file.set_len(size as u64)?;
        }
        Ok(Counter {
            map: Map::range(&file, 0, size, Mode::SharedWrite)?,
        })
    }

    /// Adds `n` and returns the value right after this addition.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        let shared = self.shared();
        lock(&shared.lock);
        let value = shared.value.load(Ordering::Relaxed).wrapping_add(n);
        shared.value.store(value, Ordering::Relaxed);
        unlock(&shared.lock);
        Ok(value)
    }

    /// The value at some moment during the call.
    pub fn get(&self) -> u64 {
        self.shared().value.load(Ordering::Relaxed)
    }

    fn shared(&self) -> &Shared {
        let shared = self.map.as_ptr().cast::<Shared>();
        // SAFETY: aligned as the start of a page, large enough, and made of atomics only.
        unsafe { &*shared }
    }
}

fn lock(word: &AtomicU32) {
    if word
        .compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed)
        .is_ok()
    {
        return;
    }
    // Whoever has slept takes the lock as 2: it cannot know whether others still sleep.
    while word.swap(2, Ordering::Acquire) != 0 {
        futex(word, libc::FUTEX_WAIT, 2);
    }
}

fn unlock(word: &AtomicU32) {
    if word.swap(0, Ordering::Release) == 2 {
        futex(word, libc::FUTEX_WAKE, 1);
    }
}

/// Not FUTEX_PRIVATE_FLAG: the sleeper is in another process. Its result does not matter, for the
/// caller looks at the word again.
fn futex(word: &AtomicU32, op: i32, value: u32) {
    let timeout = ptr::null::<libc::timespec>();
    // SAFETY: the word is alive, and futex does not change it.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), op, value, timeout) };
}
