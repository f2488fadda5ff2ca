//! The textbook's first reader-writer lock: readers get in whenever others read.
//!
//! The first reader takes the room for all of them, and the last one gives it back. It is right, and
//! it starves writers: as long as one reader comes before the other leaves, no writer gets in. See the
//! example `starvation`.

use std::sync::{Condvar, Mutex, PoisonError};

/// A lock without payload.
#[derive(Debug, Default)]
pub struct RwLock {
    readers: Mutex<usize>,
    room: Room,
}

/// A lock that another thread may give back than the one that took it; a mutex may not.
#[derive(Debug, Default)]
struct Room {
    taken: Mutex<bool>,
    left: Condvar,
}

impl Room {
    fn enter(&self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken {
            let slept = self.left.wait(taken);
            taken = slept.unwrap_or_else(PoisonError::into_inner);
        }
        *taken = true;
    }

    fn leave(&self) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.left.notify_one();
    }
}

impl RwLock {
    /// Calls `look` among readers.
    pub fn read<R>(&self, look: impl FnOnce() -> R) -> R {
        // The second reader waits for this mutex while the first one waits for the room.
        self.count(|readers| {
            *readers += 1;
            if *readers == 1 {
                self.room.enter();
            }
        });
        let leaves = Leaves(|| {
            self.count(|readers| {
                *readers -= 1;
                if *readers == 0 {
                    self.room.leave();
                }
            });
        });
        let seen = look();
        drop(leaves);
        seen
    }

    /// Calls `change` alone.
    pub fn write<R>(&self, change: impl FnOnce() -> R) -> R {
        self.room.enter();
        let leaves = Leaves(|| self.room.leave());
        let done = change();
        drop(leaves);
        done
    }

    fn count(&self, change: impl FnOnce(&mut usize)) {
        change(&mut self.readers.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Also if what is called panics.
struct Leaves<F: FnMut()>(F);

impl<F: FnMut()> Drop for Leaves<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
