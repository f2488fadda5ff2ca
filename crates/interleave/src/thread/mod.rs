//! Shadow of `std::thread`: threads are fibers, and time is virtual.

mod builder;
mod current;
mod handle;
mod local;
mod scope;

pub use builder::{Builder, spawn};
pub use current::{
    Thread, ThreadId, available_parallelism, current, panicking, park, park_timeout,
    park_timeout_ms, sleep, sleep_ms, yield_now,
};
pub use handle::JoinHandle;
pub use local::{AccessError, LocalKey};
pub use scope::{Scope, ScopedJoinHandle, scope};
pub use std::thread::Result;

pub(crate) use current::index;
pub(crate) use local::destroy_locals;
