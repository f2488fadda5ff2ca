//! Reader-writer locks: many may look at once, and one may change, alone.
//!
//! Two readers cannot disturb each other, so a lock that keeps them apart is stricter than it must be.
//! A reader-writer lock counts readers instead, and only keeps writers away from everybody. What is
//! hard about it is not exclusion but fairness: if readers may always join other readers, a writer may
//! wait for ever, and if writers always go first, a reader may. And it is not always faster than a
//! mutex: the count of readers is itself something that all of them write.
//!
//! ```
//! let table = rwlock::RwLock::new(vec![1]);
//! let (a, b) = (table.read(), table.read());
//! assert_eq!(a.len() + b.len(), 2);
//! assert!(table.try_write().is_none());
//! drop((a, b));
//! let mut change = table.write();
//! change.push(2);
//! assert_eq!(change.downgrade().len(), 2); // still inside, and no writer was in between
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p rwlock --example starvation
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex` with `FUTEX_WAIT` | who may not get in sleeps; `std`'s `Mutex` and `Condvar` call it | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `futex` with `FUTEX_WAKE` | who leaves wakes all readers, or one writer | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | a writer waits for ever, though nobody reads for long | readers relay each other: a new one always comes before the last one leaves | 16, `starvation` |
//! | readers wait for ever | writers always go first | 16 |
//! | two threads wait for each other, both read and both want to write | neither gives up reading: a read lock cannot be upgraded | 16, `upgrade` |
//! | a thread waits for itself | it reads, a writer waits, and it reads again | 16, `recursive_read` |
//! | all readers sleep when the writer has left | one was woken, and there are many | 16 |
//! | a writer sleeps, and nobody is inside | the last reader looked at the count before it was the last | 16 |
//! | old values, on some machines | a reader's unlock did not release: the writer after it may be too early | 16 |
//!
//! # C++ and Rust
//!
//! | C++ | `std` | here |
//! |---|---|---|
//! | `std::shared_mutex`, `std::shared_lock` | `RwLock`, `read()` | [`RwLock::read`] |
//! | `std::unique_lock<std::shared_mutex>` | `write()` | [`RwLock::write`] |
//! | `std::shared_timed_mutex`, `try_lock_shared_for` | – | [`RwLock::read_timeout`], [`RwLock::write_timeout`] |
//! | – | `RwLockWriteGuard::downgrade` | [`WriteGuard::downgrade`] |
//! | the payload stands beside the lock | the payload is inside of it | the same |
//!
//! # Read in this order
//!
//! 1. [`rwlock`]: [`RwLock`], a monitor in phases.
//! 2. [`stages`]: a lock that starves writers, one that starves readers, one for many readers.
//! 3. The examples. The notes': `shared_mutex`. With a limit: `shared_timed_mutex`. What goes wrong: `starvation`,
//!    `upgrade`, `recursive_read`.
//!
//! # What this does not do
//!
//! It cannot be upgraded, on purpose. It is not recursive. A panic poisons nothing. Readers and writers
//! do not starve each other, but among writers there is no order: one that waits may be overtaken by
//! others, again and again. It cannot be used between processes (`pthread_rwlock_t` with
//! `PTHREAD_PROCESS_SHARED` can).

use ::futex;

pub mod rwlock;

pub mod stages;

pub use rwlock::{ReadGuard, RwLock, WriteGuard};
