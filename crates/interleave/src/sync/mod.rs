//! Shadow of `std::sync`.
//!
//! `Arc` is `std`'s own, because a type of ours could not become an `Arc<dyn Trait>`. What a last
//! `Arc` knows of the others is guessed: see [`crate`].

pub mod atomic;
mod barrier;
mod condvar;
pub mod mpsc;
mod mutex;
mod once;
mod rwlock;
mod shared;

pub use barrier::{Barrier, BarrierWaitResult};
pub use condvar::{Condvar, WaitTimeoutResult};
pub use mutex::{Mutex, MutexGuard};
pub use once::{LazyLock, Once, OnceLock, OnceState};
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, Weak};

/// The deprecated initial value of a `Once`.
#[expect(
    clippy::declare_interior_mutable_const,
    reason = "it is std's, which means a new one at each use"
)]
pub const ONCE_INIT: Once = Once::new();
